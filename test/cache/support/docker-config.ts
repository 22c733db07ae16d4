import { existsSync } from 'node:fs'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ecr } from '../../support/ecr/ecr.ts'

/** A Docker configuration of its own with a login for a registry, and the user's plugins. */
export async function openDockerConfig({ host, token }: Pick<Ecr, 'host' | 'token'>) {
  const folder = await mkdtemp(join(tmpdir(), 'pce-docker-'))
  const auths = { [host]: { auth: Buffer.from(`AWS:${token}`).toString('base64') } }
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths }))
  const own = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker')
  if (existsSync(join(own, 'cli-plugins'))) await symlink(join(own, 'cli-plugins'), join(folder, 'cli-plugins'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}
