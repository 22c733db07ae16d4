import type { PlannedBuild } from '../build/tasks.ts'
import type { Image } from '../record/image.ts'
import type { Login } from '../registry/regctl.ts'
import type { Task } from '../task/task.ts'
import type { Builds } from './plan-builds.ts'
import type { ImagePlan } from './plan-image.ts'

type AnyTask = Task<unknown>

/** Pure: what writes layer caches once the gate has spoken: a cache is never in the way of a verdict. */
export const cachesAfter = (gate: AnyTask, images: readonly ImagePlan[], builds: Builds): readonly AnyTask[] =>
  images.flatMap(buildsOf).flatMap(({ id, build, image }) => builds.cacheOf(id, build, 'gate', { gate, image }))

/** Pure: what writes the caches of what was built without a gate, when the job is over. */
export const cachesAtEnd = (images: readonly ImagePlan[], builds: Builds): readonly AnyTask[] =>
  images.flatMap(buildsOf).flatMap(({ id, build, image }) => builds.cacheOf(`${id}:end`, build, 'end', { image }))

interface Around {
  readonly builds: Builds
  readonly gate: AnyTask
  readonly login: Task<Login>
}

/**
 * Pure: what writes the caches that lie beside an image that is pushed, with the push's own login: no such right exists
 * before the gate.
 */
export const cachesBeside = (images: readonly ImagePlan[], { builds, gate, login }: Around): readonly AnyTask[] =>
  images
    .flatMap(buildsOf)
    .flatMap(({ id, build, image }) => builds.cacheOf(`${id}:push`, build, 'push', { gate, image, login }))

interface Made {
  readonly id: string
  readonly build: PlannedBuild
  readonly image: Task<Image>
}

const buildsOf = ({ name, platforms, tests }: ImagePlan): readonly Made[] => [
  ...platforms.map(({ suffix, build, image }) => ({ id: `cache:${name}${suffix}`, build, image })),
  ...(tests === undefined ? [] : [{ id: `cache:${name}:tests`, build: tests.build, image: tests.image }]),
]
