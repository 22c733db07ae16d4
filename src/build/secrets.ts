import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { codeOf } from '../disk/files.ts'
import { UserError } from '../errors.ts'
import { fieldOf } from '../schema/csv.ts'
import { nameOf } from '../schema/fields.ts'
import type { Scope } from '../task/scope.ts'
import type { BuildConfig } from './config.ts'
import { gitHostsOf } from './context.ts'
import { pathsIn, refuseProcesses } from './processes.ts'

type Secrets = Pick<BuildConfig, 'secrets' | 'secret-envs' | 'secret-files'>
type Config = Secrets & Pick<BuildConfig, 'context' | 'file' | 'build-contexts' | 'ssh'>

/** A secret of a build: what the Dockerfile calls it, and where its value is. */
interface Secret {
  readonly id: string
  /** with `?` behind the name it may be empty, and the build then does without it */
  readonly optional: boolean
  /** the environment variable that holds it, or the path of its file */
  readonly variable?: string
  readonly path?: string
  /** as it is written in the configuration: `build.secrets` */
  readonly key: string
}

function secretsIn(config: Secrets): readonly Secret[] {
  const { secrets, 'secret-envs': variables = {}, 'secret-files': paths = {} } = config
  const named = (name: string) => ({ id: nameOf(name), optional: name.endsWith('?') })
  return [
    ...secrets.map(name => ({ ...named(name), variable: nameOf(name), key: 'build.secrets' })),
    ...Object.entries(variables).map(([name, variable]) => ({ ...named(name), variable, key: 'build.secret-envs' })),
    ...Object.entries(paths).map(([name, path]) => ({ ...named(name), path, key: 'build.secret-files' })),
  ]
}

/** The variable for a secret whose value is given by an input: in memory alone, no file of the run has it. */
export const variableFor = (id: string): string => `BUILD_SECRET_${nameOf(id).replaceAll(/\W/g, '_')}`

/** The variable for the token that fetches Git contexts from GitHub. A right: no configuration can name it. */
export const gitHubToken = 'PCE_GITHUB_TOKEN'

/** The environment variables that hold secrets of a build: no other program gets them. */
export const secretVariables = (config: Secrets): readonly string[] =>
  secretsIn(config).flatMap(({ variable }) => variable ?? [])

/** What a build is asked with: its secrets by id. Where a value is from is no part of the question. */
export const secretIds = (config: Secrets): readonly string[] =>
  secretsIn(config)
    .map(({ id, optional }) => (optional ? `${id}?` : id))
    .sort()

/**
 * Pure: `--secret` for each (docker/buildx, docs/reference/buildx_build.md). Values go by environment, under a name that
 * nothing else has: a secret called PATH must not become buildx's own.
 */
export const secretFlags = (config: Secrets): readonly string[] =>
  secretsIn(config).flatMap(({ id, path }) => [
    '--secret',
    [`id=${id}`, path === undefined ? `env=${handle(id)}` : fieldOf(`src=${path}`)].join(','),
  ])

/** Pure: the same as `secret` of a target in a bake file. */
export const secretEntries = (config: Secrets, target: string): readonly Readonly<Record<string, string>>[] =>
  secretsIn(config).map(({ id, path }) => (path === undefined ? { id, env: handle(id, target) } : { id, src: path }))

/** Of several targets each has its own: one id may be another secret in another target. */
const handle = (id: string, target = ''): string => `PCE_SECRET_${target === '' ? '' : `${target}:`}${id}`

/** Secrets that are ready for a build. */
export interface OpenSecrets<C> {
  /** the configuration without the optional secrets that are empty */
  readonly config: C
  /** the environment that hands them to buildx */
  readonly env: Readonly<Record<string, string>>
  /** by id, as they are */
  readonly values: ReadonlyMap<string, Buffer>
}

/** moby/buildkit, session/secrets/secretsprovider: MaxSecretSize */
const limit = 500 * 1024
/** What Linux takes for one string of an environment (execve(2), MAX_ARG_STRLEN), less the name. */
const variableLimit = 128 * 1024 - 200

/**
 * Looks up the secrets of a build, and masks them. Its contexts are resolved already. @throws UserError for one that is
 * empty or too large, by its name, and for whatever would show a build what processes hold
 */
