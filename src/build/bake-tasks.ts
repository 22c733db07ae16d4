import { UserError } from '../errors.ts'
import type { Image } from '../record/image.ts'
import { type Json, type Task, task } from '../task/task.ts'
import type { BakeTarget } from './bake.ts'
import { type BakedImages, bakeImages } from './bake-images.ts'
import type { BakeRequest } from './bake-open.ts'
import type { PlannedBuild, Where } from './tasks.ts'

/** Builds all targets in one solve. */
export const bakeTask = (id: string, bake: BakeRequest, where: Where): Task<BakedImages> =>
  task({
    id,
    request: requestOf(bake),
    needs: { ...where },
    estimate: 60_000,
    deadline: 3_600_000,
    perform: (needed, scope) => bakeImages(bake, needed, scope),
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

const requestOf = ({ targets, builds, platform }: BakeRequest): Json => ({
  definition: jsonOf(targets),
  targets: builds.map(({ target, image, labels, annotations }) => ({ target, image, labels, annotations })),
  platform,
})

/** As buildx wrote it: JSON. */
const jsonOf = (targets: Readonly<Record<string, BakeTarget>>): Json => JSON.parse(JSON.stringify(targets))
