import { posix } from 'node:path'
import { isRemote } from '../build/config.ts'
import type { Fault } from './fault.ts'
import {
  type Dockerfile,
  type Facts,
  type Guess,
  guessBuild,
  guessCompose,
  guessFrom,
  guessImage,
  guessNewman,
} from './guess.ts'
import { isTree, merge, type Tree, valueAt } from './tree.ts'

/** A configuration with what was guessed, and a note about each guess. */
export interface Inferred {
  readonly tree: Tree
  readonly notes: readonly string[]
  readonly faults: readonly Fault[]
}

interface Question {
  /** what the file says */
  readonly written: Tree
  readonly facts: Facts
  /** keys that an input or flag gives, such as `app.port` */
  readonly given: readonly string[]
}

/**
 * Guesses what was not written. Without any written key everything comes from the repository; else the file says which
 * stages there are, and only what can't be done without is guessed: the image's name, the only Dockerfile. Pure.
 */
export function infer({ written, facts, given }: Question): Inferred {
  if (Object.keys(written).length > 0) return inferredOf(gapsIn(written, facts), written, given)
  if (isElsewhere(facts, given)) return inferredOf([guessImage(facts), ...guessCompose(facts)], written, given)
  const dockerfile = choose(facts)
  if ('message' in dockerfile) return { tree: {}, notes: [], faults: [{ path: [], message: dockerfile.message }] }
  const build = guessFrom(dockerfile, facts.target)
  const hasApp = given.includes('app.port') || build.some(({ key }) => key === 'app.port')
  const guesses = [guessImage(facts), ...build, ...guessCompose(facts), ...guessNewman(facts, hasApp)]
  return inferredOf(guesses, written, given)
}

/** True where no Dockerfile of the repository says what is built, so that none is looked for. */
const isElsewhere = ({ context }: Facts, given: readonly string[]): boolean =>
  isRemote(context) || elsewhere.some(key => given.includes(`build.${key}`))

const elsewhere = ['bake-files', 'targets', 'set', 'vars', 'earthfile']

function inferredOf(guesses: readonly Guess[], written: Tree, given: readonly string[]): Inferred {
  const named = 'destinations' in written || given.includes('destinations')
  const kept = guesses.filter(({ key }) => !given.includes(key) && !(key === 'image' && named))
  const tree = [...kept.map(guess => guess.tree), written].reduce<unknown>(merge, {})
  return { tree: isTree(tree) ? tree : written, notes: kept.map(({ note }) => note), faults: [] }
}

function gapsIn(written: Tree, { dockerfiles, ...facts }: Facts): readonly Guess[] {
  const named = ['file', 'context', ...elsewhere].some(key => valueAt(written, ['build', key]) !== undefined)
  const [only, ...others] = dockerfiles
  const isPlain = only === undefined || others.length > 0 || only.path === 'Dockerfile'
  return [
    ...('image' in written || 'images' in written ? [] : [guessImage({ ...facts, dockerfiles })]),
    ...(named || isPlain || !isTree(written.build ?? {}) ? [] : guessBuild(only.path, undefined)),
  ]
}

function choose({ context, dockerfiles }: Facts): Dockerfile | { readonly message: string } {
  const [first, ...others] = dockerfiles
  if (first === undefined) {
    const where = context === '.' ? 'here: write one' : `in ${context}: see that this is the folder`
    return { message: `no Dockerfile ${where}, or name the file: input file, in pce.yml build.file` }
  }
  const chosen =
    dockerfiles.find(({ path }) => path === posix.join(context, 'Dockerfile')) ??
    (others.length === 0 ? first : undefined)
  const paths = dockerfiles.map(({ path }) => path).join(', ')
  return chosen ?? { message: `several Dockerfiles (${paths}): say in pce.yml which one ships, with build.file` }
}
