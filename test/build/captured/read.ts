import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createProgress, type Progress } from '../../../src/build/progress.ts'

/** The lines of a captured build. */
export const linesOf = (name: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, `${name}.log`), 'utf8').split('\n')

/** Reads a captured build; gives its progress and what it tells people. */
export function read(name: string): { readonly progress: Progress; readonly told: readonly string[] } {
  const progress = createProgress()
  return { progress, told: linesOf(name).flatMap(line => progress.read(line)) }
}
