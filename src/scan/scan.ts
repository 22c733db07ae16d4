import { OutsideError } from '../errors.ts'
import { failureOf, runProgram } from '../program/run.ts'
import type { Finding } from '../record/finding.ts'
import { type Image, referenceOf } from '../record/image.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import { findTool } from '../tools/find.ts'
import type { ScanConfig } from './config.ts'
import { parseTrivy } from './findings.ts'
import { planDatabase, planImageScan, planSourceScan } from './plan.ts'

/** Where Trivy is, with its database fetched. */
export interface Scanner {
  readonly path: string
  readonly version: string
}

/** Finds Trivy and fetches its vulnerability database. */
export async function openScanner(scope: Scope): Promise<Result<Scanner>> {
  const { path, version } = await findTool('trivy', scope)
  const end = await runTrivy({ title: 'Fetch the vulnerability database', path, argv: planDatabase() }, scope)
  if (end.exitCode !== 0) throw new OutsideError(`${end.failure}\n${databaseAdvice}`)
  return { value: { path, version }, programs: [{ name: 'trivy', version, path }] }
}

const databaseAdvice =
  'Without its database Trivy can not look. Try again later, or name a mirror in TRIVY_DB_REPOSITORY.'

/** Scans the checkout. */
export async function scanSource(config: ScanConfig, scanner: Scanner, scope: Scope): Promise<Result<number>> {
  const findings = await scan({ title: 'Scan the source', path: scanner.path, argv: planSourceScan() }, config, scope)
  return { ...judge(findings, config), subject: 'source' }
}

/** Scans an image in staging, at the digest that ships. */
export async function scanImage(
  config: ScanConfig,
  { scanner, image }: { scanner: Scanner; image: Image },
  scope: Scope,
): Promise<Result<number>> {
  const call = { title: `Scan ${image.name}`, path: scanner.path, argv: planImageScan(referenceOf(image)) }
  const findings = await scan(call, config, scope)
  return { ...judge(findings, config), subject: image.digest }
}

const brokenAdvice = 'A scanner that broke is not a clean scan: mend what it says, or run again.'
const otherTrivy = 'Take that Trivy off PATH, and pce fetches the one that it knows; or update either of them.'

interface Call {
  readonly title: string
  readonly path: string
  readonly argv: readonly string[]
}

async function runTrivy({ title, path, argv }: Call, scope: Scope) {
  const program = { title, argv: [path, ...argv], cwd: scope.context, env: scope.env, signal: scope.signal }
  const end = await runProgram({ ...program, say: (line, stream) => stream === 'stderr' && scope.say(line) })
  return { ...end, failure: failureOf(program, end) }
}

// Findings never make Trivy's exit code here (--exit-code 0): any other code means that it could not look.
async function scan(call: Call, config: ScanConfig, scope: Scope): Promise<readonly Finding[]> {
  const end = await runTrivy(call, scope)
  if (end.exitCode !== 0) throw new OutsideError(`${end.failure}\n${brokenAdvice}`)
  const findings = parseTrivy(end.stdout, config)
  if (findings === undefined)
    throw new OutsideError(`${call.title}: what ${call.path} gave is no report of schema version 2\n${otherTrivy}`)
  return findings
}

/** Pure: the verdict over findings. */
export function judge(findings: readonly Finding[], { block }: Pick<ScanConfig, 'block'>): Result<number> {
  const blocking = findings.filter(finding => finding.blocking)
  const evidence = { findings: [...findings], reason: countsOf(findings) }
  if (blocking.length === 0) return { value: 0, ...evidence }
  const [worst] = blocking
  const example = worst === undefined ? '' : `, such as ${worst.rule} in ${worst.package?.name ?? worst.location?.file}`
  const reason = `${blocking.length} of severity ${block} or above${example}`
  return { status: 'failed', value: blocking.length, ...evidence, reason }
}

function countsOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'nothing found'
  const counts = Map.groupBy(findings, ({ severity }) => severity)
  return [...counts].map(([severity, found]) => `${found.length} ${severity}`).join(', ')
}
