import { attributesOf } from '../tags/list.ts'
import { type Combination, combinationsOf, known } from './combinations.ts'
import type { Fault } from './fault.ts'
import { matrixSchema } from './matrix-schema.ts'
import { mention } from './mention.ts'
import { fill, type Reference, referencesIn } from './reference.ts'
import { isTree, type Tree } from './tree.ts'
import { show } from './wording.ts'

/** Images with each combination of a matrix as an image of its own. */
export interface Combined {
  readonly images: unknown
  /** the image that each combination was written as */
  readonly origins: ReadonlyMap<string, string>
  /** their paths are those of the images as they were written */
  readonly faults: readonly Fault[]
}

/**
 * Puts its combinations in the place of each image with a matrix, their values in the place of `${{ matrix.os }}`. Pure.
 * What is no matrix stays, for the schema to say what it is.
 */
export function combine(images: unknown): Combined {
  if (!isTree(images)) return { images, origins: new Map(), faults: [] }
  const all = Object.entries(images).map(([name, image]) => ({ name, ...combineOne(name, image) }))
  const named = all.flatMap(({ name, entries }) => entries.map(([combination]) => [combination, name] as const))
  return {
    images: Object.fromEntries(all.flatMap(({ entries }) => entries)),
    origins: new Map(named),
    faults: [...all.flatMap(({ faults }) => faults), ...namesakesIn(named)],
  }
}

interface One {
  readonly entries: readonly (readonly [string, unknown])[]
  readonly faults: readonly Fault[]
}

function combineOne(name: string, image: unknown): One {
  const path = ['images', name]
  const alone = [[name, image]] as const
  if (!isTree(image)) return { entries: alone, faults: [] }
  const { matrix, ...own } = image
  const references = referencesIn(own, path)
  if (matrix === undefined) return { entries: alone, faults: references.map(unmatched) }
  const parsed = matrixSchema.safeParse(matrix)
  if (!parsed.success) return { entries: alone, faults: [] }
  const inner = [...path, 'matrix']
  const made = combinationsOf(parsed.data, inner)
  const faults = [
    ...('faults' in made ? made.faults : misreferenced(references, made.combinations)),
    ...referencesIn(matrix, inner).map(refused('a matrix is not made of its own values')),
  ]
  if (faults.length > 0 || 'faults' in made) return { entries: [[name, own]], faults }
  const suffix = suffixFor(own, made.combinations)
  return {
    entries: made.combinations.map(one => [nameOf(name, one), withSuffix(fill(own, one, path), suffix(one))]),
    faults,
  }
}

const unmatched = refused('there is no matrix here; give the image one: matrix: { os: [debian, alpine] }')

/** What is wrong with mentions of a matrix where none can be. */
export function refused(reason: string): (reference: Reference) => Fault {
  return ({ path, key }) => ({ path, message: `found ${mention(key ?? '…')}, but ${reason}` })
}

function misreferenced(references: readonly Reference[], combinations: readonly Combination[]): readonly Fault[] {
  const names = [...new Set(combinations.flatMap(Object.keys))]
  return references.flatMap(reference => {
    const { path, key, inName } = reference
    if (key === undefined) return [{ path, message: `expected ${mention('NAME')} and nothing else in the braces` }]
    if (inName) return [refused('names of keys are the same for all combinations')(reference)]
    if (!names.includes(key)) return [refused(`the matrix has no ${known(key, names)}`)(reference)]
    const without = combinations.find(one => !Object.hasOwn(one, key))
    return without === undefined ? [] : [refused(`${listed(without)} has no ${key}; give it one`)(reference)]
  })
}

const listed = (one: Combination): string =>
  `{ ${Object.entries(one)
    .map(([name, value]) => `${name}: ${show(value)}`)
    .join(', ')} }`

const nameOf = (image: string, one: Combination): string =>
  [image, ...Object.values(one).map(slug)].filter(part => part !== '').join('-')

const slug = (value: string): string =>
  value
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** Two images of one name would be one; of those, one that was not written so is told. */
function namesakesIn(named: readonly (readonly [string, string])[]): readonly Fault[] {
  return [...Map.groupBy(named, ([name]) => name)].flatMap(([name, all]) => {
    if (all.length === 1) return []
    const [, image] = all.find(([, origin]) => origin !== name) ?? [name, name]
    const message = `two images would be called ${name}; tell them apart by their letters and digits`
    return [{ path: ['images', image, 'matrix'], message }]
  })
}

/** The keys that say what an image is called. */
const naming = ['image', 'destinations', 'tags', 'flavor']

/**
 * What ends the tags of a combination: the values that what it is called does not mention. None where that tells all
 * combinations apart, or where there is a suffix already.
 */
function suffixFor(image: Tree, combinations: readonly Combination[]): (one: Combination) => string {
  const called = referencesIn(
    naming.map(key => image[key]),
    [],
  ).map(({ key }) => key)
  const told = new Set(combinations.map(one => JSON.stringify(called.map(key => one[key ?? '']))))
  if (hasSuffix(image.flavor) || (called.length > 0 && told.size === combinations.length)) return () => ''
  return one =>
    Object.entries(one)
      .filter(([key, value]) => value !== '' && !called.includes(key))
      .map(([, value]) => `-${value.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}`)
      .join('')
}

const hasSuffix = (flavor: unknown): boolean =>
  [flavor].flat().some(item => typeof item === 'string' && attributesOf(item, '').some(([key]) => key === 'suffix'))

function withSuffix(image: unknown, suffix: string): unknown {
  if (!isTree(image) || suffix === '') return image
  return { ...image, flavor: [...[image.flavor ?? []].flat(), `suffix=${suffix},onlatest=true`] }
}
