import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { Scope } from '../task/scope.ts'
import { type Fetched, foldersOf, type Prepared } from './fetch.ts'
import { nameOf } from './find.ts'
import { solveHelper } from './helper.ts'
import { planRestore, type Restoration, type State } from './solve.ts'
import { keepsItself, openTransport, type Place, type Transport } from './transport.ts'
import { withDeadline } from './trouble.ts'

/** What later work needs to know: the mounts, and the image that could move their files. */
export interface Restored extends Prepared {
  /** names of mounts that were filled */
  readonly filled: readonly string[]
}

/** ms */
const deadline = 180_000

/** Fills the mounts of a builder from what was fetched, in one solve. Trouble is a line, never an error. */
export async function restoreMounts(prepared: Prepared, place: Place, scope: Scope): Promise<Restored> {
  const why = keepsItself(place, scope)
  if (why !== undefined && prepared.mounts.length > 0) scope.say(`Cache mounts are not moved: ${why}`)
  const mounts = why === undefined ? prepared.mounts : []
  const fetched = mounts.filter(({ archive }) => archive !== undefined)
  if (fetched.length === 0) return { ...prepared, mounts, filled: [] }
  const done = await withDeadline('Cache mounts are not restored', deadline, scope, signal =>
    fill({ ...prepared, mounts: fetched }, place, { ...scope, signal }),
  )
  // They are in the builder now, and what is kept later comes from there.
  await rm(foldersOf(scope), { recursive: true, force: true })
  return { ...prepared, mounts, ...done, filled: done?.filled ?? [] }
}

async function fill(prepared: Prepared, place: Place, scope: Scope): Promise<Pick<Restored, 'filled' | 'images'>> {
  const { mounts, images, namespace } = prepared
  const started = Date.now()
  const turn = randomBytes(8).toString('hex')
  const transport = openTransport(place, turn, scope)
  try {
    const plan = (await Promise.all(mounts.map(mount => seedOf(mount, transport, scope)))).flat()
    const solving = { title: 'Restore cache mounts', builder: place.builder.name, output: 'type=cacheonly', namespace }
    const { value, image } = await firstThatWorks(images, one =>
      solveHelper(planRestore(plan, one, turn), solving, scope),
    )
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    const states = plan.map(({ mount }, index) => ({ mount, state: value.states.get(index)?.state }))
    for (const { mount, state } of states)
      scope.say(`Cache mount ${nameOf(mount)} ${outcomes[state ?? 'failed'] ?? `restored in ${seconds} s`}`)
    return {
      filled: states.flatMap(({ mount, state }) => (state === 'restored' ? [nameOf(mount)] : [])),
      images: [image, ...images.filter(one => one !== image)],
    }
  } finally {
    await transport.close()
  }
}

const outcomes: Partial<Record<State, string>> = {
  kept: 'is filled already: left as it is',
  failed: 'could not be filled',
}

async function seedOf(mount: Fetched, transport: Transport, { signal }: Scope): Promise<readonly Restoration[]> {
  if (mount.archive === undefined) return []
  const { folder, layer } = mount.archive
  return [{ mount, seed: await transport.give(folder, layer, signal) }]
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
