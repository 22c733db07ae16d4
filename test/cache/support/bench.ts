import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { builtAlone } from '../../../src/build/again.ts'
import { type BakeDefinition, cachesOf } from '../../../src/build/bake.ts'
import { builtInBake } from '../../../src/build/bake-again.ts'
import { bakeImages } from '../../../src/build/bake-images.ts'
import type { BakeRequest } from '../../../src/build/bake-open.ts'
import { type Build, buildImage } from '../../../src/build/build.ts'
import { type Builder, openBuilder } from '../../../src/build/builder.ts'
import { builderConfigSchema } from '../../../src/build/builder-config.ts'
import { exportCache } from '../../../src/build/cache.ts'
import { buildConfigSchema } from '../../../src/build/config.ts'
import { cacheConfigSchema } from '../../../src/cache/config.ts'
import { placeOf } from '../../../src/cache/given.ts'
import type { Moment } from '../../../src/cache/moment.ts'
import type { Caches } from '../../../src/cache/wish.ts'
import { closeRun } from '../../../src/run/close.ts'
import { scrub } from '../../../src/run/environment.ts'
import { openStaging, type Staging } from '../../../src/run/staging.ts'
import type { Scope } from '../../../src/task/scope.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A run with a builder and a staging registry of its own, and a checkout whose Dockerfile has two stages. */
export interface Bench extends AsyncDisposable {
  readonly directory: string
  readonly builder: Builder
  /** Builds as a job with this environment does, and tells what it said. */
  build(env: Environment, cache?: object, target?: string): Promise<Heard<typeof buildImage>>
  /** Writes the cache of what was built. */
  write(env: Environment, cache?: object, when?: Moment, target?: string): Promise<Heard<typeof exportCache>>
  /** Bakes targets of `docker-bake.hcl`, given as buildx prints them; `images` are those that become an image. */
  bake(env: Environment, bake: Bake, cache?: object): Promise<Heard<typeof bakeImages>>
  /** Writes the cache of one image of a bake. */
  writeBaked(
    env: Environment,
    bake: Bake & { readonly image: string },
    cache?: object,
  ): Promise<Heard<typeof exportCache>>
  /** The builder forgets all that it did. */
  forget(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Targets by name, with what is other than usual. */
export interface Bake {
  readonly targets: BakeDefinition['targets']
  readonly images: readonly string[]
}

type Heard<F extends (...given: never[]) => unknown> = Awaited<ReturnType<F>> & { readonly said: string }

const dockerfile = `
FROM debian:bookworm-slim AS deps
COPY package.json /
RUN head -c 2000000 /dev/urandom > /deps
FROM deps AS compile
RUN cat /deps > /app
FROM debian:bookworm-slim
COPY --from=compile /app /app
RUN wc -c /app > /size
`

export async function openBench(): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), 'pce-bench-'))
  const context = join(root, 'web')
  // Containers and builders are called by it, and other tests have theirs at the same time.
  const id = randomBytes(4).toString('hex')
  await mkdir(context)
  await writeFile(join(context, 'Dockerfile'), dockerfile)
  await writeFile(join(context, 'package.json'), '{}')
  const directory = join(root, id)
  await mkdir(directory)
  const said: string[] = []
  // A run of its own each time, so that nothing of a service that failed before is remembered.
  const scopeOf = (env: Environment): Scope => ({
    run: { id, directory },
    context,
    newmanWorker: '',
    env: scrub({ ...process.env, ...env }),
    rights: { ...process.env, ...env },
    signal: new AbortController().signal,
    secret: () => undefined,
    credentials: () => undefined,
    say: line => void said.push(line),
    mask() {},
  })
  const made = <T>({ value }: { readonly value?: T }): T => {
    if (value === undefined) throw new Error(said.join('\n'))
    return value
  }
  const builder = made(
    await openBuilder(
      { config: builderConfigSchema.parse({}), needs: [], allow: [], platforms: ['native'] },
      scopeOf({}),
    ),
  )
  const staging: Staging = await openStaging(scopeOf({}))
  // Another repository after each time that the builder forgets: staging has no layer of it yet.
  let times = 0
  const buildOf = (cache: object, target?: string): Build => ({
    config: buildConfigSchema.parse({}),
    name: 'web',
    image: `acme/web${times}`,
    ships: true,
    target,
    platform: 'native',
    labels: {},
    annotations: {},
    repositories: [],
    exports: 1,
    shared: [],
    cache: cacheConfigSchema.parse(cache),
  })
  const bakeOf = ({ targets, images }: Bake, cache: object): BakeRequest => {
    const shared = sharedBy(images.flatMap(name => cachesOf(targets[name] ?? {}) ?? []))
    const builds = images.map(name => {
      const named = cachesOf(targets[name] ?? {})
      const all = { ...buildOf(cache), name, target: name, image: `acme/${name}${times}`, shared }
      return { ...all, exports: images.length, ...(named && { named }) }
    })
    const [first, ...others] = builds
    if (first === undefined) throw new Error('a bake without an image')
    return { targets, builds: [first, ...others], platform: 'native', allow: [] }
  }
  const heard = async <T extends object>(work: Promise<T>): Promise<T & { said: string }> => {
    said.length = 0
    const result = await work
    return { ...result, said: said.join('\n') }
  }
  return {
    directory: context,
    builder,
    build: (env, cache = {}, target) => heard(buildImage(buildOf(cache, target), { builder, staging }, scopeOf(env))),
    write: (env, cache = {}, when = 'gate', target) =>
      heard(exportCache(builtAlone(buildOf(cache, target)), { builder, staging, when }, scopeOf(env))),
    bake: (env, bake, cache = {}) => heard(bakeImages(bakeOf(bake, cache), { builder, staging }, scopeOf(env))),
    writeBaked(env, { image, ...bake }, cache = {}) {
      const request = bakeOf(bake, cache)
      const build = request.builds.find(({ target }) => target === image) ?? request.builds[0]
      return heard(exportCache(builtInBake(build, request), { builder, staging, when: 'gate' }, scopeOf(env)))
    },
    async forget() {
      times += 1
      await execa('docker', ['exec', `buildx_buildkit_${builder.name}0`, 'buildctl', 'prune', '--all'])
    },
    async [Symbol.asyncDispose]() {
      await closeRun({ id, directory }, { env: scrub(process.env) })
      await rm(root, { recursive: true, force: true })
    },
  }
}

const sharedBy = (all: readonly Caches[]): readonly string[] => {
  const places = all.flatMap(({ to }) => to.flatMap(item => placeOf(item) ?? []))
  return places.filter((place, at) => places.indexOf(place) < at)
}

/** What a job on a runner of GitHub has in its environment. */
export const onGitHub: Environment = {
  GITHUB_ACTIONS: 'true',
  RUNNER_ENVIRONMENT: 'github-hosted',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
}
