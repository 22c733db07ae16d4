import type { Fault } from './fault.ts'
import type { Override } from './override.ts'
import { depthOf, isTree, type Path, type Tree, valueAt } from './tree.ts'

/** The configuration as it was written or inferred, and what wins over it. */
export interface Written {
  readonly tree: Tree
  readonly overrides: readonly Override[]
}

/** Finds where something in the expanded configuration was written: an override, an image, or the root. */
export type Owner = (path: Path) => Pick<Fault, 'path' | 'from'>

/** `origins`: the image that each combination of a matrix was written as. */
export const ownerIn =
  ({ tree, overrides }: Written, origins: ReadonlyMap<string, string>): Owner =>
  expanded => {
    const path = beforeMatrix(expanded, origins)
    const inner = withinImage(path)
    const override = overrides.findLast(one => one.path.every((key, index) => inner[index] === key))
    if (override !== undefined) return { path: inner, from: override.from }
    const written = asWritten(path, inner, tree)
    return depthOf(tree, written) > 0 ? { path: written } : { path: written, from: neighbour(inner, overrides) }
  }

/** `images.web-debian.build.file` is `images.web.build.file` where `web` has a matrix. */
function beforeMatrix(path: Path, origins: ReadonlyMap<string, string>): Path {
  const [images, name, ...rest] = path
  const origin = images === 'images' && name !== undefined ? origins.get(String(name)) : undefined
  return origin === undefined ? path : ['images', origin, ...rest]
}

/** `images.web.build.file` is `build.file` at the root. */
const withinImage = (path: Path): Path => (path[0] === 'images' && path.length > 1 ? path.slice(2) : path)

/** The image's own key where it comes as near as the root's. */
function asWritten(path: Path, inner: Path, tree: Tree): Path {
  const own = inner === path || (Object.hasOwn(tree, 'images') && depthOf(tree, path) - 2 >= depthOf(tree, inner))
  return asShort(own ? path : inner, tree)
}

/** `newman.collections` is `newman` where the short form was written. */
function asShort(path: Path, tree: Tree): Path {
  const newman = path.indexOf('newman')
  if (newman < 0 || path[newman + 1] !== 'collections') return path
  const written = valueAt(tree, path.slice(0, newman + 1))
  return written === undefined || isTree(written) ? path : path.toSpliced(newman + 1, 1)
}

/** The override that made the section in which something is missing. */
const neighbour = ([section, key]: Path, overrides: readonly Override[]): string | undefined =>
  key === undefined ? undefined : overrides.find(({ path }) => path[0] === section)?.from
