import type { Fault } from './fault.ts'
import type { Matrix } from './matrix-schema.ts'
import type { Path } from './tree.ts'
import { nearest, show } from './wording.ts'

/** One value for each key of a matrix, keys in the order in which they were written. */
export type Combination = Readonly<Record<string, string>>

/** As many as GitHub makes of a matrix (docs.github.com, "Running variations of jobs in a workflow"). */
const limit = 256

type Combinations = { readonly combinations: readonly Combination[] } | { readonly faults: readonly Fault[] }

/** Pure: what a matrix makes: the values of its keys combined, without those excluded, with those included. */
export function combinationsOf({ include = [], exclude = [], ...axes }: Matrix, path: Path): Combinations {
  const names = Object.keys(axes)
  const wrong = [
    ...misnamed(names, path),
    ...include.flatMap((one, index) => misnamed(Object.keys(one), [...path, 'include', index])),
  ]
  const count = Object.values(axes).reduce((all, values) => all * values.length, names.length === 0 ? 0 : 1)
  const size = sizeFault(count + include.length, path)
  if (wrong.length > 0 || size !== undefined) return { faults: [...wrong, ...(size ?? [])] }
  const crossed = names.length === 0 ? [] : cross(Object.entries(axes))
  const idle = exclude.flatMap((pattern, index) =>
    idleFault(pattern, { crossed, names, path: [...path, 'exclude', index] }),
  )
  if (idle.length > 0) return { faults: idle }
  const kept = crossed.filter(one => !exclude.some(pattern => matches(one, pattern)))
  const combinations = [...kept, ...include.map(one => inOrder(one, names))]
  const none = { path: [...path, 'exclude'], message: 'leaves no combination; keep one, or take the matrix away' }
  return combinations.length === 0 ? { faults: [none] } : { combinations }
}

function sizeFault(count: number, path: Path): readonly Fault[] | undefined {
  if (count === 0)
    return [{ path, message: 'found no values, expected some for at least one key: os: [debian, alpine]' }]
  return count > limit ? [{ path, message: `makes ${count} combinations, expected at most ${limit}` }] : undefined
}

const misnamed = (names: readonly string[], path: Path): readonly Fault[] =>
  names
    .filter(name => !/^[A-Za-z_][\w-]*$/.test(name))
    .map(name => ({
      path: [...path, name],
      message: `found the name ${show(name)}, expected a name of letters, digits, dashes and underscores`,
    }))

const cross = (axes: readonly (readonly [string, readonly string[]])[]): readonly Combination[] =>
  axes.reduce<readonly Combination[]>(
    (all, [name, values]) => all.flatMap(one => values.map(value => ({ ...one, [name]: value }))),
    [{}],
  )

const matches = (one: Combination, pattern: Combination): boolean =>
  Object.entries(pattern).every(([name, value]) => Object.hasOwn(one, name) && one[name] === value)

interface Among {
  readonly crossed: readonly Combination[]
  readonly names: readonly string[]
  readonly path: Path
}

/** An exclude that matches nothing is a slip: what it was to keep out would be built. */
function idleFault(pattern: Combination, { crossed, names, path }: Among): readonly Fault[] {
  const unknown = names.length === 0 ? [] : Object.keys(pattern).filter(name => !names.includes(name))
  if (unknown.length > 0)
    return unknown.map(name => ({ path: [...path, name], message: `the matrix has no ${known(name, names)}` }))
  return crossed.some(one => matches(one, pattern)) ? [] : [{ path, message: 'matches no combination of the matrix' }]
}

/** Pure: a key that there is not, and what it was meant to be, or which ones there are. */
export function known(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return `${name}; ${near === undefined ? `it has ${names.join(', ')}` : `did you mean ${show(near)}?`}`
}

const inOrder = (one: Combination, names: readonly string[]): Combination => {
  const own = Object.keys(one).filter(name => !names.includes(name))
  const all = [...names.filter(name => Object.hasOwn(one, name)), ...own]
  return Object.fromEntries(all.map(name => [name, one[name] ?? '']))
}
