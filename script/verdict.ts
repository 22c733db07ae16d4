import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'

/** The part of jest's `--json` that decides. */
export interface JestResults {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

export interface Verdict {
  readonly lines: readonly string[]
  readonly red: boolean
}

/**
 * Names every skipped test, and ends with the counts. Red when a test failed, when none passed, and when a whole file
 * was skipped: a machine that lacks a part must not look like a pass. A file that could not be loaded is one failure.
 */
export function renderVerdict({ testResults }: JestResults, folder: string): Verdict {
  const files = testResults.map(({ name, status, assertionResults }) => {
    const count = (wanted: readonly string[]) => assertionResults.filter(({ status }) => wanted.includes(status))
    const failed = count(['failed'])
    const unloaded = status === 'failed' && failed.length === 0 ? 1 : 0
    return { name: relative(folder, name), passed: count(['passed']), failed, unloaded, skipped: count(SKIPPED) }
  })
  const sum = (size: (file: (typeof files)[number]) => number) => files.reduce((all, file) => all + size(file), 0)
  const passed = sum(file => file.passed.length)
  const failed = sum(file => file.failed.length + file.unloaded)
  const skipped = sum(file => file.skipped.length)
  const hollow = files.filter(file => file.skipped.length > 0 && file.passed.length + file.failed.length === 0)
  const lines = [
    ...files.flatMap(({ name, skipped }) => skipped.map(({ fullName }) => `skipped: ${name}: ${fullName}`)),
    ...hollow.map(({ name }) => `red: ${name} skipped all of its tests`),
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ]
  return { lines, red: failed > 0 || passed === 0 || hollow.length > 0 }
}

const SKIPPED = ['pending', 'skipped', 'todo', 'disabled']

if (import.meta.main) {
  const [file = '', exitCode = '1'] = process.argv.slice(2)
  const results: JestResults = JSON.parse(await readFile(file, 'utf8').catch(() => '{"testResults":[]}'))
  const { lines, red } = renderVerdict(results, process.cwd())
  console.log(lines.join('\n'))
  process.exitCode = red || exitCode !== '0' ? 1 : 0
}
