import type { CacheConfig } from './config.ts'

/** Values of `--cache-from` and `--cache-to`, in somebody's own words. */
export interface Caches {
  readonly from: readonly string[]
  readonly to: readonly string[]
}

/** What a build wants of a cache. */
export interface CacheWish {
  readonly cache: CacheConfig
  /** key of the image in the configuration */
  readonly name: string
  readonly target: string | undefined
  /** `linux/amd64`, or `native` */
  readonly platform: string
  /** repositories that it may be pushed to: `ghcr.io/acme/web` */
  readonly repositories: readonly string[]
  /** what its bake file names */
  readonly named?: Caches
  /** true where others are built on it, and no image is: their caches have its layers, its own is what its file names */
  readonly linked?: boolean
  /** places that several builds of the run are told to write to, in the words of `placeOf` */
  readonly shared: readonly string[]
}

/** Values of `--cache-from` and `--cache-to`. */
export interface CachePlan {
  /** `given`: in the user's own words */
  readonly type: Exclude<CacheConfig['type'], 'auto'> | 'given'
  readonly from: readonly string[]
  /** what is written once the gate has spoken */
  readonly to: readonly string[]
  /** for `local`: folders that are read where they are there, and the one that is written as a whole */
  readonly folders: readonly string[]
  readonly folder: string | undefined
  /** the cache goes into the image itself, so the build writes it */
  readonly inline: boolean
  /** in one line: what was chosen, and why */
  readonly why: string
}
