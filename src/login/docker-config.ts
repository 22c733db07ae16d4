import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Authorization } from '../aws/ecr.ts'
import { parseRegistryHost } from '../aws/registry-host.ts'
import { codeOf, readIfThere } from '../disk/files.ts'
import { UserError } from '../errors.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

/** A Docker configuration as far as logins are concerned (docker/cli, cli/config/configfile); the rest is kept. */
const configSchema = z.looseObject({
  auths: z.record(z.string(), z.json()).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
})
export type DockerConfig = z.infer<typeof configSchema>

/** The folder of the user's own configuration: an absolute path, for steps that work elsewhere. */
export const ownFolder = (env: Environment): string => resolve(env.DOCKER_CONFIG || join(homedir(), '.docker'))

/** The user's own configuration, which is only ever read. @throws UserError when it is not one. */
export async function readOwn(env: Environment): Promise<DockerConfig> {
  const file = join(ownFolder(env), 'config.json')
  try {
    return parseConfig((await readIfThere(file)) ?? '')
  } catch (cause) {
    throw new UserError(
      `${file} ${faults[codeOf(cause) ?? ''] ?? 'is not a Docker configuration: mend or remove it'}`,
      {
        cause,
      },
    )
  }
}

/** What a failed read of the file means. */
const faults: Readonly<Record<string, string>> = {
  EACCES: "can't be read by this user, as after sudo docker login: change its owner, or set DOCKER_CONFIG",
  EPERM: "can't be read by this user, as after sudo docker login: change its owner, or set DOCKER_CONFIG",
  EISDIR: 'is a folder, where Docker has its configuration in a file: remove it, or set DOCKER_CONFIG',
  ENOTDIR: "can't be there: DOCKER_CONFIG names the folder of config.json, not the file",
}

/** What Docker takes, an empty file and `null` for what is not set among it (docker/cli, LoadFromReader). */
function parseConfig(text: string): DockerConfig {
  if (text.trim() === '') return {}
  const json: unknown = JSON.parse(text, (_, value) => (value === null ? undefined : value))
  return configSchema.parse(json)
}

/**
 * Pure: whether the user has a login for a host: in the file, by a helper, or in a store that is said to know it. The
 * store `ecr-login` makes one for any host of ECR (awslabs/amazon-ecr-credential-helper).
 */
export const knowsHost = ({ auths = {}, credHelpers = {}, credsStore }: DockerConfig, host: string): boolean =>
  (credsStore === 'ecr-login' && parseRegistryHost(host).kind !== 'other') ||
  [...Object.keys(auths), ...Object.keys(credHelpers)].some(key => hostOf(key) === hostOf(host))

/** Pure: what is left of a configuration for hosts without a login of ours, once there is one for others. */
export const besideLogins = ({ credsStore: _, ...rest }: DockerConfig): DockerConfig => rest

/**
 * Pure: the user's configuration with logins added. A helper of one of these hosts goes, since the CLI would ask it
 * instead of the file. So does `credsStore`, which is asked for every host; what it keeps is listed in `auths` and is
 * asked of it by host.
 */
export function withLogins(
  { credsStore, credHelpers = {}, auths = {}, ...rest }: DockerConfig,
  authorizations: readonly Pick<Authorization, 'hosts' | 'username' | 'password'>[],
): DockerConfig {
  const hosts = new Set(authorizations.flatMap(one => one.hosts).map(hostOf))
  const others = <T>(all: Readonly<Record<string, T>>) => Object.entries(all).filter(([key]) => !hosts.has(hostOf(key)))
  const kept = others(auths)
  const stored = credsStore === undefined ? [] : kept.map(([key]) => [key, credsStore] as const)
  const helpers = [...stored, ...others(credHelpers)]
  return {
    ...rest,
    ...(helpers.length === 0 ? {} : { credHelpers: Object.fromEntries(helpers) }),
    auths: { ...Object.fromEntries(kept), ...renderAuths(authorizations) },
  }
}

/** Pure: the `auths` of logins: base64 of `user:password` for each host. */
export const renderAuths = (authorizations: readonly Pick<Authorization, 'hosts' | 'username' | 'password'>[]) =>
  Object.fromEntries(
    authorizations.flatMap(({ hosts, username, password }) => {
      const auth = Buffer.from(`${username}:${password}`).toString('base64')
      return hosts.map(host => [authKey(host), { auth }] as const)
    }),
  )

// The CLI keeps Docker Hub under its old name (docker/cli, cli/registry: IndexServer).
const authKey = (host: string): string => (host === 'docker.io' ? 'https://index.docker.io/v1/' : host)

/** The host of a key, which may have a scheme and a path (docker/cli, cli/config/credentials: ConvertToHostname). */
function hostOf(key: string): string {
  const [host = ''] = key.replace(/^https?:\/\//, '').split('/', 1)
  return host === 'index.docker.io' ? 'docker.io' : host
}
