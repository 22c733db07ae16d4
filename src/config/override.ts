import { parseDocument } from './document.ts'
import type { Fault } from './fault.ts'
import { type Parsed, parseText } from './parse-text.ts'
import { shapeAt } from './shape.ts'
import { nest } from './tree.ts'

/** A value from outside the file, which wins over it. */
export interface Override {
  /** keys from the root of `pce.yml`: `['scan', 'block']` */
  readonly path: readonly string[]
  /** as it was typed */
  readonly text: string
  /** what to call it in a message: `input block`, `--block` */
  readonly from: string
}

/** What an override says, as the file would: a tree with that one value, or what is wrong with the text. */
export function treeOf({ path, text, from }: Override): { readonly tree: unknown } | { readonly fault: Fault } {
  const shape = shapeAt(path)
  if (shape === undefined) return { fault: { path, from, message: 'unknown key' } }
  const parsed = parseText(text, shape, parseYaml)
  return 'message' in parsed ? { fault: { path, from, message: parsed.message } } : { tree: nest(path, parsed.value) }
}

function parseYaml(text: string): Parsed {
  const { tree, faults } = parseDocument(text)
  const [fault] = faults
  return fault === undefined ? { value: tree } : { message: `line ${fault.at?.line ?? 1}: ${fault.message}` }
}
