import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OutsideError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import type { Layer } from './archive.ts'
import { storeOf, whyOnlyRead } from './choose-store.ts'
import type { MountsConfig } from './config.ts'
import type { Fetched } from './fetch.ts'
import { nameOf } from './find.ts'
import { solveHelper } from './helper.ts'
import { firstThatWorks, type Restored } from './restore.ts'
import { planSave, type State } from './solve.ts'
import type { Store } from './store.ts'
import { openTransport, type Place, type Transport } from './transport.ts'
import { withDeadline } from './trouble.ts'

/** ms for reading the mounts, and for keeping one of them */
const [readDeadline, keepDeadline] = [300_000, 300_000]

/**
 * Keeps what the mounts of a builder hold, but for those that were found under the very key. Trouble is a line, never
 * an error. Gives the names of what was kept.
 */
export async function saveMounts(
  restored: Restored,
  config: MountsConfig,
  place: Place,
  scope: Scope,
): Promise<readonly string[]> {
  const wanted = restored.mounts.filter(({ hit, key }) => hit !== key)
  const store = storeOf(config, scope)
  if (wanted.length === 0 || typeof store === 'string') return []
  const closed = whyOnlyRead(config, scope)
  if (closed !== undefined) {
    scope.say(`Cache mounts are not kept: ${closed}`)
    return []
  }
  const turn = randomBytes(8).toString('hex')
  const transport = openTransport(place, turn, scope)
  try {
    const asked = { ...restored, mounts: wanted, limit: config['max-size'], turn, builder: place.builder.name }
    const read = await withDeadline('Cache mounts are not kept', readDeadline, scope, signal =>
      readMounts(asked, transport, { ...scope, signal }),
    )
    return await keepAll(read ?? [], { store, transport }, scope)
  } finally {
    await transport.close()
  }
}

interface Moving {
  readonly store: Store
  readonly transport: Transport
}

async function keepAll(read: readonly Read[], moving: Moving, scope: Scope): Promise<readonly string[]> {
  const kept: string[] = []
  for (const one of read) {
    const name = nameOf(one.mount)
    const done = await withDeadline(`Cache mount ${name} is not kept`, keepDeadline, scope, signal =>
      keep(one, moving, { ...scope, signal }),
    )
    if (done !== undefined) kept.push(name)
  }
  return kept
}

interface Read {
  readonly mount: Fetched
  readonly layer: Layer
}

interface Asked extends Pick<Restored, 'mounts' | 'images' | 'namespace'> {
  /** bytes that a mount may hold */
  readonly limit: number
  readonly turn: string
  readonly builder: string
}

async function readMounts(asked: Asked, transport: Transport, scope: Scope): Promise<readonly Read[]> {
  const { mounts, images, namespace, limit, turn, builder } = asked
  const solving = { title: 'Read cache mounts', builder, namespace, output: transport.output }
  const { value } = await firstThatWorks(images, image =>
    solveHelper(planSave(mounts, image, { turn, limit }), solving, scope),
  )
  if (value.digest === undefined) throw new OutsideError('the solve that reads them gave no digest')
  const layers = await transport.layers(value.digest, scope.signal)
  return mounts.flatMap((mount, index): readonly Read[] => {
    const { state, detail } = value.states.get(index) ?? { state: 'failed', detail: '' }
    const layer = layers[index]
    if (state === 'saved' && layer !== undefined) return [{ mount, layer }]
    scope.say(
      `Cache mount ${nameOf(mount)} is not kept: ${reasons[state]?.(detail, limit) ?? 'its files could not be read'}`,
    )
    return []
  })
}

const reasons: Partial<Record<State, (detail: string, limit: number) => string>> = {
  // Its step was taken from the layer cache: nothing ran that could fill it.
  empty: () => 'nothing is in it',
  large: (kilobytes, limit) =>
    `it holds ${megabytes(Number(kilobytes) * 1024)}, more than ${megabytes(limit)} (cache-mounts.max-size)`,
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

async function keep({ mount, layer }: Read, { store, transport }: Moving, scope: Scope): Promise<true> {
  const started = Date.now()
  const folder = join(scope.run.directory, 'mounts', layer.digest.slice(-16))
  await mkdir(folder, { recursive: true })
  try {
    await transport.take(layer, folder, scope.signal)
    await store.save(mount, folder, scope.signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  scope.say(
    `Cache mount ${nameOf(mount)} kept (${megabytes(layer.size)}, ${seconds} s) as ${mount.key} in ${store.name}`,
  )
  return true
}
