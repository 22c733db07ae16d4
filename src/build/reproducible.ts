import type { BuildConfig } from './config.ts'

/**
 * 1980-01-01T00:00:00Z, in seconds: the same for every commit, since it is part of BuildKit's cache keys, and the first
 * time that a ZIP archive can hold.
 */
export const epoch = 315_532_800

type Config = Pick<BuildConfig, 'build-args' | 'reproducible'>

/** Pure: the build arguments, with the time of everything that is made (reproducible-builds.org, SOURCE_DATE_EPOCH). */
export const argsOf = ({ 'build-args': args, reproducible }: Config): Readonly<Record<string, string>> =>
  reproducible === undefined ? args : { SOURCE_DATE_EPOCH: String(epoch), ...args }

/**
 * Pure: attributes of an `--output` that leave nothing of an image to the machine: times in layers are cut to the epoch,
 * and every layer is compressed in one way (moby/buildkit, docs/build-repro.md and README, "Output").
 */
export const outputAttributes = ({ reproducible }: Pick<Config, 'reproducible'>): string =>
  reproducible === undefined ? '' : ',rewrite-timestamp=true,compression=gzip,force-compression=true'

/** Pure: a build that takes nothing from a cache, so that it shows what its steps do. */
export const withoutCache = <C extends BuildConfig>(config: C): C => ({ ...config, 'no-cache': true })
