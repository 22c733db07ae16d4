import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../disk/files.ts'
import { OutsideError } from '../errors.ts'
import { failureOf, runProgram } from '../program/run.ts'
import type { Finding } from '../record/finding.ts'
import { type Image, referenceOf } from '../record/image.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import { findTool } from '../tools/find.ts'
import type { ScanConfig } from './config.ts'
import { parseTrivy, type Scanned } from './findings.ts'
import { environmentOf, planDatabase, planImageScan, planSourceScan, settings, steeringIn, unread } from './plan.ts'

/** Where Trivy is, with its database fetched. */
export interface Scanner {
  readonly path: string
  readonly version: string
}

/** Finds Trivy and fetches its vulnerability database. */
export async function openScanner(scope: Scope): Promise<Result<Scanner>> {
  const { path, version } = await findTool('trivy', scope)
  tellUnread(scope)
  const argv = planDatabase(await settingsOf(scope))
  const end = await runTrivy({ title: 'Fetch the vulnerability database', path, argv }, scope)
  if (end.exitCode !== 0) throw new OutsideError(`${end.failure}\n${databaseAdvice}`)
  return { value: { path, version }, programs: [{ name: 'trivy', version, path }] }
}

const databaseAdvice =
  'Without its database Trivy can not look. Try again later, or name a mirror in TRIVY_DB_REPOSITORY.'

// A user who has them expects that they count.
function tellUnread({ context, env, say }: Scope): void {
  const files = unread.filter(file => existsSync(join(context, file)))
  const found = [...files, ...steeringIn(env)]
  if (found.length > 0) say(`Not read: ${found.join(', ')}. Put the findings to leave out into scan.ignore`)
}

/** Writes the settings into the run's folder, each time: steps of their own find them as they were meant. */
async function settingsOf({ run }: Scope): Promise<string> {
  const folder = join(run.directory, 'trivy')
  await Promise.all(Object.entries(settings).map(([name, text]) => writeWhole(join(folder, name), text)))
  return folder
}

/** Scans the checkout. */
export async function scanSource(config: ScanConfig, scanner: Scanner, scope: Scope): Promise<Result<number>> {
  const argv = planSourceScan(await settingsOf(scope))
  const scanned = await scan({ title: 'Scan the source', path: scanner.path, argv }, config, scope)
  return { ...judge(scanned, config), subject: 'source' }
}

/** Scans an image in staging, at the digest that ships. */
export async function scanImage(
  config: ScanConfig,
  { scanner, image }: { scanner: Scanner; image: Image },
  scope: Scope,
): Promise<Result<number>> {
  const argv = planImageScan(referenceOf(image), await settingsOf(scope))
  const scanned = await scan({ title: `Scan ${image.name}`, path: scanner.path, argv }, config, scope)
  return { ...judge(scanned, config), subject: image.digest }
}

const brokenAdvice = 'A scanner that broke is not a clean scan: mend what it says, or run again.'
const otherTrivy = 'Take that Trivy off PATH, and pce fetches the one that it knows; or update either of them.'

interface Call {
  readonly title: string
  readonly path: string
  readonly argv: readonly string[]
}

async function runTrivy({ title, path, argv }: Call, scope: Scope) {
  const env = environmentOf(scope.env)
  const program = { title, argv: [path, ...argv], cwd: scope.context, env, signal: scope.signal }
  const end = await runProgram({ ...program, say: (line, stream) => stream === 'stderr' && scope.say(line) })
  return { ...end, failure: failureOf(program, end) }
}

// Findings never make Trivy's exit code here (--exit-code 0): any other code means that it could not look.
async function scan(call: Call, config: ScanConfig, scope: Scope): Promise<Scanned> {
  const end = await runTrivy(call, scope)
  if (end.exitCode !== 0) throw new OutsideError(`${end.failure}\n${brokenAdvice}`)
  const scanned = parseTrivy(end.stdout, config)
  if (scanned === undefined)
    throw new OutsideError(`${call.title}: what ${call.path} gave is no report of schema version 2\n${otherTrivy}`)
  return scanned
}

/** Pure: the verdict over findings. */
export function judge({ findings, targets }: Scanned, { block }: Pick<ScanConfig, 'block'>): Result<number> {
  const [worst, ...others] = findings.filter(finding => finding.blocking)
  const nothing = targets === 0 ? 'nothing in it that Trivy knows' : 'nothing found'
  const evidence = { findings: [...findings], reason: countsOf(findings) ?? nothing }
  if (worst === undefined) return { value: 0, ...evidence }
  const count = others.length + 1
  const reason = `${count} of severity ${block} or above, such as ${worst.rule}${placeOf(worst)}`
  return { status: 'failed', value: count, ...evidence, reason }
}

function placeOf({ package: found, location, message }: Finding): string {
  const place = found?.name ?? location?.file
  return place === undefined ? `: ${message}` : ` in ${place}`
}

function countsOf(findings: readonly Finding[]): string | undefined {
  if (findings.length === 0) return undefined
  const counts = Map.groupBy(findings, ({ severity }) => severity)
  return [...counts].map(([severity, found]) => `${found.length} ${severity}`).join(', ')
}
