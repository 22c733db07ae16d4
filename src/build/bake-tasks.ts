import { UserError } from '../errors.ts'
import type { Image } from '../record/image.ts'
import { type Json, type Task, task } from '../task/task.ts'
import type { BakeDefinition } from './bake.ts'
import { type BakedImages, bakeImages, exportBakeCache } from './bake-images.ts'
import { withBuildkit } from './buildkit.ts'
import type { PlannedBuild, Where } from './tasks.ts'

/** Targets of the same bake files for the same platform. */
export interface PlannedBake {
  readonly definition: BakeDefinition
  readonly builds: readonly PlannedBuild[]
  readonly platform: string
}

/** Builds all targets in one solve. */
export const bakeTask = (id: string, bake: PlannedBake, where: Where): Task<BakedImages> =>
  task({
    id,
    request: requestOf(bake),
    needs: { ...where },
    estimate: 60_000,
    deadline: 3_600_000,
    perform: async (needed, scope) =>
      withBuildkit(
        await bakeImages(onThisMachine(bake), needed, scope),
        { builder: needed.builder, configs: bake.builds.map(({ config }) => config) },
        scope,
      ),
  })

/** The image of one target of a bake. */
export const bakedTask = (
  id: string,
  { target = '', name, image, platform, ships, labels }: PlannedBuild,
  bake: Task<BakedImages>,
): Task<Image> =>
  task({
    id,
    request: { target, name, image, platform, labels },
    needs: { bake },
    weight: 0,
    async perform({ bake: images }) {
      const made = images[target]
      if (made === undefined) throw new UserError(`build.targets: the bake files have no target ${target}`)
      return { value: made, images: ships ? [made] : [] }
    },
  })

/** Writes the caches that the bake files name, once the gate has spoken. */
export const bakeCacheTask = (
  id: string,
  bake: PlannedBake,
  needs: Where & { gate: Task<unknown>; baked: Task<BakedImages> },
) =>
  task({
    id,
    request: null,
    needs: { ...needs },
    estimate: 5_000,
    deadline: Math.max(...bake.builds.map(({ cache }) => cache.timeout)) + 60_000,
    perform: ({ builder, staging }, scope) => exportBakeCache(onThisMachine(bake), { builder, staging }, scope),
  })

const requestOf = ({ definition, builds, platform }: PlannedBake): Json => ({
  // As buildx wrote it: JSON.
  definition: JSON.parse(JSON.stringify(definition.targets)),
  targets: builds.map(({ target, image, labels, annotations }) => ({ target, image, labels, annotations })),
  platform,
})

const onThisMachine = ({ definition, builds, platform }: PlannedBake) => ({
  targets: definition.targets,
  builds: builds.map(({ baked: _, ...build }) => build),
  platform,
  allow: builds[0]?.config.allow,
})
