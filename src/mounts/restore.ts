import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { Scope } from '../task/scope.ts'
import { type Fetched, foldersOf, type Prepared } from './fetch.ts'
import { nameOf } from './find.ts'
import { solveHelper } from './helper.ts'
import { planRestore, type Restoration } from './solve.ts'
import { stageArchive } from './staging.ts'
import { withDeadline } from './trouble.ts'

/** Where the solves happen: a builder, and the host of a registry that it reads and writes. */
export interface Place {
  readonly builder: string
  readonly staging: string
}

/** What later work needs to know: the mounts, and the image that could move their files. */
export interface Restored extends Prepared {
  /** names of mounts that were filled */
  readonly filled: readonly string[]
}

/** ms */
const deadline = 180_000

/** Fills the mounts of a builder from what was fetched, in one solve. Trouble is a line, never an error. */
export async function restoreMounts(prepared: Prepared, place: Place, scope: Scope): Promise<Restored> {
  const fetched = prepared.mounts.filter(({ archive }) => archive !== undefined)
  if (fetched.length === 0) return { ...prepared, filled: [] }
  const done = await withDeadline('Cache mounts are not restored', deadline, scope, signal =>
    fill({ ...prepared, mounts: fetched }, place, { ...scope, signal }),
  )
  // They are in staging now, and what is kept later comes from the builder.
  await rm(foldersOf(scope), { recursive: true, force: true })
  return { ...prepared, ...done, filled: done?.filled ?? [] }
}

async function fill({ mounts, images, namespace }: Prepared, { builder, staging }: Place, scope: Scope) {
  const started = Date.now()
  const plan = (await Promise.all(mounts.map(mount => seedOf(mount, staging, scope)))).flat()
  const title = 'Restore cache mounts'
  const { value, image } = await firstThatWorks(images, async one =>
    solveHelper(
      planRestore(plan, one, randomBytes(8).toString('hex')),
      { title, builder, output: 'type=cacheonly', namespace },
      scope,
    ),
  )
  const filled = plan.flatMap(({ mount }, index) => {
    const { state = 'failed' } = value.states.get(index) ?? {}
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    const how = { restored: `restored in ${seconds} s`, kept: 'is filled already: left as it is' }[state as 'restored']
    scope.say(`Cache mount ${nameOf(mount)} ${how ?? 'could not be filled'}`)
    return state === 'restored' ? [nameOf(mount)] : []
  })
  return { filled, images: [image, ...images.filter(one => one !== image)] }
}

async function seedOf(mount: Fetched, host: string, { signal }: Scope): Promise<readonly Restoration[]> {
  if (mount.archive === undefined) return []
  const { folder, layer } = mount.archive
  return [{ mount, seed: await stageArchive(folder, layer, { host, signal }) }]
}

/** Tries images in turn: not every one has sh, and one may be gone. @throws what the last one gave */
export async function firstThatWorks<T>(images: readonly string[], work: (image: string) => Promise<T>) {
  let last: unknown = new Error(
    'no stage that has one stands on an image; name one with sh and tar in cache-mounts.image',
  )
  for (const image of images) {
    try {
      return { image, value: await work(image) }
    } catch (error) {
      last = error
    }
  }
  throw last
}
