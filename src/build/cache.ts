import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { azureAdvice } from '../cache/azure-trouble.ts'
import { planShare } from '../cache/budget.ts'
import { typeOf } from '../cache/given.ts'
import { dueAt, type Moment } from '../cache/moment.ts'
import { type OpenCache, openCache, writingOf } from '../cache/open.ts'
import { damageOf } from '../cache/whole.ts'
import type { Login } from '../registry/regctl.ts'
import { fieldOf } from '../schema/csv.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import { type Built, solveAgain } from './again.ts'
import type { Build, Where } from './build.ts'
import { readSteps, timeOfContext } from './traces.ts'

export interface Exported {
  readonly exported: boolean
}

interface Writing extends Where {
  readonly when: Moment
  /** the login for a push, where there is one by now */
  readonly login?: Login
}

/**
 * Writes the layer caches of a build by a solve of nothing but hits, within its own deadline. Never throws for cache
 * trouble: gives a reason.
 */
export async function exportCache(built: Built, where: Writing, scope: Scope): Promise<Result<Exported>> {
  const { build, wishes } = built
  const cache = await openCache(wishes, where.builder.stages !== 'layout', scope)
  const { to: all, why } = await targetsOf(built, cache, scope)
  if (all.flat().length === 0) return { status: 'skipped', reason: cache.why.join('\n') }
  const due = dueAt(where.when, all.flat(), build.repositories)
  if (due.length === 0) return { status: 'skipped', reason: elsewhen[where.when] }
  if (where.when === 'gate' && (await isWrittenAlready(build, cache, scope)))
    return { status: 'skipped', reason: 'every step came from a cache: there is nothing to add' }
  for (const line of cache.why) scope.say(line)
  if (why !== undefined) scope.say(`Cache: ${why}`)
  const fault = await write(
    { built, where, cache, to: all.map(items => items.filter(item => due.includes(item))) },
    scope,
  )
  scope.signal.throwIfAborted()
  const reason = fault === undefined ? why : `cache not written: ${fault}`
  if (fault !== undefined) scope.say(`Cache: not written: ${fault}`)
  return {
    value: { exported: fault === undefined },
    ...(reason === undefined ? {} : { reason }),
    cache: writingOf(cache, due, reason === undefined ? [] : [reason]),
  }
}

/** Why nothing is written at a moment, though something is to be written. */
const elsewhen: Readonly<Record<Moment, string>> = {
  gate: 'it is written when a push has logged in',
  push: 'it was written after the gate',
  end: 'it was written before',
}

interface Targets {
  /** values of `--cache-to`, for each wish */
  readonly to: readonly (readonly string[])[]
  /** why it is less than was asked for */
  readonly why?: string
}

async function targetsOf({ build, together }: Built, { plans }: OpenCache, scope: Scope): Promise<Targets> {
  const { mode } = build.cache
  const to = plans.map(plan =>
    plan.folder === undefined ? plan.to : [`type=local,${fieldOf(`dest=${freshOf(plan.folder, scope)}`)},mode=${mode}`],
  )
  if (!plans.some(plan => plan.type === 'gha' && plan.to.length > 0)) return { to }
  // Layers that targets of a bake share are one entry.
  const steps = Math.ceil((await readSteps(build, scope)).length / together)
  const share = planShare({ mode, steps, exports: build.exports })
  const less = to.map((items, at) =>
    plans[at]?.type === 'gha' ? items.map(item => item.replace(`mode=${mode}`, `mode=${share.mode}`)) : items,
  )
  return share.why === undefined ? { to: less } : { to: less, why: share.why }
}

/**
 * A folder is written whole, which takes as long when nothing is new. Elsewhere BuildKit looks what is there, and a
 * cache that is used stays alive.
 */
async function isWrittenAlready(build: Build, cache: OpenCache, scope: Scope): Promise<boolean> {
  const folder = folderOf(cache)
  if (folder === undefined || !existsSync(join(folder, 'index.json'))) return false
  if ((await damageOf(folder)) !== undefined) return false
  const steps = await readSteps(build, scope)
  return steps.length > 0 && steps.every(({ cached }) => cached)
}

/** The folder that is written as a whole: that of the build, since what it is built on has none of its own. */
const folderOf = ({ plans }: OpenCache): string | undefined => plans[0]?.folder

// A folder of its own and a rename: a cache that is half written or grown without end is never read.
const freshOf = (folder: string, { run }: Scope): string => `${folder}.${run.id}`

interface Work {
  readonly built: Built
  readonly where: Writing
  readonly cache: OpenCache
  readonly to: Targets['to']
}

/** Gives the cause where it could not be written. */
async function write({ built, where, cache, to }: Work, scope: Scope): Promise<string | undefined> {
  const folder = folderOf(cache)
  const { timeout } = built.build.cache
  const limit = AbortSignal.timeout(timeout)
  try {
    const within = { ...scope, signal: AbortSignal.any([scope.signal, limit]) }
    const since = await timeOfContext(built.build, scope)
    const login = where.login?.folder === undefined ? {} : { DOCKER_CONFIG: where.login.folder }
    const again = built.again(where)
    const folders = [...cache.folders, ...(folder === undefined ? [] : [freshOf(folder, scope)])]
    const through = (lists: Targets['to']): Targets['to'] => lists.map(items => items.map(cache.through))
    await again({ from: through(cache.from), to: through(to), folders, since }, within, program =>
      solveAgain({ ...program, env: { ...program.env, ...cache.env, ...login } }, within),
    )
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true })
      await rename(freshOf(folder, scope), folder)
    }
    // BuildKit says nothing when it can't upload the index, without which the layers are of no use.
    const isLost = to.flat().filter(item => typeOf(item) === 'gha').length > cache.tally.written.size
    return isLost ? `${troubleOf(cache) ?? 'its index was not taken'}` : undefined
  } catch (error) {
    if (folder !== undefined) await rm(freshOf(folder, scope), { recursive: true, force: true }).catch(() => {})
    const late = limit.aborted ? `not done within ${timeout / 1000} s` : undefined
    const said = error instanceof Error ? error.message : String(error)
    return [late, troubleOf(cache)].filter(text => text !== undefined).join('; ') || (azureAdvice(said) ?? said)
  }
}

/** What the cache service said last, which BuildKit passes on in other words. */
const troubleOf = ({ tally }: OpenCache): string | undefined => [...tally.troubles].at(-1)
