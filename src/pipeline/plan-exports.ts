import { bakeKeyOf, cachesOf, reachedFrom } from '../build/bake.ts'
import { placeOf } from '../cache/given.ts'
import type { Config, ImageConfig } from '../config/config.ts'

/** Pure: caches that a run writes: one for each platform of an image, one for its tests. */
export const countExports = ({ images }: Config): number =>
  Object.values(images).reduce((sum, image) => sum + solvesOf(image).length, 0)

/** Pure: places that several builds of a run are told to write a cache to, by the configuration or by bake files. */
export function sharedPlaces({ images, cache: { 'cache-to': given } }: Config): readonly string[] {
  const all = Object.entries(images).flatMap(([name, image]) =>
    given === undefined
      ? namedBy(image)
      : solvesOf(image).map(({ target, platform }) => ({ writer: [name, target, platform].join(' '), to: given })),
  )
  const writes = new Map(all.map(({ writer, to }) => [writer, new Set(to.map(placeOf))]))
  const places = [...writes.values()].flatMap(set => [...set].filter(place => place !== undefined))
  return [...new Set(places.filter((place, at) => places.indexOf(place) < at))]
}

const solvesOf = ({ build, platforms, unit }: ImageConfig) => [
  ...platforms.map(platform => ({ target: build.target, platform })),
  ...(unit === undefined ? [] : [{ target: unit.target, platform: testPlatformOf(platforms) }]),
]

/** Pure: unit tests judge the source: once, on the only platform, or of several on that of the engine. */
export const testPlatformOf = (platforms: readonly string[]): string =>
  platforms.length === 1 ? (platforms[0] ?? 'native') : 'native'

/** What the targets of an image, and those that they are built on, write by their bake files: each once, whoever asks. */
function namedBy(image: ImageConfig) {
  const { targets = {} } = image.baked ?? {}
  return solvesOf(image).flatMap(({ target = '', platform }) =>
    reachedFrom(target, targets).flatMap(name => {
      const to = cachesOf(targets[name] ?? {})?.to ?? []
      return to.length === 0 ? [] : [{ writer: [bakeKeyOf(image.build), name, platform].join(' '), to }]
    }),
  )
}
