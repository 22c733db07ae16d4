import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument as parse,
  visit,
} from 'yaml'
import type { Fault } from './fault.ts'
import type { Path } from './tree.ts'

/** A YAML document as plain values, with the place of each key. `tree` is undefined when the document is empty. */
export interface Source {
  readonly tree: unknown
  readonly faults: readonly Fault[]
  /** the place of a key, or of the nearest one around it that is there; undefined when there is none */
  locate(path: Path): Fault['at']
}

/** Maps whose values are text whatever they look like: `OTP_VERSION: 27.0` must not become 27. */
const textual = new Set(['build-args', 'build-contexts', 'labels', 'env', 'tags', 'vars'])

/** Parses YAML 1.2 with merge keys. Never throws: what is wrong is in `faults`, and never quotes the document. */
export function parseDocument(text: string): Source {
  const counter = new LineCounter()
  const document = parse(text, { lineCounter: counter, prettyErrors: false, stringKeys: true, merge: true })
  const at = (offset: number) => ({ line: counter.linePos(offset).line, column: counter.linePos(offset).col })
  const broken = [...document.errors, ...document.warnings].map(({ message, pos }) =>
    fault(unquoted(message), at(pos[0])),
  )
  const offsetOf = (path: Path) => offsetAt(document, path)
  const locate = (path: Path) => optional(offsetOf(path), at)
  const faults = [
    ...broken,
    ...danglingIn(document).map(offset => fault('no such anchor before this alias', at(offset))),
  ]
  if (faults.length > 0) return { tree: undefined, faults, locate }
  keepText(document)
  return { ...plain(document), locate }
}

const fault = (message: string, at: NonNullable<Fault['at']>): Fault => ({ path: [], message, at })

const optional = <T, U>(value: T | undefined, map: (value: T) => U): U | undefined =>
  value === undefined ? undefined : map(value)

/** The parser's messages, without the pieces of the document that some of them quote: it may hold a secret. */
const unquoted = (message: string): string => message.replace(/:?\s*".*$/s, '')

/** Offsets of aliases that stand for nothing. */
function danglingIn(document: Document.Parsed): readonly number[] {
  const offsets: number[] = []
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) offsets.push(alias.range?.[0] ?? 0)
    },
  })
  return offsets
}

function keepText(document: Document.Parsed): void {
  visit(document, {
    Pair(_, { key, value }, around) {
      if (isScalar(key) && textual.has(String(key.value)) && isMap(value))
        for (const { value: item } of value.items) keepSource(item)
      if (isMatrix(key, around) && isMap(value))
        visit(value, { Scalar: (at, item) => (at === 'key' ? undefined : keepSource(item)) })
    },
  })
}

function keepSource(item: unknown): void {
  if (isScalar(item) && item.value !== null && item.source !== undefined) item.value = item.source
}

/** True for `matrix` at the root, and for that of an image: `images`, its name, its keys. */
function isMatrix(key: unknown, around: readonly unknown[]): boolean {
  if (!isScalar(key) || key.value !== 'matrix') return false
  const [, , images] = around
  return (
    around.length === 2 ||
    (around.length === 6 && isPair(images) && isScalar(images.key) && images.key.value === 'images')
  )
}

function plain(document: Document.Parsed): Pick<Source, 'tree' | 'faults'> {
  try {
    const tree: unknown = document.toJS({ maxAliasCount: 100 })
    // Throws where an alias holds itself, which nothing after this could walk.
    const json = JSON.stringify(tree)
    if (json.includes('"__proto__":'))
      return { tree: undefined, faults: [{ path: [], message: '__proto__ is no key' }] }
    return { tree: tree ?? undefined, faults: [] }
  } catch {
    return {
      tree: undefined,
      faults: [{ path: [], message: 'too many aliases, or an alias inside of what it stands for' }],
    }
  }
}

/** The offset of the deepest key of a path that is in the document. */
function offsetAt(document: Document.Parsed, path: Path): number | undefined {
  let node: unknown = document.contents
  let offset: number | undefined
  for (const key of path) {
    const step = stepInto(isAlias(node) ? node.resolve(document) : node, key)
    if (step === undefined) return offset
    offset = step.offset
    node = step.node
  }
  return offset
}

function stepInto(node: unknown, key: string | number): { offset: number | undefined; node: unknown } | undefined {
  if (isSeq<{ range?: readonly number[] }>(node) && typeof key === 'number') {
    const item = node.items[key]
    return item && { offset: item.range?.[0], node: item }
  }
  const pair = isMap(node)
    ? node.items.find(item => isScalar(item.key) && String(item.key.value) === String(key))
    : undefined
  return pair && isScalar(pair.key) ? { offset: pair.key.range?.[0], node: pair.value } : undefined
}
