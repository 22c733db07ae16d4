import { join } from 'node:path'
import { writeWhole } from '../disk/files.ts'
import { OutsideError } from '../errors.ts'
import { type Ended, failureOf, type Program, runProgram, SilentError } from '../program/run.ts'
import type { Scope } from '../task/scope.ts'
import { findTool } from '../tools/find.ts'
import { adviceFor, causeOf } from './refusal.ts'
import { withRetry } from './retry.ts'

/** regctl with a configuration of its own: which hosts speak plain HTTP, and where logins are. */
export interface Regctl {
  readonly path: string
  readonly version: string
  /** Any exit code is a value. What fails for a moment only is tried again: whatever regctl does may be done twice. */
  run(title: string, argv: readonly string[]): Promise<Ended>
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
  /** ms in which a registry that is at work moves a byte; given by tests */
  readonly silence?: number
}

/** Loopback hosts speak plain HTTP, as they do for docker (docs.docker.com, "dockerd, insecure registries"). */
const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(host)

/** Pure: regctl's own configuration file (regclient/regclient, docs/regctl.md). */
export const renderRegctlConfig = (hosts: readonly string[]): string =>
  JSON.stringify({
    hosts: Object.fromEntries(hosts.filter(isLoopback).map(host => [host, { tls: 'disabled', hostname: host }])),
  })

export async function openRegctl({ staging, login, silence = 120_000 }: Options, scope: Scope): Promise<Regctl> {
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
    silence,
  })
  const run = (title: string, argv: readonly string[]) =>
    withRetry(title, { attempt: () => attempt(programOf(title, argv)), causeOf: causeOfEnd }, scope)
  return { path, version, run }
}

/** A registry that went silent ended it: that is an end like any other, which may be tried again. */
async function attempt(program: Program): Promise<Ended> {
  const began = Date.now()
  try {
    return await runProgram(program)
  } catch (error) {
    if (!(error instanceof SilentError)) throw error
    return { exitCode: undefined, signal: 'SIGTERM', stdout: '', stderr: error.message, duration: Date.now() - began }
  }
}

const causeOfEnd = ({ exitCode, stderr }: Ended) => (exitCode === 0 ? undefined : causeOf(stderr))

/** Copies an image with what refers to it; layers that the target has are not sent. @throws OutsideError */
export async function copyImage(from: string, to: string, regctl: Regctl): Promise<void> {
  const argv = ['image', 'copy', '--verbosity', 'error', from, to]
  const end = await regctl.run(`Push ${to}`, argv)
  if (end.exitCode === 0) return
  throw new OutsideError(
    `${failureOf({ title: `Push ${to}`, argv: ['regctl'] }, end)}\n${adviceFor(end.stderr, 'push')}`,
  )
}

/** The digest that a tag points at; undefined when there is no such tag, or it can't be read. */
export async function tagDigest(reference: string, regctl: Regctl): Promise<string | undefined> {
  const end = await regctl.run(`Look at ${reference}`, ['image', 'digest', '--verbosity', 'error', reference])
  return end.exitCode === 0 ? end.stdout.trim() : undefined
}
