import { destinationOf } from '../tags/config.ts'
import { type Combined, combine, refused } from './matrix.ts'
import { referencesIn, withoutReferences } from './reference.ts'
import { isImageKey } from './schema.ts'
import { isTree, merge, type Tree } from './tree.ts'

/** A configuration with all images written out, each combination of a matrix as one. */
interface Expanded extends Pick<Combined, 'origins' | 'faults'> {
  readonly tree: Tree
}

/**
 * Writes out all images: the root's defaults, each image's own keys over them, and `over` over all; the keys that
 * images share stay beside them. Works on values as they were written, before any default of the schema.
 */
export function expand(tree: Tree, over: Tree): Expanded {
  const { images, image, ...root } = tree
  const { image: name = image, ...rest } = over
  const defaults = { base: imagePart(root), over: imagePart(rest) }
  const merged = merge(sharedPart(root), sharedPart(rest))
  const shared = isTree(merged) ? merged : {}
  const written = name ?? firstPlace(merge(root.destinations, rest.destinations))
  const one = name === undefined ? {} : { image: name }
  const all = images === undefined ? { [nameOf(written)]: imageOf(one, defaults) } : eachOf(images, defaults)
  const combined = combine(all)
  return {
    tree: { ...shared, images: images === undefined ? named(combined.images) : combined.images },
    origins: combined.origins,
    faults: [...combined.faults, ...referencesIn(shared, []).map(refused('this holds for all images'))],
  }
}

/** The one image of a configuration may be named by its full names alone, each combination by its own. */
const named = (images: unknown): unknown =>
  isTree(images) ? Object.fromEntries(Object.entries(images).map(([name, image]) => [name, withName(image)])) : images

function withName(image: unknown): unknown {
  if (!isTree(image) || image.image !== undefined) return image
  const written = firstPlace(image.destinations)
  return written === undefined ? image : { image: written, ...image }
}

/** Where the image has full names only, the first of them is its name. */
function firstPlace(destinations: unknown): string | undefined {
  const [first] = [destinations]
    .flat()
    .flatMap(text => (typeof text === 'string' ? destinationOf(withoutReferences(text)) : []))
  return first?.repository
}

interface Defaults {
  readonly base: Tree
  readonly over: Tree
}

const imagePart = (tree: Tree): Tree => longhand(keysOf(tree, isImageKey))
const sharedPart = (tree: Tree): Tree => keysOf(tree, key => !isImageKey(key))

const keysOf = (tree: Tree, kept: (key: string) => boolean): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([key]) => kept(key)))

const eachOf = (images: unknown, defaults: Defaults): unknown =>
  isTree(images)
    ? Object.fromEntries(Object.entries(images).map(([name, own]) => [name, imageOf(own, defaults)]))
    : images

/** An image without keys of its own (`web:` in YAML) has the root's. */
function imageOf(own: unknown, { base, over }: Defaults): unknown {
  const written = own ?? {}
  if (!isTree(written)) return written
  const inherited = keysOf(base, key => !isDropped(written, key))
  const kept = keysOf(longhand(written), key => !isDropped(written, key))
  return merge(merge(inherited, kept), over)
}

const droppable = ['unit', 'app', 'newman', 'matrix']

/** True for a section that an image takes away with `false`. */
const isDropped = (own: Tree, key: string): boolean => droppable.includes(key) && own[key] === false

/** The short form of `newman` written out, so that it can be merged with the long one. */
function longhand(tree: Tree): Tree {
  const { newman } = tree
  return typeof newman === 'string' || Array.isArray(newman) ? { ...tree, newman: { collections: newman } } : tree
}

/** The last part of a repository's name as the name of an image: `acme/my_web` is `my-web`. */
function nameOf(repository: unknown): string {
  const last = typeof repository === 'string' ? (withoutReferences(repository).split('/').at(-1) ?? '') : ''
  const name = last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return name === '' ? 'image' : name
}