export async function openSecrets<C extends Config>(given: C, scope: Scope, target = ''): Promise<OpenSecrets<C>> {
  await refuseProcesses(pathsIn(given), scope.context)
  const config = withToken(given, scope)
  const values = new Map<string, Buffer>()
  const env: Record<string, string> = {}
  const absent = new Set<string>()
  for (const secret of secretsIn(config)) {
    const value = await readValue(secret, scope)
    if (value.length === 0 && !secret.optional) throw new UserError(emptySecret(secret))
    if (value.length > limit)
      throw new UserError(
        `${secret.key}: the secret ${secret.id} has ${value.length} bytes; BuildKit takes at most ${limit}`,
      )
    if (value.length === 0) {
      scope.say(`Left out the secret ${secret.id}: it is empty, and optional`)
      absent.add(secret.id)
      continue
    }
    values.set(secret.id, value)
    if (secret.variable !== undefined) env[handle(secret.id, target)] = textFor(secret, value)
  }
  checkSsh(config, scope)
  return { config: absent.size === 0 ? config : without(config, absent), env, values }
}

/** The token of the job for Git contexts on GitHub: under the name that BuildKit gives to that host alone. */
function withToken<C extends Config>(config: C, scope: Scope): C {
  const { host } = new URL(scope.env.GITHUB_SERVER_URL || 'https://github.com')
  const id = `GIT_AUTH_TOKEN.${host}`
  const isWanted = gitHostsOf(config).includes(host) && !secretsIn(config).some(secret => secret.id === id)
  if (!isWanted || !scope.rights[gitHubToken]) return config
  return { ...config, 'secret-envs': { ...config['secret-envs'], [id]: gitHubToken } }
}

async function readValue(secret: Secret, scope: Scope): Promise<Buffer> {
  const { variable } = secret
  if (variable !== undefined && variable !== gitHubToken) return Buffer.from(scope.secret(variable) ?? '')
  const value = variable === undefined ? await readSecretFile(secret, scope) : Buffer.from(scope.rights[variable] ?? '')
  // What is no text can't be in a log as it is.
  if (value.length > 0 && isText(value)) scope.mask(value.toString('utf8'))
  return value
}

async function readSecretFile({ id, key, path = '', optional }: Secret, { context }: Scope): Promise<Buffer> {
  const file = resolve(context, path)
  try {
    return await readFile(file)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' && optional) return Buffer.alloc(0)
    const why = codeOf(cause) === 'ENOENT' ? 'is not there' : `can't be read (${codeOf(cause) ?? 'unknown reason'})`
    throw new UserError(
      `${key}: the file of the secret ${id} ${why}: ${file}\nWrite it in an earlier step, or make the secret optional: ${id}?=${path}`,
      { cause },
    )
  }
}

const isText = (value: Buffer): boolean => Buffer.from(value.toString('utf8')).equals(value)

function textFor({ id, key }: Secret, value: Buffer): string {
  if (value.length <= variableLimit) return value.toString('utf8')
  throw new UserError(
    `${key}: the secret ${id} has ${value.length} bytes, more than an environment holds\nWrite it to a file, and name that: secret-files: ${id}=path`,
  )
}

function emptySecret({ id, key, variable = '', path }: Secret): string {
  if (path !== undefined)
    return `${key}: the file of the secret ${id} is empty: ${path}\nOne that may be empty is written ${id}?=${path}`
  if (variable === variableFor(id))
    return `build.secrets: the secret ${id} is empty\nGive this step a value for it (secrets: ${id}=…); forks' pull requests get no secrets. One that may be empty is written ${id}?=…`
  return `${key}: the secret ${id} is empty\nSet the environment variable ${variable} (on GitHub: env: { ${variable}: a secret }); forks' pull requests get no secrets. One that may be empty is written ${id}?.`
}

function without<C extends Config>(config: C, absent: ReadonlySet<string>): C {
  const kept = <T>(map: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(Object.entries(map).filter(([name]) => !absent.has(nameOf(name))))
  return {
    ...config,
    secrets: config.secrets.filter(name => !absent.has(nameOf(name))),
    'secret-envs': kept(config['secret-envs']),
    'secret-files': kept(config['secret-files']),
  }
}

/** @throws UserError where an agent or a key that the build is to have is not there */
function checkSsh({ ssh = [] }: Config, { env, context }: Scope): void {
  for (const item of ssh) {
    const [id = '', path] = item.split(/=(.*)/s, 2)
    if (path === undefined && id === 'default' && !env.SSH_AUTH_SOCK)
      throw new UserError(
        'build.ssh: default is the SSH agent, and SSH_AUTH_SOCK is not set\nStart one first (eval "$(ssh-agent)"; ssh-add), or name a key: ssh: default=path',
      )
    if (path === undefined && id !== 'default')
      throw new UserError(`build.ssh: ${id} has no key\nName it: ssh: ${id}=path`)
    const missing = path?.split(',').find(file => !existsSync(resolve(context, file)))
    if (missing !== undefined)
      throw new UserError(`build.ssh: there is no key or socket ${resolve(context, missing)} for ${id}`)
  }
}
