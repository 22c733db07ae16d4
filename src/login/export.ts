import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Authorization } from '../aws/ecr.ts'
import { makeFolder, writeWhole } from '../disk/files.ts'
import { ownFolder, readOwn, withLogins } from './docker-config.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

/** Variables for programs that are to use a private configuration. */
export interface Exported {
  readonly DOCKER_CONFIG: string
  readonly BUILDX_CONFIG: string
}

/**
 * Writes a Docker configuration of its own, with the user's settings and these logins, below `base`; the user's own is
 * only read. Contexts, CLI plugins and certificates are linked, builders are found by BUILDX_CONFIG.
 */
export async function writePrivateConfig(
  authorizations: readonly Authorization[],
  folder: string,
  env: Environment,
): Promise<Exported> {
  const own = ownFolder(env)
  await makeFolder(folder)
  await chmod(folder, 0o700)
  const config = withLogins(await readOwn(env), authorizations)
  await writeWhole(join(folder, 'config.json'), JSON.stringify(config), 0o600)
  for (const name of linked) {
    if (existsSync(join(own, name)) && !existsSync(join(folder, name)))
      await symlink(join(own, name), join(folder, name))
  }
  return { DOCKER_CONFIG: folder, BUILDX_CONFIG: env.BUILDX_CONFIG || join(own, 'buildx') }
}

/** What Docker looks for beside its configuration: the last three for an engine over TLS, without DOCKER_CERT_PATH. */
const linked = ['contexts', 'cli-plugins', 'ca.pem', 'cert.pem', 'key.pem']

/** A folder for a login that later steps use: two jobs of one machine never share one. */
export const folderFor = (base: string): string => join(base, `login-${randomBytes(4).toString('hex')}`)
