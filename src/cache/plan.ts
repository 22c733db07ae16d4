import type { CacheConfig } from './config.ts'
import type { CacheFacts } from './facts.ts'
import { type Given, planGiven } from './given.ts'
import { isEcr, type Kept, places } from './places.ts'
import type { CachePlan, CacheWish } from './wish.ts'

/**
 * Pure: which caches a build reads and writes. What the configuration says wins over the bake file, and that over what
 * suits the machine. One for each image, target and platform, since an index holds what was written last; read from the
 * own branch, then the base, then the default branch, written to the own alone.
 * @throws UserError where a type was asked for that lacks a place
 */
export function planCache(wish: CacheWish, facts: CacheFacts): CachePlan {
  const { cache, named, linked = false } = wish
  const { 'cache-from': from, 'cache-to': to } = cache
  const inFile =
    isAuto(cache) && named !== undefined ? givenPlan(wish, { ...named, of: 'of the bake files' }, facts) : undefined
  if (inFile?.type === 'given') return inFile
  if (linked) return nothing('')
  if (from !== undefined || to !== undefined)
    return givenPlan(wish, { from: from ?? [], to: to ?? [], of: 'as they are given' }, facts)
  const plan = planChosen(wish, facts)
  if (inFile !== undefined) return { ...plan, why: `${inFile.why}; ${plan.why}` }
  return named === undefined ? plan : { ...plan, why: `${plan.why}; not what the bake files name` }
}

/** True where nothing is asked of caches but what comes by itself. */
const isAuto = ({ type, path, 'cache-from': from, 'cache-to': to }: CacheConfig): boolean =>
  type === 'auto' && path === undefined && from === undefined && to === undefined

function givenPlan(wish: CacheWish, given: Given, facts: CacheFacts): CachePlan {
  const plan = planGiven(wish, given, facts)
  const isEmpty = plan.from.length === 0 && plan.to.length === 0 && !plan.inline
  return { ...empty, ...plan, type: isEmpty ? 'none' : 'given' }
}

/** What the configuration asks for by its type, or what suits the machine. */
function planChosen(wish: CacheWish, facts: CacheFacts): CachePlan {
  const { type, why } = chooseType(wish, facts)
  if (type === 'gha' && !facts.reaches) return nothing('no cache: the builder is elsewhere, and keeps its own layers')
  if (type === 'gha' && 'none' in facts.actions) return nothing(`no cache: ${facts.actions.none}`)
  if (type === 'none') return nothing(`no cache: ${why}`)
  const plan = { ...empty, ...places[type](wish, facts), type }
  const closed = whyNotWritten(type, facts)
  return {
    ...plan,
    ...(closed === undefined ? {} : { to: [], folder: undefined, inline: false }),
    why: `${type} cache: ${why}${closed === undefined ? '' : `; only read, since ${closed}`}`,
  }
}

const empty = { from: [], to: [], folders: [], folder: undefined, inline: false } as const

const nothing = (why: string): CachePlan => ({ ...empty, type: 'none', why })

type Choice = { readonly type: Kept | 'none'; readonly why: string }

function chooseType({ cache, repositories }: CacheWish, { host, actions, inAws }: CacheFacts): Choice {
  const { type } = cache
  if (type === 'none') return { type, why: 'turned off' }
  if (type === 'local' && cache.path === undefined && host !== 'laptop')
    return { type: 'none', why: 'a local cache needs a path here that outlives the job: cache: { path: … }' }
  if (type !== 'auto') return { type, why: 'as configured' }
  if (cache.path !== undefined) return { type: 'local', why: 'a path is named' }
  if (host === 'laptop') return { type: 'local', why: "this machine keeps the user's cache folder" }
  if (host === 'github-hosted' && 'none' in actions) return { type: 'none', why: actions.none }
  if (host === 'github-hosted') return { type: 'gha', why: 'this runner is hosted by GitHub, near to its cache' }
  if (inAws && repositories.some(isEcr))
    return { type: 'registry', why: 'this runner is in AWS, beside an ECR registry' }
  return {
    type: 'none',
    why: 'nothing is known of this runner that outlives a job; name a place with cache: { type: … }',
  }
}

function whyNotWritten(type: Kept, { actions, tag }: CacheFacts): string | undefined {
  if (type === 'gha' && 'writes' in actions && !actions.writes) return 'this job may only read it'
  return tag && type !== 'inline' ? 'no other run reads the cache of a tag' : undefined
}
