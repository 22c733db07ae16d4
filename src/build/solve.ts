import { type Program, runProgram } from '../program/run.ts'
import type { Finding } from '../record/finding.ts'
import type { Base, Fault, Vertex } from '../record/part.ts'
import { withRetry } from '../registry/retry.ts'
import type { Scope } from '../task/scope.ts'
import { basesOf, unlockedIn } from './bases.ts'
import { explainFailure, type Failure } from './explain.ts'
import { readLock } from './lock.ts'
import { readMaterials } from './materials.ts'
import { createProgress, type Progress } from './progress.ts'
import { findingsOf } from './warnings.ts'

interface Solving {
  /** relative to the repository; undefined when it is not in it */
  readonly dockerfile: string | undefined
  readonly scope: Scope
  /** the `--metadata-file` of the solve, where it writes one */
  readonly metadataFile?: string
  /** ms in which a registry that is asked for an image answers; given by tests */
  readonly silence?: number
}

/** The bad end of a solve: `failed` where the repository is to blame, `broken` where something outside is. */
type Bad = { readonly status: 'failed'; readonly reason: string } | { readonly status: 'broken'; readonly fault: Fault }

/** What a solve gives: its steps, what BuildKit warned of, and its failure where it failed. */
export interface Solved {
  readonly failure?: Bad
  readonly vertices: Vertex[]
  readonly bases: Base[]
  readonly findings: Finding[]
}

/**
 * Runs `docker buildx build` with `--progress=rawjson` and tells people what it says. What a registry or the way to it
 * spoilt is tried again, as long as no step of the user has failed: BuildKit has kept the steps that are done.
 */
export async function solve(program: Program, solving: Solving): Promise<Solved> {
  const { dockerfile, scope, metadataFile, silence = 120_000 } = solving
  const tried: Progress[] = []
  const last = await withRetry(
    program.title,
    {
      async attempt() {
        const end = await runOnce(program, { dockerfile, scope, silence })
        tried.push(end.progress)
        return end
      },
      causeOf: ({ failure, progress }) => (progress.vertices.some(isFailedRun) ? undefined : failure?.registry),
    },
    scope,
  )
  const vertices = mergeVertices(tried.map(progress => progress.vertices))
  const hasEnded = last.failure === undefined && metadataFile !== undefined
  const bases = basesOf(vertices, hasEnded ? await readMaterials(metadataFile) : [])
  const lock = await readLock(scope.context)
  const warnings = [
    ...findingsOf(last.progress.warnings, dockerfile),
    ...(lock === undefined ? [] : unlockedIn(bases, lock)),
  ]
  if (last.failure === undefined) return { vertices, bases, findings: warnings }
  scope.say(last.failure.reason)
  return { failure: badEnd(last.failure), vertices, bases, findings: [...last.failure.findings, ...warnings] }
}

interface Once {
  readonly progress: Progress
  readonly failure: Failure | undefined
}

type Trying = Required<Omit<Solving, 'metadataFile'>>

async function runOnce(program: Program, { dockerfile, scope, silence }: Trying): Promise<Once> {
  const progress = createProgress()
  const limit = new AbortController()
  let heard = Date.now()
  const timer = setInterval(() => {
    const { asksFor } = progress
    if (asksFor !== undefined && Date.now() - heard >= silence) limit.abort(silent(asksFor, silence))
  }, silence / 20)
  const say = (line: string): void => {
    heard = Date.now()
    for (const text of progress.read(line)) scope.say(text)
  }
  try {
    const end = await runProgram({ ...program, say, signal: AbortSignal.any([scope.signal, limit.signal]) })
    if (end.exitCode === 0) return { progress, failure: undefined }
    const { failure, rest } = progress
    return { progress, failure: explainFailure({ ...end, failure, rest }, dockerfile) }
  } catch (error) {
    if (scope.signal.aborted || !limit.signal.aborted) throw error
    return { progress, failure: limit.signal.reason }
  } finally {
    clearInterval(timer)
  }
}

/** The failure of a solve that was ended since a registry did not say a thing about an image. */
function silent(image: string, silence: number): Failure {
  const error = `failed to resolve source metadata for ${image}: the registry said nothing for ${silence / 1000} s`
  const failure = { name: image, error, log: [] }
  return explainFailure({ exitCode: undefined, signal: undefined, failure, rest: [] }, undefined)
}

const isFailedRun = ({ name, error = '' }: Vertex): boolean =>
  error !== '' && /\] RUN /.test(name) && !/\bcanceled\b/.test(error)

function badEnd({ reason, log, outside }: Failure): Bad {
  const told = [reason, ...log].join('\n')
  return outside ? { status: 'broken', fault: { kind: 'outside', message: told } } : { status: 'failed', reason: told }
}

/**
 * Of several tries: what one has done the next finds done, and it was done. By name, since the digest of a step says
 * from which session its files came.
 */
const mergeVertices = (tries: readonly (readonly Vertex[])[]): Vertex[] =>
  tries.reduce<Vertex[]>((before, after) => {
    const done = before.filter(({ completed, error }) => completed !== undefined && error === undefined)
    const names = new Set(done.map(({ name }) => name))
    return [...done, ...after.filter(({ name }) => !names.has(name))]
  }, [])
