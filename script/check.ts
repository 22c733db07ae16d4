import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { toolsFolder } from '../src/tools/tool.ts'

/** Everything that must hold before a commit, side by side; `npm run check`, the same in CI. */
const root = join(import.meta.dirname, '..')
const bin = (name: string): string => join(root, 'node_modules/.bin', name)
const node = (...argv: string[]): string[] => [process.execPath, ...argv]

const checks: Readonly<Record<string, readonly string[]>> = {
  types: [bin('tsc'), '--noEmit'],
  'lint and format': [bin('biome'), 'check', '--error-on-warnings', '.'],
  'unused code': [bin('knip')],
  workflows: ['actionlint'],
  'workflow security': ['zizmor', '--offline', '--quiet', '--pedantic', '--format', 'plain', '.'],
  'generated files': node('script/generate.ts', '--check'),
  dist: node('script/build.ts', '--check'),
  'import directions': node(
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    'test/architecture.test.ts',
  ),
}

interface Outcome {
  readonly name: string
  readonly ok: boolean
  readonly output: string
  readonly seconds: number
}

const env = { ...process.env, PATH: [join(toolsFolder(process.env), 'bin'), process.env.PATH].join(delimiter) }

function run(name: string, [file = '', ...argv]: readonly string[]): Promise<Outcome> {
  const began = performance.now()
  const child = spawn(file, argv, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const end = (ok: boolean, more = '') =>
    resolve({ name, ok, output: Buffer.concat(chunks).toString() + more, seconds: (performance.now() - began) / 1000 })
  child.once('error', () => end(false, `${file} is not there: run script/setup\n`))
  child.once('close', code => end(code === 0))
  return promise
}

// Two at a time: on two cores more of them only take turns.
const waiting = Object.entries(checks)
const outcomes: Outcome[] = []

async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const outcome = await run(...next)
    outcomes.push(outcome)
    console.log(`${outcome.ok ? 'ok    ' : 'FAILED'} ${outcome.name} (${outcome.seconds.toFixed(1)} s)`)
    if (!outcome.ok) console.log(outcome.output.trimEnd().replaceAll(/^/gm, '  '))
  }
}

await Promise.all([work(), work()])
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1
