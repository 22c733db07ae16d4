import { OutsideError, UserError } from '../errors.ts'
import type { Fault, Part } from '../record/part.ts'
import type { Verdict } from '../record/verdict.ts'
import type { Scope } from '../task/scope.ts'
import { type Given, hashOf, type Result, type Task } from '../task/task.ts'

/** How a task ended: its part for the record, and its value while there is one. */
export interface Outcome {
  readonly part: Part
  readonly value?: unknown
}

/** Why a run was stopped from outside; a task that ends with it is `cancelled`, not `broken`. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

class DeadlineError extends OutsideError {}

interface Start {
  readonly task: Task<unknown>
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly verdicts: readonly Verdict[]
  readonly signal: AbortSignal
  scopeOf(task: Task<unknown>, signal: AbortSignal): Scope
}

/** ms that a task gets after its signal to end by itself, before the run goes on without it */
const grace = 10_000

/** Runs one task under its deadline and the run's signal. Never throws: every end is an outcome. */
export async function performTask({ task, outcomes, verdicts, signal, scopeOf }: Start): Promise<Outcome> {
  const started = new Date()
  const limit = new AbortController()
  const cancel = () => limit.abort(signal.reason)
  const timer = setTimeout(() => limit.abort(overdue(task)), task.deadline)
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  try {
    limit.signal.throwIfAborted()
    const given: Given = { value: need => takeValue(need, outcomes), verdicts }
    const result = await orAbandoned(task.perform(given, scopeOf(task, limit.signal)), limit.signal)
    return ended(task, started, result)
  } catch (error) {
    return stopped(task, started, limit.signal.aborted ? limit.signal.reason : error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

/** A task that never ran: cancelled or skipped with a reason. */
export function notStarted(task: Task<unknown>, status: 'cancelled' | 'skipped', reason: string): Outcome {
  const now = new Date()
  return { part: { ...partOf(task, now, now), status, reason } }
}

const overdue = ({ id, deadline }: Task<unknown>): Error =>
  new DeadlineError(`${id} did not end within ${deadline / 1000} s; see its log for the last thing that it did`)

/** The one cast of the scheduler: an outcome's value has the type of the task that gave it. */
function takeValue<U>(task: Task<U>, outcomes: ReadonlyMap<string, Outcome>): U {
  const outcome = outcomes.get(task.id)
  if (outcome === undefined || !('value' in outcome)) throw new Error(`${task.id} has no value`)
  return outcome.value as U
}

// A task that ignores its signal must not hold the run for ever.
async function orAbandoned<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  const abandon = () => {
    timer = setTimeout(() => reject(signal.reason), grace)
  }
  signal.addEventListener('abort', abandon, { once: true })
  if (signal.aborted) abandon()
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abandon)
  }
}

const partOf = (task: Task<unknown>, started: Date, ended = new Date()) => ({
  task: task.id,
  kind: task.kind,
  request: hashOf(task.request),
  started: started.toISOString(),
  ended: ended.toISOString(),
})

function ended(
  task: Task<unknown>,
  started: Date,
  { value, status = 'passed', ...evidence }: Result<unknown>,
): Outcome {
  const part = { ...partOf(task, started), status, ...evidence }
  return value === undefined ? { part } : { part: { ...part, value: JSON.parse(JSON.stringify(value)) }, value }
}

function stopped(task: Task<unknown>, started: Date, error: unknown): Outcome {
  const part = partOf(task, started)
  if (error instanceof Cancelled) return { part: { ...part, status: 'cancelled', reason: error.message } }
  return { part: { ...part, status: 'broken', fault: faultOf(error) } }
}

function faultOf(error: unknown): Fault {
  if (error instanceof UserError) return { kind: 'user', message: error.message }
  if (error instanceof OutsideError) return { kind: 'outside', message: error.message }
  return { kind: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
