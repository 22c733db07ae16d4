import type { BakeDefinition } from '../build/bake.ts'
import type { BuilderConfig } from '../build/builder-config.ts'
import type { BuildConfig } from '../build/config.ts'
import type { CacheConfig } from '../cache/config.ts'
import type { ChecksConfig, HadolintConfig } from '../check/config.ts'
import type { ContractConfig } from '../contract/config.ts'
import type { LoginSection } from '../login/config.ts'
import type { MountsConfig } from '../mounts/config.ts'
import type { ScanConfig } from '../scan/config.ts'
import type { Name } from '../tags/name.ts'
import type { AppConfig, NewmanConfig, ServicesConfig, UnitConfig } from '../test/config.ts'

/** One image that the pipeline makes. */
export interface ImageConfig {
  /** repository name, without host and tag: `acme/web` */
  readonly image: string
  /** where its tags go; empty where it stays in staging, unless a tag names a place of its own */
  readonly destinations: readonly Name[]
  /** `linux/amd64`, or `native` for that of the engine; never empty */
  readonly platforms: readonly string[]
  readonly build: BuildConfig
  /** where it comes of bake files: `build.target` is its target there, solved together with those beside it */
  readonly baked?: BakeDefinition | undefined
  readonly unit?: UnitConfig | undefined
  readonly app?: AppConfig | undefined
  /** never without `app` */
  readonly newman?: NewmanConfig | undefined
  readonly contract: ContractConfig
  /** tags, full references and tag rules; never empty */
  readonly tags: readonly string[]
  readonly flavor: readonly string[]
  readonly annotations: readonly string[]
}

/** What the planner takes: `pce.yml`, inputs and flags, with the root's defaults in each image. */
export interface Config {
  /** by name: the last part of the repository's name where there is one image; never empty */
  readonly images: Readonly<Record<string, ImageConfig>>
  readonly registries: readonly string[]
  readonly login: LoginSection
  readonly checks: ChecksConfig
  readonly hadolint: HadolintConfig
  readonly scan: ScanConfig
  readonly services?: ServicesConfig | undefined
  /** never together with `services` */
  readonly compose?: string | undefined
  readonly builder: BuilderConfig
  readonly cache: CacheConfig
  /** what cache mounts hold ends with the run where this is false or missing */
  readonly 'cache-mounts'?: MountsConfig | false | undefined
}
