import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CacheUse } from '../record/cache-use.ts'
import type { Vertex } from '../record/part.ts'
import { attributesOf } from '../schema/csv.ts'
import type { Scope } from '../task/scope.ts'
import { explainMiss } from './explain.ts'
import { readCacheFacts } from './facts.ts'
import { type CachePlan, type CacheWish, planCache } from './plan.ts'
import { onlyAnswering } from './reach.ts'
import { openRelay, type Relay } from './relay.ts'
import { isS3, storeWayOf } from './store-way.ts'
import { createTally, type Tally } from './tally.ts'
import { readCacheRight } from './token.ts'

/** The caches of one solve: what it is given, and what came of it. */
export interface OpenCache {
  readonly plan: CachePlan
  /** values of `--cache-from` */
  readonly from: readonly string[]
  /** one of these, or a value of `--cache-to`, as buildx is given it */
  through(item: string): string
  /** what buildx needs in its environment, besides that of every program */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly tally: Tally
  /** what is in the way already */
  readonly notices: readonly string[]
}

/**
 * `reaches`: whether the builder reaches this machine's loopback.
 * @throws UserError where a type was asked for that lacks a place
 */
export async function openCache(wish: CacheWish, reaches: boolean, scope: Scope): Promise<OpenCache> {
  const { context, rights } = scope
  const planned = planCache(wish, await readCacheFacts(wish.cache, { context, rights, reaches }))
  const tally = createTally()
  const { why, through, ...store } = await storeWayOf([...planned.from, ...planned.to], { reaches, tally, scope })
  const plan = why === undefined ? planned : withoutS3(planned, why)
  const folders = plan.folders.filter(folder => existsSync(join(folder, 'index.json')))
  const { from: remote, notices: silent } = await onlyAnswering(plan.from, { env: rights })
  const from = [...folders.map(folder => `type=local,src=${folder}`), ...remote]
  const types = new Set([...from, ...plan.to].map(item => attributesOf(item)?.type))
  const way = types.has('gha') ? (await relayOf(scope))?.enter(tally) : undefined
  const notices = [...(why === undefined ? [] : [`nothing was read from s3: ${why}`]), ...silent]
  return { plan, from, through, env: { ...store.env, ...way?.env }, tally, notices }
}

/** Caches of type s3 are left out: there is nothing to sign with. */
function withoutS3(plan: CachePlan, why: string): CachePlan {
  const [from, to] = [plan.from, plan.to].map(items => items.filter(item => !isS3(item)))
  return { ...plan, from: from ?? [], to: to ?? [], why: `no cache in s3: ${why}` }
}

/** One relay for a run: BuildKit may read by it what another solve has looked up. */
const relays = new WeakMap<Scope['run'], Promise<Relay> | undefined>()

function relayOf({ run, rights }: Scope): Promise<Relay> | undefined {
  if (!relays.has(run)) {
    const right = readCacheRight(rights, Date.now())
    relays.set(run, typeof right === 'string' ? undefined : openRelay(right))
  }
  return relays.get(run)
}

interface Came {
  readonly vertices: readonly Vertex[]
  readonly notices: readonly string[]
}

/** What the record keeps of reading caches. */
export function readingOf({ plan, from, tally }: OpenCache, { vertices, notices }: Came): CacheUse {
  const [found, missed] = [[...tally.found], [...tally.missed]]
  const miss = explainMiss(vertices, { from, found, missed })
  return {
    ...countsOf(tally),
    type: plan.type,
    why: plan.why,
    from: [...from],
    to: [],
    ...(miss && { miss }),
    notices: [...notices],
  }
}

/** What it keeps of writing one. */
export const writingOf = ({ plan, tally }: OpenCache, to: readonly string[], notices: readonly string[]): CacheUse => ({
  ...countsOf(tally),
  type: plan.type,
  why: plan.why,
  from: [],
  to: [...to],
  notices: [...notices],
})

const countsOf = ({ found, missed, received, sent, entries }: Tally) => ({
  found: [...found],
  missed: [...missed],
  received,
  sent,
  entries,
})
