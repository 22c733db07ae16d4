import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { openCache } from '../cache/open.ts'
import type { CacheWish } from '../cache/wish.ts'
import { UserError } from '../errors.ts'
import { addressOfRun, isPublic } from '../github/job.ts'
import type { Program } from '../program/run.ts'
import { digestSchema, type Image, referenceOf } from '../record/image.ts'
import { isIndexType, readConfiguration, readIndex, readManifest } from '../registry/registry.ts'
import type { Staging } from '../run/staging.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import { attestFlags } from './attest.ts'
import { bringIn } from './bring-in.ts'
import type { Builder } from './builder.ts'
import { solveCached } from './cached.ts'
import { isRemote } from './config.ts'
import { resolveContexts } from './context.ts'
import { differencesOf, whyNotReproducible } from './difference.ts'
import { splitIndex } from './index-manifest.ts'
import { findLeaks, leakMessage } from './leak.ts'
import { openNormalContexts } from './normal-context.ts'
import { dockerfileOf } from './options.ts'
import { type Stage, solveName, stagingOutput, stagingTag } from './output.ts'
import { type BuildRequest, planBuild } from './plan.ts'
import { withoutCache } from './reproducible.ts'
import { openSecrets } from './secrets.ts'
import { solve } from './solve.ts'
import { lockedEnv } from './source-policy.ts'

/** What a build is asked: its request, the image's key in the configuration, its repository name. */
export interface Build extends BuildRequest, CacheWish {
  /** `acme/web` */
  readonly image: string
  /** false for the image of the tests, which never leaves staging */
  readonly ships: boolean
  /** exports of caches in the whole run */
  readonly exports: number
}

export interface Where {
  readonly builder: Builder
  readonly staging: Staging
}

/** Builds one target for one platform and stages it by digest. A build that fails is a value with the reason. */
export async function buildImage(build: Build, where: Where, scope: Scope): Promise<Result<Image>> {
  checkContext(build, scope)
  const place = placeOf(build, where, scope)
  // Its own: another process may build the same in this run.
  const metadataFile = `${place.metadataFile}.${randomBytes(4).toString('hex')}`
  await mkdir(dirname(metadataFile), { recursive: true })
  await using contexts = await openNormalContexts(await resolveContexts(build.config, scope), scope)
  const { config, env, values } = await openSecrets(contexts.config, scope)
  const isChecked = build.ships && config.reproducible === 'check'
  const asked = { ...build, config: isChecked ? withoutCache(config) : config }
  const dockerfile = isRemote(build.config.context) ? undefined : dockerfileOf(build.config)
  const cache = await openCache([build], where.builder.stages !== 'layout', scope)
  for (const line of cache.why) scope.say(line)
  const given = { ...env, ...cache.env, ...(await lockedEnv(scope)) }
  const inlineCache = cache.plans.some(({ inline }) => inline)
  const attempt = ([cacheFrom = []]: readonly (readonly string[])[] = []) => {
    const argv = planBuild(asked, { ...place, metadataFile, cacheFrom, inlineCache })
    return solve(programOf(build, argv, { scope, env: given }), { dockerfile, scope, metadataFile })
  }
  const readStaged = async (): Promise<Image> =>
    stagedImage(build, { ...place, metadata: JSON.parse(await readFile(metadataFile, 'utf8')) }, scope)
  const { failure, ...evidence } = await solveCached(cache, { akin: akinTo(build, where), attempt }, scope)
  if (failure !== undefined) return { ...failure, ...evidence }
  const image = await readStaged()
  const leaks = await findLeaks(image, values, scope)
  if (leaks.length > 0) return { status: 'failed', reason: leakMessage(leaks), ...evidence }
  scope.say(`Staged ${referenceOf(image)} (${image.platform})`)
  if (isChecked) {
    const again = await attempt()
    if (again.failure !== undefined) return { ...again.failure, ...evidence }
    const reason = await compare(image, await readStaged(), scope)
    if (reason !== undefined) return { status: 'failed', reason, ...evidence }
  }
  await rename(metadataFile, place.metadataFile)
  return { value: image, ...evidence, images: build.ships ? [image] : [] }
}

