import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { onlyAnswering } from '../cache/reach.ts'
import { addressOfRun, isPublic } from '../github/job.ts'
import { failureOf, runProgram } from '../program/run.ts'
import { type Image, referenceOf } from '../record/image.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import { attestFlags } from './attest.ts'
import { type BakeTarget, secretsOf } from './bake.ts'
import { type BakePlan, planBake, planBakeCache } from './bake-plan.ts'
import { type Build, layoutsOf, placeOf, stagedImage, type Where } from './build.ts'
import type { BuildConfig } from './config.ts'
import { csvOf } from './csv.ts'
import { findLeaks, leakMessage } from './leak.ts'
import { solveName } from './output.ts'
import { pathsIn, refuseProcesses } from './processes.ts'
import { openSecrets } from './secrets.ts'
import { solve } from './solve.ts'
import { lockedEnv } from './source-policy.ts'

/** Targets of bake files that are solved together for one platform. */
export interface BakeRequest {
  readonly targets: Readonly<Record<string, BakeTarget>>
  readonly builds: readonly Build[]
  readonly platform: string
  readonly allow: BuildConfig['allow']
}

/** The images of a bake by their targets. */
export type BakedImages = Readonly<Record<string, Image>>

/** Builds all targets in one solve, so that a stage that they share is built once, and stages each by digest. */
export async function bakeImages(request: BakeRequest, where: Where, scope: Scope): Promise<Result<BakedImages>> {
  // An image is in one bake of a platform, and there may be several bakes of it.
  const file = `${solveName(request.builds[0]?.name ?? '', 'bake', request.platform)}.json`
  const metadataFile = join(scope.run.directory, 'metadata', file)
  await mkdir(dirname(metadataFile), { recursive: true })
  const { plan, env, values } = await openPlan(request, where, scope)
  const { argv, definition } = planBake(plan, {
    builder: where.builder.name,
    metadataFile,
    attestations: attestationsOf(request, scope),
  })
  const program = {
    title: titleOf(request),
    argv,
    cwd: scope.context,
    env: { ...scope.env, ...env },
    input: definition,
  }
  const { failure, ...evidence } = await solve(program, { dockerfile: onlyFile(request), scope, metadataFile })
  if (failure !== undefined) return { ...failure, ...evidence }
  const images = await stagedImages(request, { where, scope, metadataFile })
  const leaks = (
    await Promise.all(images.map(image => findLeaks(image, values.get(image.target) ?? new Map(), scope)))
  ).flat()
  if (leaks.length > 0) return { status: 'failed', reason: leakMessage(leaks), ...evidence }
  for (const image of images) scope.say(`Staged ${referenceOf(image)} (${image.platform})`)
  return { value: Object.fromEntries(images.map(image => [image.target, image])), ...evidence }
}

/** Writes the caches that the bake files name. Never throws for cache trouble: gives a reason. */
export async function exportBakeCache(
  request: BakeRequest,
  where: Where,
  scope: Scope,
): Promise<Result<{ exported: boolean }>> {
  const timeout = Math.max(...request.builds.map(({ cache }) => cache.timeout))
  const limit = AbortSignal.timeout(timeout)
  try {
    const { plan, env } = await openPlan(request, where, scope)
    const bake = planBakeCache(plan, where.builder.name)
    if (bake === undefined) return { status: 'skipped', reason: 'the bake files name no cache to write' }
    const { argv, definition: input } = bake
    const program = { title: titleOf(request), argv, cwd: scope.context, env: { ...scope.env, ...env }, input }
    const end = await runProgram({ ...program, signal: AbortSignal.any([scope.signal, limit]) })
    return end.exitCode === 0
      ? { value: { exported: true } }
      : { value: { exported: false }, reason: `cache not written: ${failureOf(program, end)}` }
  } catch (error) {
    scope.signal.throwIfAborted()
    const said = error instanceof Error ? error.message : String(error)
    const reason = `cache not written: ${limit.aborted ? `not done within ${timeout / 1000} s` : said}`
    return { value: { exported: false }, reason }
  }
}

