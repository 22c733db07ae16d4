import { realpath, statfs } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { type BuildConfig, isRemote } from './config.ts'

/** A path that a build reads on this machine, and the key that names it. */
interface Named {
  readonly key: string
  readonly path: string
}

/** Pure: the files and folders of this machine that a configuration hands to a build. */
export const pathsIn = (
  config: Pick<BuildConfig, 'context' | 'file' | 'build-contexts' | 'secret-files' | 'ssh'>,
): readonly Named[] => [
  ...(isRemote(config.context) ? [] : [{ key: 'build.context', path: config.context }]),
  ...(isRemote(config.context) || config.file === undefined ? [] : [{ key: 'build.file', path: config.file }]),
  ...Object.values(config['build-contexts'] ?? {})
    .filter(path => !isRemote(path))
    .map(path => ({ key: 'build.build-contexts', path })),
  ...Object.values(config['secret-files'] ?? {}).map(path => ({ key: 'build.secret-files', path })),
  ...(config.ssh ?? [])
    .flatMap(item => item.split('=').slice(1).join('=').split(','))
    .filter(path => path !== '')
    .map(path => ({ key: 'build.ssh', path })),
]

/** Linux, include/uapi/linux/magic.h: PROC_SUPER_MAGIC */
const procfs = 0x9fa0

/**
 * Linux shows the environment of each process in a file (proc(5)): that of buildx, and of this one, holds rights that no
 * step of a build is to see. What leads there is refused, by whatever link, and so is the root, which has it below.
 * @throws UserError
 */
export async function refuseProcesses(named: readonly Named[], context: string): Promise<void> {
  for (const { key, path } of named) {
    const real = await realpath(resolve(context, path)).catch(() => undefined)
    if (real === undefined || (real !== '/' && (await statfs(real)).type !== procfs)) continue
    throw new UserError(
      `${key}: ${path} leads to ${real}, where the environment of every process of this machine can be read\nName a file or folder that holds only what the build is to have.`,
    )
  }
}
