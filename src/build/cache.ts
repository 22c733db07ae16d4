import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { azureAdvice } from '../cache/azure-trouble.ts'
import { planShare } from '../cache/budget.ts'
import { type OpenCache, openCache, writingOf } from '../cache/open.ts'
import { OutsideError } from '../errors.ts'
import { failureOf, runProgram } from '../program/run.ts'
import type { Part, Vertex } from '../record/part.ts'
import { stepsOf } from '../record/steps.ts'
import type { Login } from '../registry/regctl.ts'
import { readParts } from '../run/parts.ts'
import { attributesOf } from '../schema/csv.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import { type Build, placeOf, programOf, type Where } from './build.ts'
import { resolveContexts } from './context.ts'
import { hideLaterFiles } from './later-files.ts'
import { openNormalContexts } from './normal-context.ts'
import { planCacheExport } from './plan.ts'
import { createProgress } from './progress.ts'
import { openSecrets } from './secrets.ts'
import { lockedEnv } from './source-policy.ts'

export interface Exported {
  readonly exported: boolean
}

/** When it is asked for: after the gate, after a push has logged in, or when the job ends and there was no gate. */
export type Moment = 'gate' | 'push' | 'end'

interface Writing extends Where {
  readonly when: Moment
  /** the login for a push, where there is one by now */
  readonly login?: Login
}

/**
 * Writes the layer caches of a build that is in the builder already: a solve of nothing but hits, within its own
 * deadline. Never throws for cache trouble: gives a reason.
 */
export async function exportCache(build: Build, where: Writing, scope: Scope): Promise<Result<Exported>> {
  const cache = await openCache(build, where.builder.stages !== 'layout', scope)
  const { to, why } = await targetsOf(build, cache, scope)
  if (to.length === 0) return { status: 'skipped', reason: cache.plan.why }
  const other = whyAtAnotherTime(build, where.when, cache)
  if (other !== undefined) return { status: 'skipped', reason: other }
  if (where.when === 'gate' && (await isWrittenAlready(build, cache, scope)))
    return { status: 'skipped', reason: 'every step came from a cache: there is nothing to add' }
  scope.say(cache.plan.why)
  if (why !== undefined) scope.say(`Cache: ${why}`)
  const fault = await write({ build, where, cache, to }, scope)
  scope.signal.throwIfAborted()
  const reason = fault === undefined ? why : `cache not written: ${fault}`
  if (fault !== undefined) scope.say(`Cache: not written: ${fault}`)
  return {
    value: { exported: fault === undefined },
    ...(reason === undefined ? {} : { reason }),
    cache: writingOf(cache, to, reason === undefined ? [] : [reason]),
  }
}

/** What lies in a registry that is pushed to is written with the login of the push; all else after the gate. */
function whyAtAnotherTime({ repositories }: Build, when: Moment, { plan }: OpenCache): string | undefined {
  const hosts = repositories.map(repository => `${repository.split('/', 1)[0]}/`)
  const beside = plan.to.some(item => hosts.some(host => attributesOf(item)?.ref?.startsWith(host)))
  if (when === 'gate' && beside) return 'it is written when a push has logged in'
  return when === 'push' && !beside ? 'it was written after the gate' : undefined
}

interface Targets {
  /** values of `--cache-to` */
  readonly to: readonly string[]
  /** why it is less than was asked for */
  readonly why?: string
}

async function targetsOf(build: Build, { plan }: OpenCache, scope: Scope): Promise<Targets> {
  if (plan.folder !== undefined)
    return { to: [`type=local,dest=${freshOf(plan.folder, scope)},mode=${build.cache.mode}`] }
  if (plan.type !== 'gha' || plan.to.length === 0) return { to: plan.to }
  const { mode } = build.cache
  const share = planShare({ mode, steps: (await readSteps(build, scope)).length, exports: build.exports })
  const to = plan.to.map(item => item.replace(`mode=${mode}`, `mode=${share.mode}`))
  return share.why === undefined ? { to } : { to, why: share.why }
}

/**
 * A folder is written whole, which takes as long when nothing is new. Elsewhere BuildKit looks what is there, and a
 * cache that is used stays alive.
 */
async function isWrittenAlready(build: Build, { plan }: OpenCache, scope: Scope): Promise<boolean> {
  if (plan.folder === undefined || !existsSync(join(plan.folder, 'index.json'))) return false
  const steps = await readSteps(build, scope)
  return steps.length > 0 && steps.every(({ cached }) => cached)
}

