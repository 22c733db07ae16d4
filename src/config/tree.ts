import { isTokenLike } from '../schema/fields.ts'

/** Where a value is in a configuration: `['images', 'web', 'tags', 0]`. */
export type Path = readonly (string | number)[]

/** A mapping as YAML or JSON gives it, before anything is known about its keys. */
export type Tree = Readonly<Record<string, unknown>>

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const child = (value: unknown, key: string | number): { readonly value: unknown } | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? // Own properties alone: a key such as `constructor` must not find what every object inherits.
      { value: (value as Record<string | number, unknown>)[key] }
    : undefined

/** How many leading parts of a path are there. */
export function depthOf(tree: unknown, [key, ...rest]: Path): number {
  const found = key === undefined ? undefined : child(tree, key)
  return found === undefined ? 0 : 1 + depthOf(found.value, rest)
}

/** The value at a path, or undefined when it is not there. */
export const valueAt = (tree: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => child(value, key)?.value, tree)

/** `own` over `base`: mappings are merged, anything else is replaced. */
export function merge(base: unknown, own: unknown): unknown {
  if (own === undefined) return base
  if (!isTree(base) || !isTree(own)) return own
  const keys = [...new Set([...Object.keys(base), ...Object.keys(own)])]
  return Object.fromEntries(keys.map(key => [key, merge(child(base, key)?.value, child(own, key)?.value)]))
}

/** A tree that holds one value: `nest(['scan', 'block'], 'high')` is `{ scan: { block: 'high' } }`. */
export const nest = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)

/** A path as users write it: `scan.block`, `registries[0]`, `checks."a b"`. */
export const showPath = (path: Path): string => path.map(showKey).join('').replace(/^\./, '')

function showKey(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`
  if (isTokenLike(key)) return '.(not shown)'
  return `.${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`
}