/** How an image differs from the same one built again; undefined where it does not. */
async function compare(image: Image, again: Image, scope: Scope): Promise<string | undefined> {
  const reason = whyNotReproducible(image, again, await differencesOf(image, again, scope.signal))
  if (reason === undefined) scope.say(`Built twice without cache, with one digest: ${image.digest}`)
  return reason
}

/** Builds of one Dockerfile share steps; on other nodes those of another platform share none. */
const akinTo = ({ config, platform }: Build, { builder: { driver } }: Where): string =>
  JSON.stringify([config.context, dockerfileOf(config), /^docker(-container)?$/.test(driver) ? '' : platform])

function checkContext({ config }: Build, { context }: Scope): void {
  // What BuildKit fetches by itself can't be looked at from here.
  if (isRemote(config.context)) return
  const folder = join(context, config.context)
  if (!existsSync(folder)) throw new UserError(`build.context: there is no folder ${folder}`)
  const file = dockerfileOf(config)
  if (existsSync(join(context, file))) return
  throw new UserError(
    `build.file: there is no ${file} in ${context}\nName the Dockerfile: input file, in pce.yml build.file.`,
  )
}

/** Where builders that can't reach staging write their images. */
export const layoutsOf = ({ directory }: Scope['run']): string => join(directory, 'layouts')

export function placeOf(build: Build, { builder, staging }: Where, { run, rights }: Scope) {
  const parts = [build.name, build.target ?? 'default', build.platform] as const
  const file = solveName(...parts)
  const repository = `${staging.host}/${build.image}`
  const stage = {
    stages: builder.stages,
    repository,
    tag: stagingTag(run, parts),
    layout: join(layoutsOf(run), file),
  }
  return {
    builder: builder.name,
    repository,
    stage,
    output: stagingOutput(stage),
    metadataFile: join(run.directory, 'metadata', `${file}.json`),
    // What never leaves staging needs no provenance.
    attestations: attestFlags(build.ships ? build.config : {}, {
      isPublic: isPublic(rights),
      run: addressOfRun(rights),
    }),
  }
}

export const programOf = (
  build: Build,
  argv: readonly string[],
  { scope, env }: { scope: Scope; env: Program['env'] },
): Program => ({
  title: `Build ${build.name}`,
  argv,
  cwd: scope.context,
  env: { ...scope.env, ...env },
  signal: scope.signal,
})

// docker/buildx, docs/reference/buildx_build.md, "--metadata-file": with attestations the digest is that of an index.
const metadataSchema = z.looseObject({
  'containerimage.digest': digestSchema,
  'containerimage.descriptor': z.looseObject({ mediaType: z.string() }).optional(),
})

interface Solved {
  readonly repository: string
  readonly metadata: unknown
  readonly stage?: Stage
}

/** What a solve staged. `written` is what buildx wrote about it, `stage` how it comes to staging, where it is not there. */
export async function stagedImage(
  build: Pick<Build, 'name' | 'target'>,
  { repository, metadata: written, stage }: Solved,
  scope: Scope,
): Promise<Image> {
  const metadata = metadataSchema.parse(written)
  const made = { repository, digest: metadata['containerimage.digest'] }
  if (stage !== undefined) await bringIn(stage, made.digest, scope)
  const isIndex = isIndexType(metadata['containerimage.descriptor']?.mediaType ?? '')
  const { digest, attestations } = isIndex
    ? splitIndex(await readIndex(made, scope.signal))
    : { digest: made.digest, attestations: [] }
  const source = { repository, digest }
  const [{ config }, { os, architecture, variant }] = await Promise.all([
    readManifest(source, scope.signal),
    readConfiguration(source, scope.signal),
  ])
  const platform = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/')
  return {
    name: build.name,
    target: build.target ?? '',
    platform,
    ...source,
    config: config.digest,
    ...(attestations.length > 0 && { attestations: [...attestations] }),
  }
}
