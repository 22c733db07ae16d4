import { typesOf } from './alternatives.ts'
import { notation } from './mention.ts'
import { shapeAt } from './shape.ts'
import { isTree, type Path } from './tree.ts'

/** A mention of a matrix in a text. */
export interface Reference {
  readonly path: Path
  /** undefined where it is more than the name of a value */
  readonly key: string | undefined
  /** it is in the name of a key, which is the same for all */
  readonly inName: boolean
}

/** Pure: all mentions of a matrix in a tree. `path`: where the tree is. */
export function referencesIn(value: unknown, path: Path): readonly Reference[] {
  if (typeof value === 'string') return keysIn(value).map(key => ({ path, key, inName: false }))
  if (Array.isArray(value)) return value.flatMap((item, index) => referencesIn(item, [...path, index]))
  if (!isTree(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    ...keysIn(name).map(key => ({ path: [...path, name], key, inName: true })),
    ...referencesIn(inner, [...path, name]),
  ])
}

const keysIn = (text: string): readonly (string | undefined)[] =>
  [...text.matchAll(notation)].map(([, inner = '']) => keyOf(inner))

const keyOf = (inner: string): string | undefined => /^\.([A-Za-z_][\w-]*)\s*$/.exec(inner)?.[1]

/** True for text that mentions a matrix still. */
export const isUnfilled = (value: unknown): boolean => typeof value === 'string' && keysIn(value).length > 0

/** Pure: a text without its mentions of a matrix, and what joined them to it: `acme/web-${{ matrix.os }}` is `acme/web`. */
export const withoutReferences = (text: string): string =>
  text.replaceAll(new RegExp(`[-._]*${notation.source}`, notation.flags), '')

/** Pure: a tree with the values of one combination in it. `path`: where the tree is. */
export function fill(value: unknown, values: Readonly<Record<string, string>>, path: Path): unknown {
  if (typeof value === 'string') return fillText(value, values, path)
  if (Array.isArray(value)) return value.map((item, index) => fill(item, values, [...path, index]))
  if (!isTree(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, values, [...path, key])]))
}

function fillText(text: string, values: Readonly<Record<string, string>>, path: Path): unknown {
  const filled = text.replaceAll(notation, (_, inner: string) => values[keyOf(inner) ?? ''] ?? '')
  return filled !== text && withoutReferences(text) === '' ? typed(filled, path) : filled
}

/** A value that stands alone is what its place wants: `app: { port: ${{ matrix.port }} }` is a number. */
function typed(text: string, path: Path): unknown {
  const types = typesOf(shapeAt(path) ?? {})
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  const isNumber = !types.has('string') && (types.has('integer') || types.has('number'))
  return isNumber && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
