import { parseArgs } from 'node:util'
import { toolsFolder } from '../src/tools/tool.ts'
import { decideOffline, writeEnvironment } from './parts/environment.ts'
import { withLock } from './parts/lock.ts'
import { engines, type Found, goals, type Part, type Setup } from './parts/part.ts'
import { partsFor } from './parts/parts.ts'

/**
 * Brings this machine to where the tests or the demo run (`--for`); `--engine current` adds the engine that the tests
 * have beside the host's. Every part is asked for at once; only what is missing is then installed, one part after
 * another, in the order of the list. Exit code 1 when a part can't be had.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { for: { type: 'string', default: 'test' }, engine: { type: 'string', default: 'any' } },
  })
  const setup = openSetup()
  const parts = partsFor(oneOf('for', goals, values.for), oneOf('engine', engines, values.engine))
  const probed = await Promise.all(parts.map(part => part.probe(setup)))
  const lines = parts.map((part, i) => ({ part, found: probed[i] }))
  for (const { part, found } of lines) if (found) report(part, found)
  const missing = lines.filter(({ found }) => !found).map(({ part }) => part)
  if (missing.length > 0) await withLock(setup, () => installAll(setup, missing))
  else await writeEnvironment(setup)
}

function openSetup(): Setup {
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort())
  const { env } = process
  const say = (line: string): void => console.log(`  ${line}`)
  const basis = { env, tools: toolsFolder(env), signal: interrupt.signal, say, silentHosts: new Set<string>() }
  let decision: Promise<boolean> | undefined
  return { ...basis, offline: () => (decision ??= decideOffline(basis)) }
}

function oneOf<T extends string>(flag: string, known: readonly T[], text: string): T {
  const found = known.find(one => one === text)
  if (found !== undefined) return found
  console.error(`--${flag} ${text}: expected ${known.join(' or ')}`)
  process.exit(2)
}

async function installAll(setup: Setup, parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    // Another setup may have been at it while this one waited; a part may also come with the one before it.
    const found = (await part.probe(setup)) ?? (await install(setup, part))
    if (found) report(part, found)
    setup.signal.throwIfAborted()
  }
  await writeEnvironment(setup)
}

async function install(setup: Setup, part: Part): Promise<Found | undefined> {
  try {
    return await part.install(setup)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.log(`${part.name.padEnd(16)} MISSING: ${part.without}.\n  ${reason.replaceAll('\n', '\n  ')}`)
    process.exitCode = 1
    return undefined
  }
}

const report = ({ name }: Part, { how, version, where }: Found): void =>
  console.log(`${name.padEnd(16)} ${how.padEnd(10)} ${version.padEnd(24)} ${where}`)

await main()
