// Runs the tests: all, or those of one folder ("unit", "integration"). Writes to the terminal and, as JUnit, to JUNIT_FILE.
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const folder = process.argv[2] ?? '*'
const junit = process.env.JUNIT_FILE || join(root, 'test-results', 'junit.xml')
const files = globSync(`test/${folder}/*.test.ts`, { cwd: root }).sort()
if (files.length === 0) {
  console.error(`There are no tests in test/${folder}`)
  process.exit(1)
}
mkdirSync(dirname(junit), { recursive: true })
const reporters = [
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=junit',
  `--test-reporter-destination=${junit}`,
]
const { status } = spawnSync(process.execPath, ['--test', ...reporters, ...files], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
