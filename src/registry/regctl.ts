import { join } from 'node:path'
import { writeWhole } from '../disk/files.ts'
import { OutsideError } from '../errors.ts'
import { failureOf, type Program, runProgram } from '../program/run.ts'
import type { Scope } from '../task/scope.ts'
import { findTool } from '../tools/find.ts'

/** regctl with a configuration of its own: which hosts speak plain HTTP, and where logins are. */
export interface Regctl {
  readonly path: string
  readonly version: string
  run(title: string, argv: readonly string[]): ReturnType<typeof runProgram>
}

/** A login for registries: the folder of a private Docker configuration; undefined for the user's own. */
export interface Login {
  readonly folder: string | undefined
  readonly registries: readonly string[]
}

interface Options {
  /** repository of the image in staging: `127.0.0.1:32768/acme/web` */
  readonly staging: string
  readonly login: Login
}

/** Loopback hosts speak plain HTTP, as they do for docker (docs.docker.com, "dockerd, insecure registries"). */
const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(host)

/** Pure: regctl's own configuration file (regclient/regclient, docs/regctl.md). */
export const renderRegctlConfig = (hosts: readonly string[]): string =>
  JSON.stringify({
    hosts: Object.fromEntries(hosts.filter(isLoopback).map(host => [host, { tls: 'disabled', hostname: host }])),
  })

export async function openRegctl({ staging, login }: Options, scope: Scope): Promise<Regctl> {
  const { path, version } = await findTool('regctl', scope)
  const config = join(scope.run.directory, 'private', 'regctl.json')
  const [host = ''] = staging.split('/', 1)
  await writeWhole(config, renderRegctlConfig([host, ...login.registries]), 0o600)
  const env = {
    ...scope.env,
    REGCTL_CONFIG: config,
    ...(login.folder === undefined ? {} : { DOCKER_CONFIG: login.folder }),
  }
  const programOf = (title: string, argv: readonly string[]): Program => ({
    title,
    argv: [path, ...argv],
    env,
    signal: scope.signal,
  })
  return { path, version, run: (title, argv) => runProgram(programOf(title, argv)) }
}

/** Copies an image with what refers to it; layers that the target has are not sent. @throws OutsideError */
export async function copyImage(from: string, to: string, regctl: Regctl): Promise<void> {
  const argv = ['image', 'copy', '--verbosity', 'error', from, to]
  const end = await regctl.run(`Push ${to}`, argv)
  if (end.exitCode === 0) return
  throw new OutsideError(`${failureOf({ title: `Push ${to}`, argv: ['regctl'] }, end)}\n${adviceFor(end.stderr)}`)
}

/** The digest that a tag points at; undefined when there is no such tag, or it can't be read. */
export async function tagDigest(reference: string, regctl: Regctl): Promise<string | undefined> {
  const end = await regctl.run(`Look at ${reference}`, ['image', 'digest', '--verbosity', 'error', reference])
  return end.exitCode === 0 ? end.stdout.trim() : undefined
}

/** Which words of a registry lead to which advice; the first that matches. A bare number may be part of a digest. */
const advice: readonly (readonly [RegExp, string])[] = [
  [
    /NAME_UNKNOWN|name unknown|does not exist in the registry|repository.*not found/i,
    'Create the repository in the registry first.',
  ],
  [/TAG_INVALID|immutable/i, 'The tag is there and may not move: use a tag that names this commit, such as type=sha.'],
  [
    /authorization token (is invalid|has expired)/i,
    'The registry does not take this login (any more): get a new password or token.',
  ],
  // regctl says "unauthorized [http 403]" for a right that is missing.
  [/\[http 403\]|denied|forbidden/i, 'The login is known but may not push there: look at its rights.'],
  [/\[http 401\]|unauthorized|no basic auth/i, 'Log in to the registry: username and password, or docker login.'],
  [/\[http 429\]|too many requests|TOOMANYREQUESTS/i, 'The registry limits requests: run again later.'],
]

const adviceFor = (said: string): string =>
  advice.find(([pattern]) => pattern.test(said))?.[1] ??
  'See that the registry is reachable, then run again: what is there already is not sent twice.'
