import type { z } from 'zod'
import { destinationOf } from '../tags/config.ts'
import { type Name, renderName, splitHost } from '../tags/name.ts'
import type { Config } from './config.ts'
import type { Fault } from './fault.ts'
import type { Owner } from './owner.ts'
import type { resolvedSchema } from './schema.ts'

type Parsed = z.output<typeof resolvedSchema>

/**
 * The configuration with the places that each image goes to: the full names that are given, or that which the image's
 * own name is, or its name in each of the registries. Pure.
 */
export const withDestinations = (parsed: Parsed): Config => ({
  ...parsed,
  images: Object.fromEntries(
    Object.entries(parsed.images).map(([name, image]) => {
      const { host, path } = splitHost(image.image)
      return [name, { ...image, image: path, destinations: placesOf(image, { host, path }, parsed.registries) }]
    }),
  ),
})

function placesOf(
  { destinations }: Parsed['images'][string],
  { host, path }: ReturnType<typeof splitHost>,
  registries: readonly string[],
): readonly Name[] {
  if (destinations.length > 0) return unique(destinations.flatMap(destinationOf))
  return (host === undefined ? registries : [host]).map(registry => ({ registry, repository: path }))
}

const unique = (names: readonly Name[]): readonly Name[] => [
  ...new Map(names.map(name => [renderName(name), name])).values(),
]

/** A registry that nothing goes to, since every image says where it goes itself. */
export function unusedRegistriesIn({ images, registries }: Config, owner: Owner): readonly Fault[] {
  const used = new Set(
    Object.values(images).flatMap(({ destinations }) => destinations.map(({ registry }) => registry)),
  )
  return registries
    .filter(host => !used.has(host))
    .map(host => ({
      ...owner(['registries']),
      message: `nothing goes to ${host}: the images name other places; leave it out, or give the image a name without a host`,
    }))
}
