import { join } from 'node:path'
import type { BuildConfig } from './config.ts'

/** Pure: flags of `docker buildx build` for what the `build` section says about how the Dockerfile is solved. */
export const optionsOf = (config: BuildConfig): readonly string[] => [
  '--file',
  dockerfileOf(config),
  ...pairs('--build-arg', config['build-args']),
  ...config.secrets.flatMap(name => ['--secret', `id=${name},env=${name}`]),
]

export const pairs = (flag: string, values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])

export const dockerfileOf = ({ file, context }: BuildConfig): string => file ?? join(context, 'Dockerfile')
