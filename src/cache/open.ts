import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CacheUse } from '../record/cache-use.ts'
import type { Vertex } from '../record/part.ts'
import { attributesOf, fieldOf } from '../schema/csv.ts'
import type { Scope } from '../task/scope.ts'
import type { CacheConfig } from './config.ts'
import { explainMiss } from './explain.ts'
import { readCacheFacts } from './facts.ts'
import { typeOf } from './given.ts'
import { planCache } from './plan.ts'
import { onlyAnswering } from './reach.ts'
import { openRelay, type Relay } from './relay.ts'
import { isS3, storeWayOf } from './store-way.ts'
import { createTally, type Tally } from './tally.ts'
import { readCacheRight } from './token.ts'
import { damageOf } from './whole.ts'
import type { CachePlan, CacheWish } from './wish.ts'

/** The caches of the builds of one task: what their solves are given, and what came of it. */
export interface OpenCache {
  /** one for each build */
  readonly plans: readonly CachePlan[]
  /** values of `--cache-from`, for each build */
  readonly from: readonly (readonly string[])[]
  /** one of these, or a value of `--cache-to`, as buildx is given it */
  through(item: string): string
  /** what buildx needs in its environment, besides that of every program */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly tally: Tally
  /** folders that are read or written, but for those that a bake file names */
  readonly folders: readonly string[]
  /** what was chosen, and why: a line for each that is different */
  readonly why: readonly string[]
  /** what is in the way already */
  readonly notices: readonly string[]
}

/** Builds with one section `cache`. */
export type Wishes = readonly [CacheWish, ...CacheWish[]]

/**
 * `reaches`: whether the builder reaches this machine's loopback.
 * @throws UserError where a type was asked for that lacks a place
 */
export async function openCache(wishes: Wishes, reaches: boolean, scope: Scope): Promise<OpenCache> {
  const { context, rights } = scope
  const [{ cache }] = wishes
  const facts = await readCacheFacts(cache, { context, rights, reaches })
  const planned = wishes.map(wish => planCache(wish, facts))
  const tally = createTally()
  const store = await storeWayOf(
    planned.flatMap(({ from, to }) => [...from, ...to]),
    { reaches, tally, scope },
  )
  const { why: s3Fault } = store
  const plans = s3Fault === undefined ? planned : planned.map(plan => withoutS3(plan, s3Fault))
  const { from: remote, notices: silent } = await onlyAnswering(unique(plans.flatMap(({ from }) => from)), {
    env: rights,
  })
  const { folders, damaged } = await readable(plans)
  const from = plans.map((plan, at) => [
    ...(folders[at] ?? []).map(folder => `type=local,${fieldOf(`src=${folder}`)}`),
    ...plan.from.filter(item => remote.includes(item)),
  ])
  const types = new Set([...from.flat(), ...plans.flatMap(({ to }) => to)].map(typeOf))
  const gha = types.has('gha') ? (await relayOf(scope))?.enter(tally) : undefined
  return {
    plans,
    from,
    through: store.through,
    env: { ...store.env, ...gha?.env },
    tally,
    folders: unique([...folders.flat(), ...plans.flatMap(({ folder }) => folder ?? []), ...foldersIn(cache)]),
    why: unique(plans.flatMap(plan => plan.why || [])),
    notices: [...(s3Fault === undefined ? [] : [`nothing was read from s3: ${s3Fault}`]), ...damaged, ...silent],
  }
}

/** The folders of each that can be read, and why others can't. */
async function readable(plans: readonly CachePlan[]) {
  const there = unique(plans.flatMap(plan => plan.folders)).filter(folder => existsSync(join(folder, 'index.json')))
  const damages = new Map(await Promise.all(there.map(async folder => [folder, await damageOf(folder)] as const)))
  const isWhole = (folder: string): boolean => damages.has(folder) && damages.get(folder) === undefined
  return {
    folders: plans.map(plan => plan.folders.filter(isWhole)),
    damaged: [...damages].flatMap(([folder, damage]) =>
      damage === undefined ? [] : [`nothing was read from ${folder}, which is damaged: ${damage}`],
    ),
  }
}

/** Caches of type s3 are left out: there is nothing to sign with. */
function withoutS3(plan: CachePlan, why: string): CachePlan {
  const [from, to] = [plan.from, plan.to].map(items => items.filter(item => !isS3(item)))
  const isWithout = from?.length === plan.from.length && to?.length === plan.to.length
  return isWithout ? plan : { ...plan, from: from ?? [], to: to ?? [], why: `no cache in s3: ${why}` }
}

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)]

/** Folders that the configuration names in BuildKit's words. */
const foldersIn = ({ 'cache-from': from = [], 'cache-to': to = [] }: CacheConfig): readonly string[] =>
  [...from, ...to].flatMap(item => {
    const { type, src, dest } = attributesOf(item) ?? {}
    return type === 'local' ? (src ?? dest ?? []) : []
  })

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
export function readingOf(cache: OpenCache, { vertices, notices }: Came): CacheUse {
  const { tally } = cache
  const from = unique(cache.from.flat())
  const [found, missed] = [[...tally.found], [...tally.missed]]
  const miss = explainMiss(vertices, { from, found, missed })
  return { ...useOf(cache), from: [...from], to: [], ...(miss && { miss }), notices: [...notices] }
}

/** What it keeps of writing one. */
export const writingOf = (cache: OpenCache, to: readonly string[], notices: readonly string[]): CacheUse => ({
  ...useOf(cache),
  from: [],
  to: [...to],
  notices: [...notices],
})

function useOf({ plans, why, tally }: OpenCache) {
  const types = unique(plans.flatMap(typesOf))
  return { type: types.join(', ') || 'none', why: why.join('\n'), ...countsOf(tally) }
}

/** In the user's own words there may be several. */
function typesOf({ type, from, to, inline }: CachePlan): readonly string[] {
  if (type === 'none') return []
  return type === 'given' ? [...from, ...to].map(typeOf).concat(inline ? ['inline'] : []) : [type]
}

const countsOf = ({ found, missed, received, sent, entries }: Tally) => ({
  found: [...found],
  missed: [...missed],
  received,
  sent,
  entries,
})
