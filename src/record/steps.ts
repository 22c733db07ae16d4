import type { Vertex } from './part.ts'

/**
 * A step of the user: an instruction of the Dockerfile that does work, `[base 2/5] RUN make`, `[linux/arm64 3/5] COPY`.
 * FROM only names an image, and `[internal] …`, `exporting …`, `importing cache …` are BuildKit's own.
 */
const instruction = /^\[(?:[^\]]*\s)?\d+\/\d+\] (?!FROM\b)/

/**
 * Pure: the user's steps that came to an end, each once. Targets may share a step: one of them did the work, the others
 * found it done, and then it was done.
 */
export function stepsOf(vertices: readonly Vertex[]): readonly Vertex[] {
  const ended = vertices.filter(
    ({ name, cached, completed, error }) =>
      instruction.test(name) && error === undefined && (cached || completed !== undefined),
  )
  const byDigest = Map.groupBy(ended, ({ digest }) => digest).values()
  return [...byDigest].flatMap(same => same.find(({ cached }) => !cached) ?? same[0] ?? [])
}

/** Pure: what BuildKit was to read a cache from, by the name of the step that does; undefined for any other step. */
export const importedFrom = (step: string): string | undefined =>
  /^(?:\[[^\]]*\] )?importing cache manifest from (\S+)/.exec(step)?.[1]

/** Pure: the share of the user's steps that came from a cache, 0 to 1; undefined when there was no step. */
export function cacheHitRatio(vertices: readonly Vertex[]): number | undefined {
  const steps = stepsOf(vertices)
  return steps.length === 0 ? undefined : steps.filter(({ cached }) => cached).length / steps.length
}
