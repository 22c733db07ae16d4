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
import { createTally, type Tally } from './tally.ts'
import { readCacheRight } from './token.ts'

/** The caches of one solve: what it is given, and what came of it. */
export interface OpenCache {
  readonly plan: CachePlan
  /** values of `--cache-from` */
  readonly from: readonly string[]
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
  const plan = planCache(wish, await readCacheFacts(wish.cache, { context, rights, reaches }))
  const folders = plan.folders.filter(folder => existsSync(join(folder, 'index.json')))
  const { from: remote, notices } = await onlyAnswering(plan.from, { env: rights })
  const from = [...folders.map(folder => `type=local,src=${folder}`), ...remote]
  const types = new Set([...from, ...plan.to].map(item => attributesOf(item)?.type))
  const way = types.has('gha') ? (await relayOf(scope))?.enter() : undefined
  const env = { ...(types.has('s3') ? awsOf(scope) : {}), ...way?.env }
  return { plan, from, env, tally: way?.tally ?? createTally(), notices }
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

/** For s3 buildx itself resolves the credentials, in the SDK's order (docker/buildx, build/opt.go). */
const awsOf = ({ rights }: Scope): OpenCache['env'] =>
  Object.fromEntries(
    Object.entries(rights).filter(([name]) =>
      /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|(DEFAULT_)?REGION|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+)$/.test(
        name,
      ),
    ),
  )

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