const titleOf = ({ builds }: BakeRequest): string => `Bake ${builds.map(({ target }) => target).join(', ')}`

/** Those of the first: a solve has one answer, and images of one bake share the section that asks. */
const attestationsOf = ({ builds }: BakeRequest, { rights }: Scope): readonly string[] =>
  attestFlags(builds.find(({ ships }) => ships)?.config ?? {}, {
    isPublic: isPublic(rights),
    run: addressOfRun(rights),
  })

const freshFlags = (builds: readonly Build[]): readonly string[] => [
  ...(builds.some(({ config }) => config['no-cache'] === true) ? ['--no-cache'] : []),
  ...(builds.some(({ config }) => config.pull === true) ? ['--pull'] : []),
]

/** The Dockerfile of all targets, where it is one: then an error's line is a place in it. */
function onlyFile({ builds }: BakeRequest): string | undefined {
  const files = new Set(builds.map(({ config }) => config.file))
  return files.size === 1 ? [...files][0] : undefined
}

interface Open {
  readonly plan: BakePlan
  readonly env: Readonly<Record<string, string>>
  /** secrets by target and id */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, Buffer>>
}

async function openPlan(request: BakeRequest, where: Where, scope: Scope): Promise<Open> {
  const opened = await Promise.all(
    Object.entries(request.targets).map(async ([name, target]) => {
      const build = request.builds.find(one => one.target === name)
      await refuseProcesses(pathsIn({ context: target.context, 'build-contexts': target.contexts }), scope.context)
      const secrets = build?.config ?? secretsOf(target, name, { secrets: [] })
      return [name, await openSecrets({ ...secrets, context: '.', ssh: [] }, scope, name)] as const
    }),
  )
  return {
    plan: {
      ...request,
      targets: await openTargets(request.targets, scope),
      builds: request.builds.map(build => ({
        target: build.target ?? '',
        output: placeOf(build, where, scope).output,
        labels: build.labels,
        annotations: build.annotations,
      })),
      fresh: freshFlags(request.builds),
      layouts: where.builder.stages === 'layout' ? layoutsOf(scope.run) : undefined,
      secrets: Object.fromEntries(opened.map(([name, { config }]) => [name, config])),
    },
    env: Object.assign({}, ...opened.map(([, { env }]) => env), await lockedEnv(scope)),
    values: new Map(opened.map(([name, { values }]) => [name, values])),
  }
}

/** Targets without caches whose host says nothing. */
async function openTargets(targets: BakeRequest['targets'], scope: Scope): Promise<BakeRequest['targets']> {
  const wanted = Object.values(targets).flatMap(target => target['cache-from'] ?? [])
  const { from, notices } = await onlyAnswering(wanted.map(textOf), { env: scope.rights })
  for (const notice of notices) scope.say(`Cache: ${notice}`)
  const opened = Object.entries(targets).map(([name, target]) => {
    const caches = target['cache-from']?.filter(cache => from.includes(textOf(cache)))
    return [name, { ...target, ...(caches === undefined ? {} : { 'cache-from': caches }) }]
  })
  return Object.fromEntries(opened)
}

/** A cache as an option: newer versions of buildx write an object. */
const textOf = (cache: unknown): string =>
  typeof cache === 'string' ? cache : csvOf(Object.entries(Object(cache)).map(([name, value]) => `${name}=${value}`))

const metadataSchema = z.record(z.string(), z.json())

interface Staged {
  readonly where: Where
  readonly scope: Scope
  readonly metadataFile: string
}

// docker/buildx, docs/reference/buildx_bake.md, "--metadata-file": what a build writes, by target.
async function stagedImages(
  { builds }: BakeRequest,
  { where, scope, metadataFile }: Staged,
): Promise<readonly Image[]> {
  const all = metadataSchema.parse(JSON.parse(await readFile(metadataFile, 'utf8')))
  return Promise.all(
    builds.map(build =>
      stagedImage(build, { ...placeOf(build, where, scope), metadata: all[build.target ?? ''] }, scope),
    ),
  )
}
