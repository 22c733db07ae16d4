import type { Wishes } from '../cache/open.ts'
import { OutsideError } from '../errors.ts'
import { failureOf, type Program, runProgram } from '../program/run.ts'
import type { Vertex } from '../record/part.ts'
import type { Scope } from '../task/scope.ts'
import { type Build, placeOf, programOf, type Where } from './build.ts'
import { resolveContexts } from './context.ts'
import { hideLaterFiles } from './later-files.ts'
import { openNormalContexts } from './normal-context.ts'
import { planCacheExport } from './plan.ts'
import { createProgress } from './progress.ts'
import { openSecrets } from './secrets.ts'
import { lockedEnv } from './source-policy.ts'

/** The caches of a solve that only writes them. */
export interface Caching {
  /** values of `--cache-from`, for each wish */
  readonly from: readonly (readonly string[])[]
  /** values of `--cache-to`, for each wish */
  readonly to: readonly (readonly string[])[]
  /** folders among them that are ours */
  readonly folders: readonly string[]
  /** ms since 1970: files that came later were no part of the build */
  readonly since: number
}

/** Makes all ready for a solve of what was built, and has its program run. */
type Again = (caching: Caching, scope: Scope, run: (program: Program) => Promise<void>) => Promise<void>

/** A build that is in the builder already: by itself, or as a target of a bake. */
export interface Built {
  readonly build: Build
  readonly wishes: Wishes
  /** images of the solve that it came of */
  readonly together: number
  again(where: Where): Again
}

/** A build of a Dockerfile, once more. */
export const builtAlone = (build: Build): Built => ({
  build,
  wishes: [build],
  together: 1,
  again: where => (caching, scope, run) => buildAgain({ build, where, caching }, scope, run),
})

interface Once {
  readonly build: Build
  readonly where: Where
  readonly caching: Caching
}

async function buildAgain({ build, where, caching }: Once, scope: Scope, run: Parameters<Again>[2]): Promise<void> {
  const resolved = await resolveContexts(build.config, scope)
  await using then = await hideLaterFiles(resolved, caching.since, scope)
  await using contexts = await openNormalContexts({ ...resolved, ...then.changes }, scope)
  const { config, env } = await openSecrets(contexts.config, scope)
  const place = { ...placeOf(build, where, scope), cacheFrom: caching.from.flat() }
  const argv = planCacheExport({ ...build, config }, place, caching.to.flat())
  await run(programOf(build, argv, { scope, env: { ...env, ...(await lockedEnv(scope)) } }))
}

/** A command that is running: what is in a cache never does. It may have effects, and nobody asked for it twice. */
const isDoneAnew = ({ name, started, completed, cached }: Vertex): boolean =>
  /^\[(?:[^\]]*\s)?\d+\/\d+\] RUN\b/.test(name) && started !== undefined && completed === undefined && !cached

const whyAnew = (name: string): string =>
  `${name} would be done again: files of the context, or the base image, changed since the build. Name in .dockerignore what later steps write there.`

/**
 * A solve in which every step is in the builder already: it ends as soon as one is done anew.
 * @throws OutsideError when it fails, the signal's reason when it is too late
 */
export async function solveAgain(program: Program, scope: Scope): Promise<void> {
  const progress = createProgress()
  const redone = new AbortController()
  const say = (line: string): void => {
    for (const text of progress.read(line)) scope.say(text)
    const anew = progress.vertices.find(isDoneAnew)
    if (anew !== undefined) redone.abort(new OutsideError(whyAnew(anew.name)))
  }
  const end = await runProgram({ ...program, say, signal: AbortSignal.any([scope.signal, redone.signal]) })
  if (end.exitCode === 0) return
  const words = progress.rest.findLast(line => line.startsWith('ERROR: '))
  throw new OutsideError(
    words?.replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '') ?? failureOf(program, end),
  )
}
