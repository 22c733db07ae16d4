import { join } from 'node:path'
import type { Digest } from '../record/image.ts'
import { projectOf } from '../run/run.ts'
import type { Scope } from '../task/scope.ts'
import type { Layer } from './archive.ts'
import { layoutTransport } from './layout.ts'
import { stagingTransport } from './staging.ts'

/** The builder of a run, as far as it matters here. */
export interface Place {
  readonly builder: { readonly name: string; readonly driver: string; readonly stages: 'digest' | 'tag' | 'layout' }
  /** host of the run's staging registry: `127.0.0.1:32768` */
  readonly staging: string
}

/** An image that a helper's solve can build on, and the build context that it is, where it is no reference. */
export interface Seed {
  readonly image: string
  readonly context?: string
}

/** How layers get into a builder and out of it. */
export interface Transport {
  give(folder: string, layer: Layer, signal: AbortSignal): Promise<Seed>
  /** the `--output` of a solve */
  readonly output: string
  /** the layers of what a solve put out */
  layers(digest: Digest, signal: AbortSignal): Promise<readonly Layer[]>
  /** puts one of them into a folder, as an archive */
  take(layer: Layer, folder: string, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Through staging where the builder reaches it: that is four times as quick as the session of the client. */
export const openTransport = ({ builder: { stages }, staging }: Place, turn: string, scope: Scope): Transport =>
  stages === 'layout'
    ? layoutTransport(join(scope.run.directory, 'mounts', `layout-${turn}`), turn)
    : stagingTransport(staging, stages === 'tag' ? { tag: turn, engine: scope } : undefined)

/**
 * Why a builder has no need of this, where it has none: what its mounts hold outlives the run. One that this run made
 * ends with it, and so does the engine of a machine that GitHub lends.
 */
export function keepsItself({ builder: { name, driver } }: Place, { run, rights }: Scope): string | undefined {
  if (driver === 'remote') return 'the remote builder keeps its own'
  if (driver === 'docker') return rights.RUNNER_ENVIRONMENT === 'github-hosted' ? undefined : 'the engine keeps its own'
  return name === projectOf(run.id) ? undefined : `the builder ${name} keeps its own`
}
