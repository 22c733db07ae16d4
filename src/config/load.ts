import { resolve } from 'node:path'
import { UserError } from '../errors.ts'
import type { Config } from './config.ts'
import { parseDocument, type Source } from './document.ts'
import { type Fault, type Place, renderFaults } from './fault.ts'
import type { Facts } from './guess.ts'
import { infer } from './infer.ts'
import { observeRepository } from './observe.ts'
import type { Override } from './override.ts'
import { type ConfigText, readConfig } from './read.ts'
import { resolveConfig } from './resolve.ts'
import { isTree, type Tree } from './tree.ts'
import { show } from './wording.ts'

export type { Override } from './override.ts'

interface Request {
  /** the repository: where `pce.yml` is looked for */
  readonly directory: string
  /** a configuration file that was named, relative to the directory; it must be there */
  readonly file?: string | undefined
  /** they win over the file; of two for one key, the later */
  readonly overrides?: readonly Override[] | undefined
}

export interface Loaded {
  readonly config: Config
  /** the file as the user knows it; undefined where there is none */
  readonly file: string | undefined
  /** what was guessed, one line each */
  readonly notes: readonly string[]
}

/**
 * Loads the configuration of a repository: the file, what is guessed where it is silent, inputs and flags over both.
 * @throws UserError with everything that is wrong, one fault a line: `pce.yml:12:3  scan.block: found "hgih", …`.
 */
export async function loadConfig({ directory, file, overrides = [] }: Request): Promise<Loaded> {
  const source = await readConfig(directory, file)
  const textOf = (...path: string[]) => overrides.findLast(one => one.path.join('.') === path.join('.'))?.text
  const facts = await observeRepository({
    directory: resolve(directory),
    context: textOf('build', 'context'),
    file: textOf('build', 'file'),
    target: textOf('build', 'target'),
  })
  return parseConfig({ source, facts, overrides })
}

interface Given {
  readonly source: ConfigText | undefined
  readonly facts: Facts
  readonly overrides: readonly Override[]
}

/** `loadConfig` without the world: pure. @throws UserError as `loadConfig` does. */
export function parseConfig({ source, facts, overrides }: Given): Loaded {
  const document = parseDocument(source?.text ?? '')
  const place = { file: source?.file, locate: document.locate }
  const written = writtenIn(document, place)
  const { tree, notes, faults } = infer({ written, facts, given: overrides.map(({ path }) => path.join('.')) })
  const resolved = resolveConfig({ tree, overrides })
  if (faults.length > 0) throw refusal(faults, place)
  if ('faults' in resolved) throw refusal(resolved.faults, place)
  return { config: resolved.config, file: source?.file, notes: silent(written, source, notes) }
}

function writtenIn({ tree = {}, faults }: Source, place: Place): Tree {
  if (faults.length > 0) throw refusal(faults, place)
  if (isTree(tree)) return tree
  const message = `found ${show(tree)}, expected a mapping, such as image: acme/web`
  throw refusal([{ path: [], message, at: { line: 1, column: 1 } }], place)
}

function silent(written: Tree, source: ConfigText | undefined, notes: readonly string[]): readonly string[] {
  if (Object.keys(written).length > 0) return notes
  return [
    source === undefined
      ? 'No pce.yml: the repository says what to do'
      : `${source.file} is empty: the repository says what to do`,
    ...notes,
  ]
}

const refusal = (faults: readonly Fault[], place: Place): UserError => new UserError(renderFaults(faults, place))
