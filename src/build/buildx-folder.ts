import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readIfThere } from '../disk/files.ts'
import type { Scope } from '../task/scope.ts'

const defaultFile = 'buildkitd.default.toml'

/** Where buildx keeps what it knows (docs.docker.com, "Build variables", BUILDX_CONFIG). */
const folderOf = ({ BUILDX_CONFIG, DOCKER_CONFIG, HOME }: Scope['env']): string =>
  BUILDX_CONFIG || join(DOCKER_CONFIG || join(HOME || homedir(), '.docker'), 'buildx')

/** The file that buildx gives to each builder that names no other (docs.docker.com, "Configure BuildKit"). */
export const readDefaultConfig = (env: Scope['env']): Promise<string | undefined> =>
  readIfThere(join(folderOf(env), defaultFile))

/**
 * The environment in which a remote builder can be made. buildx gives it the default file too, and then says that a
 * remote builder takes none: where there is such a file, this is a folder with all that buildx has but that.
 */
export async function withoutDefaultConfig({ run, env }: Scope): Promise<Scope['env']> {
  const folder = folderOf(env)
  if ((await readDefaultConfig(env)) === undefined) return env
  const shadow = join(run.directory, 'private', 'buildx')
  await rm(shadow, { recursive: true, force: true })
  await mkdir(shadow, { recursive: true })
  await mkdir(join(folder, 'instances'), { recursive: true })
  for (const name of await readdir(folder)) {
    if (name !== defaultFile) await symlink(join(folder, name), join(shadow, name))
  }
  return { ...env, BUILDX_CONFIG: shadow }
}
