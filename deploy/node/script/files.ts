import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Reads the files of the app by pattern, in order; generated and installed ones are left out. */
export function readFiles(...patterns: readonly string[]): readonly SourceFile[] {
  const exclude = ['node_modules/**', 'dist/**', 'test-results/**']
  const paths = globSync(patterns, { cwd: root, exclude }).sort()
  return paths.map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Prints what was found, one line each, and makes the program fail if it is anything. */
export function report(checked: string, faults: readonly string[]) {
  for (const fault of faults) console.error(fault)
  console.log(`${checked}: ${faults.length === 0 ? 'ok' : `${faults.length} wrong`}`)
  if (faults.length > 0) process.exitCode = 1
}
