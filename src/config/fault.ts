import { secretMessage } from '../schema/fields.ts'
import type { Complaint } from './complaint.ts'
import { keysAt, whole } from './shape.ts'
import { type Path, showPath, valueAt } from './tree.ts'
import { anyOf, meant, nearest, show } from './wording.ts'

/** One thing that is wrong with a configuration. */
export interface Fault {
  /** the key it is about, as it was written; empty for the whole */
  readonly path: Path
  readonly message: string
  /** the input or flag that it came from; in the file when there is none */
  readonly from?: string | undefined
  /** where it is in the file, from 1, when the path does not tell */
  readonly at?: { readonly line: number; readonly column: number }
}

/** What a complaint tells the user. `tree` is what was judged, `path` the place as it was written. */
export function messageOf(complaint: Complaint, tree: unknown, path: Path): string {
  if (complaint.type === 'unknown') return unknownKey(path)
  if (complaint.type === 'name') return `found the name ${show(path.at(-1))}, expected ${anyOf([], complaint.phrases)}`
  return wrongValue(complaint, valueAt(tree, complaint.path))
}

function wrongValue({ values, phrases }: Extract<Complaint, { type: 'value' }>, found: unknown): string {
  const expected = `expected ${anyOf(values, phrases)}`
  if (found === undefined) return `missing, ${expected}`
  if (phrases.includes(secretMessage) && typeof found === 'string') return `found a value (not shown), ${expected}`
  const guess = meant(found, values)
  return `found ${show(found)}, ${expected}${guess === undefined ? '' : `; did you mean ${show(guess)}?`}`
}

function unknownKey(path: Path): string {
  const key = String(path.at(-1))
  const known = keysAt(path.slice(0, -1))
  const near = nearest(key, known)
  if (near !== undefined) return `unknown key; did you mean ${show(near)}?`
  const [home] = homesOf(key)
  return home === undefined ? `unknown key; known here: ${known.join(', ')}` : `unknown key; did you mean ${home}?`
}

/** Places at the root, or one below it, that know a key. */
function homesOf(key: string): readonly string[] {
  const roots = Object.keys(whole.properties ?? {})
  const paths = [[key], ...roots.map(root => [root, key])]
  return paths.filter(path => keysAt(path.slice(0, -1)).includes(key)).map(showPath)
}

export interface Place {
  /** the file as it is told to the user; undefined where there is none */
  readonly file: string | undefined
  locate(path: Path): Fault['at']
}

/** All faults, one a line, in the order of the file, those of inputs and flags first. */
export const renderFaults = (faults: readonly Fault[], place: Place): string =>
  [
    ...new Set(
      faults
        .map(fault => ({ fault, at: positionOf(fault, place) }))
        .toSorted(inOrder)
        .map(lineOf(place)),
    ),
  ].join('\n')

interface Located {
  readonly fault: Fault
  readonly at: Fault['at']
}

const positionOf = ({ at, from, path }: Fault, place: Place): Fault['at'] =>
  at ?? (from === undefined ? place.locate(path) : undefined)

const inOrder = (a: Located, b: Located): number =>
  (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0)

const lineOf =
  ({ file }: Place) =>
  ({ fault: { from, path, message }, at }: Located): string => {
    const place = from ?? (file === undefined || at === undefined ? file : `${file}:${at.line}:${at.column}`)
    const about = path.length === 0 ? message : `${showPath(path)}: ${message}`
    return place === undefined ? about : `${place}  ${about}`
  }
