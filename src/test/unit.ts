import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeWhole } from '../disk/files.ts'
import { composeArgv } from '../docker/compose.ts'
import { tryDocker } from '../docker/docker.ts'
import { OutsideError } from '../errors.ts'
import { type Image, referenceOf } from '../record/image.ts'
import type { TestCase } from '../record/test-case.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import type { UnitConfig } from './config.ts'
import { planUnit, renderDropped } from './document.ts'
import { parseJUnit } from './junit.ts'
import { composeEngine, readTemplates, type Services } from './services.ts'

interface Given {
  readonly image: Image
  readonly services: Services
}

/** The engine's own codes: it could not start the command at all (docs.docker.com, "docker run, exit status"). */
const notStarted = new Set([125, 126, 127])

/**
 * Runs the unit tests in their image, on the services. The verdict is about the source: the test image never ships.
 * @throws OutsideError when the tests could not start, or when their report is not there.
 */
export async function runUnit(config: UnitConfig, { image, services }: Given, scope: Scope): Promise<Result<number>> {
  const { name, document, dropped } = planUnit(config, await readTemplates(services), {
    run: scope.run,
    reference: referenceOf(image),
    context: scope.context,
  })
  const notTaken = renderDropped(dropped)
  if (notTaken !== undefined) scope.say(notTaken)
  const file = join(scope.run.directory, 'private', `unit-${image.name}.json`)
  await writeWhole(file, JSON.stringify(document), 0o600)
  const container = `${services.project}-unit-${image.name}`
  const project = { name: services.project, files: [services.file, file] }
  const argv = composeArgv(project, 'run', '--no-deps', '--no-TTY', '--quiet-pull', '--name', container, name)
  const end = await tryDocker('Unit tests', argv, composeEngine(scope), scope)
  try {
    if (end.exitCode !== undefined && notStarted.has(end.exitCode)) {
      throw new OutsideError(
        `The unit tests can't start: ${end.stderr.trim().split('\n').at(-1)}\nSee unit.run, and what the stage ${config.target} holds.`,
      )
    }
    const tests = await reportOf(config, container, scope)
    if (tests === 'missing' && end.exitCode === 0)
      throw new OutsideError(
        `unit.junit: the tests left no ${config.junit}\nLet them write JUnit there, or leave unit.junit out.`,
      )
    return judgeUnit(end.exitCode, tests === 'missing' ? undefined : tests)
  } finally {
    await tryDocker('Remove the test container', ['rm', '--force', '--volumes', container], { env: scope.env })
  }
}

/** Pure: exit code and report must both say that the tests passed, and that there were any. */
export function judgeUnit(exitCode: number | undefined, tests: readonly TestCase[] | undefined): Result<number> {
  const evidence = { subject: 'source' as const, tests: [...(tests ?? [])] }
  const red = (tests ?? []).filter(({ status }) => status === 'failed' || status === 'error')
  const counts =
    tests === undefined ? '' : `${tests.length} ${tests.length === 1 ? 'test' : 'tests'}, ${red.length} failed`
  const how = exitCode === undefined ? 'ended by a signal' : `exit code ${exitCode}`
  if (exitCode !== 0) return { status: 'failed', ...evidence, reason: [how, counts].filter(Boolean).join(', ') }
  if (red.length > 0) return { status: 'failed', ...evidence, reason: `${counts}, though the exit code is 0` }
  if (tests?.every(({ status }) => status === 'skipped')) {
    return { status: 'failed', ...evidence, reason: 'no test ran: an empty suite is not a passed one' }
  }
  return { value: tests?.length ?? 0, ...evidence, reason: counts || 'exit code 0; name unit.junit for true counts' }
}

async function reportOf(
  { junit }: UnitConfig,
  container: string,
  scope: Scope,
): Promise<readonly TestCase[] | 'missing' | undefined> {
  if (junit === undefined) return undefined
  const copy = join(scope.run.directory, 'junit', `${container}.xml`)
  await rm(dirname(copy), { recursive: true, force: true })
  await mkdir(dirname(copy), { recursive: true })
  const engine = { env: scope.env, signal: scope.signal }
  const end = await tryDocker('Fetch the test report', ['cp', `${container}:${junit}`, copy], engine)
  return end.exitCode === 0 ? parseJUnit(await readFile(copy, 'utf8')) : 'missing'
}
