import type { Vertex } from '../record/part.ts'
import { importedFrom, stepsOf } from '../record/steps.ts'

/** What is known of the caches that a build read. */
export interface Reading {
  /** values of `--cache-from` */
  readonly from: readonly string[]
  /** gha: scopes with an index, and without one; empty where nobody counted */
  readonly found: readonly string[]
  readonly missed: readonly string[]
}

/**
 * Pure: the likely reason why the first step that was done anew was not in a cache, for people; undefined when every
 * step was.
 */
export function explainMiss(vertices: readonly Vertex[], { from, found, missed }: Reading): string | undefined {
  const steps = stepsOf(vertices)
  const first = steps
    .filter(({ cached }) => !cached)
    .sort((a, b) => (a.started ?? '').localeCompare(b.started ?? ''))[0]
  if (first === undefined) return undefined
  if (from.length === 0) return `${first.name}: there was no cache to read`
  const untold = vertices.filter(({ name, error }) => importedFrom(name) !== undefined && error !== undefined)
  const broken = untold.find(({ error = '' }) => !isNotThere(firstLine(error)))
  if (steps.some(({ cached }) => cached)) return `${first.name}: ${reasonFor(first.name)}`
  if (broken !== undefined) return `${first.name}: the cache could not be read: ${firstLine(broken.error ?? '')}`
  if (untold.length > 0 && found.length === 0 && missed.length === 0) return `${first.name}: there is no cache yet`
  if (found.length === 0 && missed.length > 0) return `${first.name}: there is no cache yet for ${missed.join(', ')}`
  return `${first.name}: ${reasonFor(first.name)}`
}

/** By what the cache key of an instruction is made of (moby/buildkit, docs/dev/solver.md). */
function reasonFor(step: string): string {
  const [, instruction = '', rest = ''] = /^\[[^\]]*\] (\S+)(.*)$/.exec(step) ?? []
  if (/--from=/.test(rest)) return 'what it copies from another stage changed, or its base image'
  if (instruction === 'COPY' || instruction === 'ADD') return 'a file that it copies changed, or its base image'
  if (instruction === 'RUN') return 'its command, a build argument that it sees or its base image changed'
  return 'it changed, or its base image'
}

/** Pure: whether BuildKit says of a cache that nobody has written it yet. */
export const isNotThere = (said: string): boolean => /not found|no such|NoSuchKey|name unknown/i.test(said)

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