/** Steps that the build went through, as its part tells them. */
const readSteps = async (build: Build, scope: Scope): Promise<readonly Vertex[]> =>
  stepsOf((await partsOf(build, scope)).flatMap(({ vertices }) => vertices ?? []))

async function partsOf({ name, target = '', platform }: Build, { run }: Scope): Promise<readonly Part[]> {
  const parts = await readParts(run.directory)
  return parts.filter(({ value }) => {
    const made = Object(value) as Readonly<Record<string, unknown>>
    return made.name === name && made.target === target && (platform === 'native' || made.platform === platform)
  })
}

/** When the builder had read the context, in ms since 1970; now, where nothing tells. */
async function timeOfContext(build: Build, scope: Scope): Promise<number> {
  const parts = await partsOf(build, scope)
  const read = parts.flatMap(({ vertices = [], ended }) => {
    const { completed } = vertices.find(({ name }) => name === '[internal] load build context') ?? {}
    return Date.parse(completed ?? ended)
  })
  return Math.min(Date.now(), ...read)
}

// A folder of its own and a rename: a cache that is half written or grown without end is never read.
const freshOf = (folder: string, { run }: Scope): string => `${folder}.${run.id}`

interface Work {
  readonly build: Build
  readonly where: Writing
  readonly cache: OpenCache
  readonly to: readonly string[]
}

/** Gives the cause where it could not be written. */
async function write({ build, where, cache, to }: Work, scope: Scope): Promise<string | undefined> {
  const { folder } = cache.plan
  const limit = AbortSignal.timeout(build.cache.timeout)
  try {
    await solveAll({ build, where, cache, to }, { ...scope, signal: AbortSignal.any([scope.signal, limit]) })
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true })
      await rename(freshOf(folder, scope), folder)
    }
    // BuildKit says nothing when it can't upload the index, without which the layers are of no use.
    const isLost = cache.plan.type === 'gha' && cache.tally.written.size === 0
    return isLost ? `${troubleOf(cache) ?? 'its index was not taken'}` : undefined
  } catch (error) {
    if (folder !== undefined) await rm(freshOf(folder, scope), { recursive: true, force: true }).catch(() => {})
    const late = limit.aborted ? `not done within ${build.cache.timeout / 1000} s` : undefined
    const said = error instanceof Error ? error.message : String(error)
    return [late, troubleOf(cache)].filter(text => text !== undefined).join('; ') || (azureAdvice(said) ?? said)
  }
}

/** What the cache service said last, which BuildKit passes on in other words. */
const troubleOf = ({ tally }: OpenCache): string | undefined => [...tally.troubles].at(-1)

/** A command that is running: what is in a cache never does. It may have effects, and nobody asked for it twice. */
const isDoneAnew = ({ name, started, completed, cached }: Vertex): boolean =>
  /^\[(?:[^\]]*\s)?\d+\/\d+\] RUN\b/.test(name) && started !== undefined && completed === undefined && !cached

const whyAnew = (name: string): string =>
  `${name} would be done again: files of the context, or the base image, changed since the build. Name in .dockerignore what later steps write there.`

/** @throws OutsideError when the solve fails, the signal's reason when it is too late */
async function solveAll({ build, where, cache, to }: Work, scope: Scope): Promise<void> {
  const resolved = await resolveContexts(build.config, scope)
  await using then = await hideLaterFiles(resolved, await timeOfContext(build, scope), scope)
  await using contexts = await openNormalContexts(then.config, scope)
  const { config, env } = await openSecrets(contexts.config, scope)
  const place = { ...placeOf(build, where, scope), cacheFrom: cache.from.map(cache.through) }
  const argv = planCacheExport({ ...build, config }, place, to.map(cache.through))
  const login = where.login?.folder === undefined ? {} : { DOCKER_CONFIG: where.login.folder }
  const progress = createProgress()
  const redone = new AbortController()
  const say = (line: string): void => {
    for (const text of progress.read(line)) scope.say(text)
    const anew = progress.vertices.find(isDoneAnew)
    if (anew !== undefined) redone.abort(new OutsideError(whyAnew(anew.name)))
  }
  const signal = AbortSignal.any([scope.signal, redone.signal])
  const inside = { ...scope, signal }
  const given = { ...env, ...cache.env, ...login, ...(await lockedEnv(scope)) }
  const program = { ...programOf(build, argv, { scope: inside, env: given }), say }
  const end = await runProgram(program)
  if (end.exitCode === 0) return
  const words = progress.rest.findLast(line => line.startsWith('ERROR: '))
  throw new OutsideError(
    words?.replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '') ?? failureOf(program, end),
  )
}
