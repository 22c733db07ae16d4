import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { openCache } from '../cache/open.ts'
import { addressOfRun, isPublic } from '../github/job.ts'
import { type Image, referenceOf } from '../record/image.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import { attestFlags } from './attest.ts'
import { bakeKeyOf } from './bake.ts'
import { type BakeRequest, openBake } from './bake-open.ts'
import { type BakePlan, planBake } from './bake-plan.ts'
import { roundsOf, solveRounds } from './bake-rounds.ts'
import { readsOf, wishesOf } from './bake-wishes.ts'
import { placeOf, stagedImage, type Where } from './build.ts'
import { solveCached } from './cached.ts'
import { findLeaks, leakMessage } from './leak.ts'
import { solveName } from './output.ts'
import { type Solved, solve } from './solve.ts'

/** The images of a bake by their targets. */
export type BakedImages = Readonly<Record<string, Image>>

/** Builds all targets in one solve, so that a stage that they share is built once, and stages each by digest. */
export async function bakeImages(request: BakeRequest, where: Where, scope: Scope): Promise<Result<BakedImages>> {
  const { builds } = request
  // An image is in one bake of a platform, and there may be several bakes of it.
  const file = solveName(builds[0].name, 'bake', request.platform)
  // Its own: another process may bake the same in this run.
  const metadataFile = join(scope.run.directory, 'metadata', `${file}.json.${randomBytes(4).toString('hex')}`)
  await mkdir(dirname(metadataFile), { recursive: true })
  const cache = await openCache(wishesOf(request), where.builder.stages !== 'layout', scope)
  for (const line of cache.why) scope.say(line)
  const { plan, env, values } = await openBake(request, { where, folders: cache.folders }, scope)
  const metadata: Metadata = {}
  const targets = builds.map(({ target = '' }) => target)
  const place = {
    builder: where.builder.name,
    metadataFile,
    attestations: attestationsOf(request, scope),
    inline: targets.filter((_, at) => cache.plans[at]?.inline),
  }
  const solveThese = async (asked: readonly string[], cacheFrom: BakePlan['cacheFrom']): Promise<Solved> => {
    const { argv, definition: input } = planBake({ ...plan, cacheFrom }, { ...place, asked })
    const given = { ...scope.env, ...env, ...cache.env }
    const program = { title: `Bake ${asked.join(', ')}`, argv, cwd: scope.context, env: given, input }
    const solved = await solve(program, { dockerfile: onlyFile(request), scope, metadataFile })
    if (solved.failure !== undefined) return solved
    const written = await readMetadata(metadataFile)
    // What others are built on is in it as well, without an image: that came, or comes, in a round of its own.
    for (const target of asked) Object.assign(metadata, { [target]: written[target] })
    return solved
  }
  const attempt = async (from: readonly (readonly string[])[]): Promise<Solved> => {
    const reads = readsOf(request, from)
    if (from.flat().length === 0 || isAnew(plan)) return solveThese(targets, reads)
    return solveRounds(roundsOf(plan.targets, targets), asked => solveThese(asked, onlyOf(reads, asked)))
  }
  const akin = bakeKeyOf(builds[0].config)
  const { failure, ...evidence } = await solveCached(cache, { akin, attempt }, scope)
  if (failure !== undefined) return { ...failure, ...evidence }
  const staged = await stagedImages(request, { where, scope, metadata })
  const leaks = await Promise.all(staged.map(image => findLeaks(image, values.get(image.target) ?? new Map(), scope)))
  if (leaks.flat().length > 0) return { status: 'failed', reason: leakMessage(leaks.flat()), ...evidence }
  for (const image of staged) scope.say(`Staged ${referenceOf(image)} (${image.platform})`)
  return { value: Object.fromEntries(staged.map(image => [image.target, image])), ...evidence }
}

/** Those of the first: a solve has one answer, and images of one bake share the section that asks. */
const attestationsOf = ({ builds }: BakeRequest, { rights }: Scope): readonly string[] =>
  attestFlags(builds.find(({ ships }) => ships)?.config ?? {}, {
    isPublic: isPublic(rights),
    run: addressOfRun(rights),
  })

/** The Dockerfile of all targets, where it is one: then an error's line is a place in it. */
function onlyFile({ builds }: BakeRequest): string | undefined {
  const files = new Set(builds.map(({ config }) => config.file))
  return files.size === 1 ? [...files][0] : undefined
}

/** What others read was read in a solve before. */
const onlyOf = (reads: BakePlan['cacheFrom'], asked: readonly string[]): BakePlan['cacheFrom'] =>
  Object.fromEntries(Object.entries(reads).filter(([name]) => asked.includes(name)))

/** Steps that are to be done anew are done anew in every solve: then there is one. */
const isAnew = ({ fresh, targets }: Pick<BakePlan, 'fresh' | 'targets'>): boolean =>
  fresh.includes('--no-cache') ||
  Object.values(targets).some(target => target['no-cache'] === true || target['no-cache-filter'] !== undefined)

type Metadata = z.output<typeof metadataSchema>
const metadataSchema = z.record(z.string(), z.json())

// docker/buildx, docs/reference/buildx_bake.md, "--metadata-file": what a build writes, by target.
const readMetadata = async (file: string): Promise<Metadata> =>
  metadataSchema.parse(JSON.parse(await readFile(file, 'utf8')))

interface Staged {
  readonly where: Where
  readonly scope: Scope
  readonly metadata: Metadata
}

const stagedImages = ({ builds }: BakeRequest, { where, scope, metadata }: Staged): Promise<readonly Image[]> =>
  Promise.all(
    builds.map(build =>
      stagedImage(build, { ...placeOf(build, where, scope), metadata: metadata[build.target ?? ''] }, scope),
    ),
  )
