import { join } from 'node:path'
import { writeWhole } from '../disk/files.ts'
import type { Login } from '../registry/regctl.ts'
import { writeDown } from '../run/journal.ts'
import type { Credentials, Scope } from '../task/scope.ts'

/** Pure: the `auths` of a Docker configuration (docker/cli, cli/config/configfile). */
export function renderAuths(registries: readonly string[], { username, password }: Credentials) {
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  return Object.fromEntries(registries.map(host => [authKey(host), { auth }]))
}

// No credsStore and no credHelpers: with them a client would look elsewhere than here.
export const renderDockerConfig = (registries: readonly string[], credentials: Credentials): string =>
  JSON.stringify({ auths: renderAuths(registries, credentials) })

// The CLI keeps Docker Hub under its old name (docker/cli, cli/registry: IndexServer).
const authKey = (host: string): string => (host === 'docker.io' ? 'https://index.docker.io/v1/' : host)

/**
 * Logs in by writing a private configuration in the run's folder, which only this user can read; the user's own is
 * never written. Without credentials the user's own configuration serves, as it is.
 */
export async function writeLogin(
  registries: readonly string[],
  credentials: Credentials | undefined,
  scope: Scope,
): Promise<Login> {
  if (credentials === undefined) return { folder: undefined, registries }
  scope.mask(credentials.password)
  scope.mask(Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'))
  const folder = join(scope.run.directory, 'private', 'login')
  await writeDown(scope.run.directory, { kind: 'credentials', name: folder })
  await writeWhole(join(folder, 'config.json'), renderDockerConfig(registries, credentials), 0o600)
  return { folder, registries }
}
