import { join } from 'node:path'
import type { BakeDefinition } from './bake.ts'
import { type BuildConfig, isRemote } from './config.ts'
import { argsOf } from './reproducible.ts'
import { secretFlags } from './secrets.ts'

/**
 * Pure: flags of `docker buildx build` for what the `build` section says about how the Dockerfile is solved. What comes
 * of the solve (`outputs`, `load`, attestations) is no part of it, and neither is the stage.
 */
export const optionsOf = (config: BuildConfig): readonly string[] => [
  '--file',
  dockerfileOf(config),
  ...pairs('--build-arg', argsOf(config)),
  ...pairs('--build-context', config['build-contexts'] ?? {}),
  ...secretFlags(config),
  ...each('--ssh', config.ssh),
  ...each('--add-host', config['add-hosts']),
  ...each('--allow', config.allow),
  ...each('--cgroup-parent', config['cgroup-parent']),
  ...each('--network', config.network),
  ...(config['no-cache'] === true ? ['--no-cache'] : []),
  ...each('--no-cache-filter', config['no-cache-filters']),
  ...(config.pull === true ? ['--pull'] : []),
  ...each('--shm-size', config['shm-size']),
  ...each('--ulimit', config.ulimit),
]

const each = (name: string, values: string | readonly string[] = []): readonly string[] =>
  [values].flat().flatMap(value => [name, value])

export const pairs = (flag: string, values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])

/** Relative to the repository; of a context that BuildKit fetches, to that. */
export const dockerfileOf = ({ file, context }: Pick<BuildConfig, 'file' | 'context'>): string =>
  file ?? (isRemote(context) ? 'Dockerfile' : join(context, 'Dockerfile'))

/** The context as the one argument that has no flag: a folder `-x` would be taken for flags. */
export const contextOf = ({ context }: Pick<BuildConfig, 'context'>): string =>
  context.startsWith('-') ? `./${context}` : context

interface Made {
  readonly build: BuildConfig
  readonly baked?: BakeDefinition | undefined
}

/** True where the build reads a Dockerfile of the repository: not one of elsewhere, of a bake file, of an Earthfile. */
export const hasDockerfile = ({ build, baked }: Made): boolean =>
  !isRemote(build.context) &&
  build.earthfile === undefined &&
  baked?.targets[build.target ?? '']?.['dockerfile-inline'] === undefined
