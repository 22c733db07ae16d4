import { z } from 'zod'
import { imageSchema, indexSchema } from './image.ts'
import { type Part, partSchema, programSchema, pushedSchema } from './part.ts'
import { verdictSchema } from './verdict.ts'

const recordVersion = 1

export const revisionSchema = z.object({
  commit: z.string(),
  /** `refs/heads/main`, `refs/tags/v1.2.0`, `refs/pull/7/merge`; empty when detached */
  ref: z.string(),
  /** true when the checkout differs from the commit */
  dirty: z.boolean(),
  /** ISO 8601 time of the commit */
  committed: z.string(),
  /** folder of the checkout that was worked in, such as `apps/web`; absent at its root */
  prefix: z.string().optional(),
})
export type Revision = z.infer<typeof revisionSchema>

const plannedSchema = z.object({
  id: z.string(),
  kind: z.enum(['work', 'blocking', 'advisory']),
  needs: z.array(z.string()),
})

/** `run.json`: everything a run did, from which every report is rendered. */
export const recordSchema = z.object({
  version: z.literal(recordVersion),
  id: z.string(),
  revision: revisionSchema,
  plan: z.object({ hash: z.string(), tasks: z.array(plannedSchema) }),
  started: z.string(),
  ended: z.string().optional(),
  /** `running` until every task of the goal has ended */
  outcome: z.enum(['running', 'passed', 'failed', 'broken', 'cancelled']),
  tasks: z.array(partSchema),
  images: z.array(imageSchema),
  indexes: z.array(indexSchema).default([]),
  verdicts: z.array(verdictSchema),
  programs: z.array(programSchema),
  pushed: z.array(pushedSchema),
})
export type Record = z.infer<typeof recordSchema>

type Frame = Pick<Record, 'id' | 'revision' | 'plan' | 'started'>

/** The verdicts among parts: every task that judges, about its subject (the source when it names none). */
export const verdictsOf = (parts: readonly Part[]): Record['verdicts'] =>
  parts
    .filter(part => part.kind !== 'work')
    .map(({ task, subject = 'source', status, kind, reason, fault }) => ({
      task,
      subject,
      status,
      blocking: kind === 'blocking',
      ...optional('reason', reason ?? fault?.message),
    }))

const optional = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }

const unique = <T>(items: readonly T[]): T[] => [...new Map(items.map(item => [JSON.stringify(item), item])).values()]

/** Images come as they are configured, whichever was built first. */
function inPlanOrder(parts: readonly Part[], { plan }: Pick<Record, 'plan'>): readonly Part[] {
  const place = new Map(plan.tasks.map(({ id }, index) => [id, index]))
  return parts.toSorted((a, b) => (place.get(a.task) ?? 0) - (place.get(b.task) ?? 0))
}

/** Merges the parts of a run, in the order in which they ended. Pure. */
export function mergeParts(frame: Frame, parts: readonly Part[], ended?: string): Record {
  const inOrder = [...parts].sort((a, b) => a.ended.localeCompare(b.ended))
  return {
    version: recordVersion,
    ...frame,
    ...optional('ended', ended),
    outcome: ended === undefined ? 'running' : outcomeOf(inOrder),
    tasks: inOrder,
    images: unique(inPlanOrder(inOrder, frame).flatMap(part => part.images ?? [])),
    indexes: unique(inOrder.flatMap(part => part.indexes ?? [])),
    verdicts: verdictsOf(inOrder),
    programs: unique(inOrder.flatMap(part => part.programs ?? [])),
    pushed: unique(inOrder.flatMap(part => part.pushed ?? [])),
  }
}

/**
 * A run is as bad as its worst task that counts; an advisory task never counts. The gate is red also when a scanner
 * broke: that does not say that the image is bad.
 */
export function outcomeOf(parts: readonly Part[]): Record['outcome'] {
  const counted = parts.filter(({ kind }) => kind !== 'advisory')
  const failed = counted.filter(({ status }) => status === 'failed')
  if (failed.some(({ task }) => task !== 'gate')) return 'failed'
  if (counted.some(({ status }) => status === 'broken')) return 'broken'
  if (failed.length > 0) return 'failed'
  return counted.some(({ status }) => status === 'cancelled') ? 'cancelled' : 'passed'
}
