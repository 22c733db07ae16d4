import type { Wishes } from '../cache/open.ts'
import type { CacheWish } from '../cache/wish.ts'
import { cachesOf, reachedFrom } from './bake.ts'
import type { BakeRequest } from './bake-open.ts'
import type { Build } from './build.ts'

type Asked = Pick<BakeRequest, 'targets' | 'builds'>

/** Pure: whose caches a bake reads: those of its images, and of what they are built on. */
export const wishesOf = (bake: Asked): Wishes => [...bake.builds, ...linkedTo(bake, bake.builds)]

/** Pure: whose caches the solve writes that is for one of them. */
export const wishesFor = (build: Build, bake: Asked): Wishes => [build, ...linkedTo(bake, [build])]

/** Targets with caches of their own that no image is of, but that these images are built on. */
function linkedTo({ targets, builds }: Asked, images: readonly Build[]): readonly CacheWish[] {
  const { cache, platform, repositories, shared } = builds[0]
  const isImage = (name: string): boolean => builds.some(({ target }) => target === name)
  const reached = new Set(images.flatMap(({ target = '' }) => reachedFrom(target, targets)))
  return [...reached].flatMap(name => {
    const named = isImage(name) ? undefined : cachesOf(targets[name] ?? {})
    if (named === undefined) return []
    return [{ name, target: name, named, linked: true, cache, platform, repositories, shared }]
  })
}

/**
 * Pure: what each target reads, `from` being that of the wishes. One without a cache of its own reads that of the first
 * image that is built on it, which has its layers.
 */
export function readsOf(
  bake: Asked,
  from: readonly (readonly string[])[],
): Readonly<Record<string, readonly string[]>> {
  const own = wishesOf(bake).map(({ target = '' }, at) => [target, from[at] ?? []] as const)
  const lent = [...own]
    .reverse()
    .flatMap(([name, items]) => reachedFrom(name, bake.targets).map(one => [one, items] as const))
  return { ...Object.fromEntries(lent), ...Object.fromEntries(own.filter(([, items]) => items.length > 0)) }
}
