import type { Moment } from '../cache/moment.ts'
import type { Image, Index } from '../record/image.ts'
import type { Login } from '../registry/regctl.ts'
import { openStaging, type Staging } from '../run/staging.ts'
import { type Task, task } from '../task/task.ts'
import type { Built } from './again.ts'
import type { BakeDefinition } from './bake.ts'
import { type Build, buildImage } from './build.ts'
import { type Builder, type BuilderRequest, openBuilder } from './builder.ts'
import { type Exported, exportCache } from './cache.ts'
import type { BuildConfig } from './config.ts'
import { type IndexRequest, stageIndex } from './image-index.ts'
import { secretIds } from './secrets.ts'

/** A build as the plan names it: without anything of the machine that runs it. */
export interface PlannedBuild extends Build {
  /** where bake files say what it is: `target` is the name there */
  readonly baked?: BakeDefinition
}

export interface Where {
  readonly builder: Task<Builder>
  readonly staging: Task<Staging>
  /** fills the cache mounts of the builder, where they are kept between runs */
  readonly mounts?: Task<unknown>
}

export const stagingTask = (): Task<Staging> =>
  task({
    id: 'staging',
    request: null,
    needs: {},
    weight: 0,
    estimate: 2_000,
    perform: async (_, scope) => ({ value: await openStaging(scope) }),
  })

export const builderTask = (request: BuilderRequest): Task<Builder> =>
  task({
    id: 'builder',
    request: { ...request },
    needs: {},
    weight: 0,
    estimate: 3_000,
    perform: (_, scope) => openBuilder(request, scope),
  })

/** Builds and stages one target of one image. */
export const buildTask = (id: string, build: PlannedBuild, where: Where): Task<Image> =>
  task({
    id,
    request: requestOf(build),
    needs: { ...where },
    // Targets of one Dockerfile share stages and BuildKit's own workers: two at a time are no more work than one.
    weight: 0.5,
    estimate: 60_000,
    deadline: 3_600_000,
    perform: (needed, scope) => buildImage(build, needed, scope),
  })

/** Stages the index over the images of all platforms. */
export const indexTask = (id: string, request: IndexRequest, images: readonly Task<Image>[]): Task<Index> =>
  task({
    id,
    request: { ...request },
    needs: Object.fromEntries(images.map(image => [image.id, image])),
    weight: 0,
    perform: (made, scope) => stageIndex(request, Object.values(made), scope),
  })

interface Exporting extends Where {
  readonly image: Task<Image>
  readonly gate?: Task<unknown>
  readonly login?: Task<Login>
}

/** Writes the layer cache of a build. */
export const cacheTask = (id: string, built: Built, when: Moment, { login, ...needs }: Exporting): Task<Exported> =>
  task({
    id,
    request: { type: built.build.cache.type },
    needs: { ...needs, ...(login === undefined ? {} : { login }) },
    estimate: 5_000,
    deadline: built.build.cache.timeout + 60_000,
    perform: ({ builder, staging, ...more }, scope) =>
      exportCache(built, { builder, staging, when, ...('login' in more ? { login: more.login } : {}) }, scope),
  })

/** Where its caches are is no part of it: they make no other image. */
const requestOf = ({ name, image, ships, target, platform, labels, annotations, config, cache }: PlannedBuild) => ({
  ...{ name, image, ships, target, platform, labels, annotations },
  config: askedOf(config),
  cache: cache.type,
})

/** Where a secret comes from is no part of the question: a laptop has it elsewhere than a job. */
function askedOf(config: BuildConfig) {
  const { 'secret-envs': _, 'secret-files': __, ...asked } = config
  return { ...asked, secrets: secretIds(config) }
}
