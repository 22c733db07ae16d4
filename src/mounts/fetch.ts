import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scope } from '../task/scope.ts'
import { type Layer, readArchive } from './archive.ts'
import { storeOf } from './choose-store.ts'
import type { MountsConfig } from './config.ts'
import { type CacheMount, nameOf } from './find.ts'
import type { Keys } from './keys.ts'
import { type MountUse, type Observed, observeMounts } from './observe.ts'
import type { Store } from './store.ts'
import { withDeadline } from './trouble.ts'

/** A mount and the archive that was found for it. */
export type Fetched = CacheMount &
  Keys & { readonly hit?: string; readonly archive?: { readonly folder: string; readonly layer: Layer } }

/** What is known before the builder is there. Plain data: a post step reads it again. */
export interface Prepared extends Pick<Observed, 'images' | 'namespace'> {
  readonly mounts: readonly Fetched[]
}

/** Where fetched archives lie in a run. */
export const foldersOf = ({ run }: Pick<Scope, 'run'>): string => join(run.directory, 'mounts', 'fetched')

/** ms for all downloads together: what takes longer than packages would is no gain */
const deadline = 120_000

export interface Asked {
  readonly config: MountsConfig
  readonly uses: readonly MountUse[]
  /** the builder of the configuration, where that is one which outlives the run */
  readonly elsewhere: string | undefined
}

/** Finds the mounts of builds and fetches what is kept of them. Trouble is a line, never an error. */
export async function fetchMounts({ config, uses, elsewhere }: Asked, scope: Scope): Promise<Prepared> {
  const seen = await withDeadline('Cache mounts are not kept', deadline, scope, () => observeMounts(uses, scope))
  const { mounts, images, namespace, left } = seen ?? { mounts: [], images: [], namespace: '', left: [] }
  if (elsewhere !== undefined && mounts.length > 0) scope.say(`Cache mounts are not moved: ${elsewhere} keeps its own`)
  if (elsewhere !== undefined) return { mounts: [], images, namespace }
  for (const line of left) scope.say(`Not kept between runs: cache mount ${line}`)
  const store = storeOf(config, scope)
  if (mounts.length > 0 && typeof store === 'string') scope.say(`Cache mounts are not kept: ${store}`)
  if (typeof store === 'string') return { mounts: [], images, namespace }
  const fetched = mounts.map((mount, index) =>
    fetchMount(mount, { store, folder: join(foldersOf(scope), String(index)) }, scope),
  )
  return { mounts: await Promise.all(fetched), images: config.image === undefined ? images : [config.image], namespace }
}

interface Place {
  readonly store: Store
  readonly folder: string
}

async function fetchMount(mount: CacheMount & Keys, { store, folder }: Place, scope: Scope): Promise<Fetched> {
  const title = `Cache mount ${nameOf(mount)}`
  const hit = await withDeadline(`${title} is not restored`, deadline, scope, async signal => {
    await mkdir(folder, { recursive: true })
    return store.fetch(mount, folder, signal)
  })
  if (hit === undefined) return mount
  const layer = await readArchive(hit.folder)
  if (typeof layer !== 'string') return { ...mount, hit: hit.key, archive: { folder: hit.folder, layer } }
  scope.say(`${title} is not restored: what ${store.name} has under ${hit.key} was thrown away, since ${layer}`)
  await store.drop(hit.key).catch(() => {})
  await rm(folder, { recursive: true, force: true })
  return mount
}
