import type { Part } from '../record/part.ts'
import type { Record } from '../record/record.ts'
import { stageOf } from '../task/task.ts'
import { durationOf, hasRun } from './rows.ts'

/** A stretch of time: what it is, and ms since the run began and long. */
export interface Span {
  readonly name: string
  readonly start: number
  readonly duration: number
}

/** ms from the start of the run to its end, or to the last thing known of it. */
export function totalOf({ started, ended, tasks }: Record): number {
  const last = Math.max(Date.parse(ended ?? started), ...tasks.map(part => Date.parse(part.ended)))
  return Math.max(0, last - Date.parse(started))
}

const spanOf = (part: Part, { started }: Record): Span => ({
  name: part.task,
  start: Math.max(0, Date.parse(part.started) - Date.parse(started)),
  duration: durationOf(part),
})

/** Each stage from the start of its first task to the end of its last, in the order of their starts. */
export function stagesOf(record: Record): readonly Span[] {
  const byStage = Map.groupBy(record.tasks.filter(hasRun), part => stageOf(part.task))
  return [...byStage].map(([name, parts]) => ({ name, ...frameOf(parts, record) })).sort((a, b) => a.start - b.start)
}

function frameOf(parts: readonly Part[], record: Record): Omit<Span, 'name'> {
  const spans = parts.map(part => spanOf(part, record))
  const start = Math.min(...spans.map(span => span.start))
  return { start, duration: Math.max(...spans.map(span => span.start + span.duration)) - start }
}

/**
 * The chain of tasks that made the run as long as it was: from the task that ended last back to whichever of its needs
 * ended last, and so on.
 */
export function criticalPath(record: Record): readonly Span[] {
  const needs = new Map(record.plan.tasks.map(task => [task.id, task.needs]))
  const path: Part[] = []
  let last = lastOf(record.tasks.filter(hasRun))
  while (last !== undefined && !path.includes(last)) {
    path.unshift(last)
    const before = new Set(needs.get(last.task))
    last = lastOf(record.tasks.filter(part => before.has(part.task)))
  }
  return path.map(part => spanOf(part, record))
}

const lastOf = (parts: readonly Part[]): Part | undefined =>
  parts.reduce<Part | undefined>(
    (last, part) => (last === undefined || Date.parse(part.ended) > Date.parse(last.ended) ? part : last),
    undefined,
  )
