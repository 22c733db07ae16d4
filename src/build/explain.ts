import type { Finding } from '../record/finding.ts'
import type { Progress } from './progress.ts'

/** Why a build failed: one sentence for the verdict, the log for people, a finding where the Dockerfile is to blame. */
export interface Failure {
  readonly reason: string
  readonly log: readonly string[]
  readonly findings: readonly Finding[]
}

/**
 * Reads buildx's last words. For a fault with a place it writes `Dockerfile:3`, a rule of dashes and the lines around it
 * (docker/buildx, util/progress and moby/buildkit solver/errdefs/source.go), then `ERROR: …`.
 */
export function explainFailure(progress: Pick<Progress, 'failure' | 'rest'>, dockerfile: string): Failure {
  const said = [...progress.rest].reverse().find(line => line.startsWith('ERROR: ')) ?? 'ERROR: the build failed'
  const message = plainly(said.replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '').trim(), dockerfile)
  const line = lineOf(progress.rest)
  const step = progress.failure === undefined ? '' : `${progress.failure.name}: `
  const reason = `${line === undefined ? '' : `${dockerfile}:${line}: `}${step}${message}`
  return {
    reason,
    log: progress.failure?.log ?? progress.rest.slice(-20),
    findings: line === undefined ? [] : [findingOf(`${step}${message}`, dockerfile, line)],
  }
}

/** BuildKit's words without its inner references, and with what to look at where it names neither file nor key. */
function plainly(message: string, dockerfile: string): string {
  const [, target] = /^target stage "(.*)" could not be found$/.exec(message) ?? []
  if (target !== undefined) return `${dockerfile} has no stage ${target}: FROM … AS ${target} would name one`
  const [, missing] = /failed to calculate checksum of ref \S+: "(.*)": not found$/.exec(message) ?? []
  return missing === undefined ? message : `${missing} is not in the build context; .dockerignore may leave it out`
}

function lineOf(rest: readonly string[]): number | undefined {
  const rule = rest.findIndex(text => /^-{8,}$/.test(text.trim()))
  const [, line] = /^\S.*:(\d+)$/.exec(rest[rule - 1] ?? '') ?? []
  return line === undefined ? undefined : Number(line)
}

const findingOf = (message: string, file: string, line: number): Finding => ({
  tool: 'buildkit',
  rule: 'build-failed',
  severity: 'high',
  message,
  location: { file, line },
  blocking: true,
})
