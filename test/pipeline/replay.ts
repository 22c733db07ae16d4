import type { Part } from '../../src/record/part.ts'
import type { Plot } from './graph.ts'
import type { Seen } from './simulate.ts'

/** What is known at one moment of a simulated run. */
export interface Moment {
  readonly seen: Seen
  readonly ended: ReadonlyMap<string, Part>
  /** performed and not ended */
  readonly running: ReadonlySet<string>
  readonly aborted: ReadonlySet<string>
  readonly cancelled: boolean
  /** ms at which the first blocking failure was told; undefined before it */
  readonly failedAt: number | undefined
  /** ids of what is worth doing since; undefined before */
  readonly worth: ReadonlySet<string> | undefined
}

/** Goes through what was seen; each moment is what was known just before it. */
export function replay(plotted: readonly Plot[], all: readonly Seen[], visit: (moment: Moment) => void): Moment {
  const ended = new Map<string, Part>()
  const running = new Set<string>()
  const aborted = new Set<string>()
  let cancelled = false
  let failedAt: number | undefined
  const momentOf = (seen: Seen): Moment => ({
    seen,
    ended,
    running,
    aborted,
    cancelled,
    failedAt,
    worth: failedAt === undefined ? undefined : worthOf(plotted, ended),
  })
  for (const seen of all) {
    visit(momentOf(seen))
    if (seen.what === 'performed') running.add(seen.task)
    if (seen.what === 'aborted') aborted.add(seen.task)
    if (seen.what === 'cancel') cancelled = true
    if (seen.what === 'ended') {
      running.delete(seen.task)
      ended.set(seen.task, seen.part)
      if (counts(seen.part)) failedAt ??= seen.at
    }
  }
  return momentOf({ at: all.at(-1)?.at ?? 0, task: '', what: 'started' })
}

/** A blocking failure: any end of a task that counts but a good one. */
const counts = ({ kind, status }: Part): boolean => kind !== 'advisory' && status !== 'passed' && status !== 'skipped'

/** In words of its own: all that leads to a task which judges or weighs verdicts, and has not ended. */
function worthOf(plotted: readonly Plot[], ended: ReadonlyMap<string, Part>): ReadonlySet<string> {
  const worth = new Set<string>()
  const add = (plot: Plot): void => {
    worth.add(plot.id)
    for (const place of [...plot.needs, ...plot.judges]) {
      const before = plotted[place]
      if (before !== undefined) add(before)
    }
  }
  for (const plot of plotted) if (!ended.has(plot.id) && (plot.kind !== 'work' || plot.judges.length > 0)) add(plot)
  return worth
}

/** True for an end without a value: what needs it can't run. */
export const isEmpty = ({ value }: Part): boolean => value === undefined

/** ms of the longest chain of tasks that wait for each other. */
export function criticalPathOf(plotted: readonly Plot[]): number {
  const until: number[] = []
  for (const { needs, judges, duration } of plotted)
    until.push(duration + Math.max(0, ...[...needs, ...judges].map(place => until[place] ?? 0)))
  return Math.max(...until)
}
