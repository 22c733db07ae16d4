import { availableParallelism } from 'node:os'
import { UserError } from '../errors.ts'
import type { Event } from '../record/event.ts'
import { maskPart } from '../record/masked.ts'
import type { Part } from '../record/part.ts'
import { mergeParts, type Record, type Revision } from '../record/record.ts'
import type { Verdict } from '../record/verdict.ts'
import { scrub } from '../run/environment.ts'
import { writePart, writeRecord } from '../run/parts.ts'
import type { OpenRun } from '../run/run.ts'
import { isRight, rightMessage } from '../schema/rights.ts'
import type { Credentials, Scope } from '../task/scope.ts'
import type { Task } from '../task/task.ts'
import { openLogs } from './logs.ts'
import { closureOf } from './order.ts'
import type { Outcome } from './perform.ts'
import type { Plan } from './plan.ts'
import { schedule } from './schedule.ts'

type AnyTask = Task<unknown>

/** What a pipeline runs in. */
export interface Session {
  readonly run: OpenRun
  readonly plan: Plan
  readonly revision: Revision
  /** what the source is now, as `readSource` tells it */
  readonly source: string
  /** verdicts of earlier calls of this run that no task of this plan gives */
  readonly heard: readonly Verdict[]
  /** the checkout */
  readonly context: string
  /** the whole environment of this process; programs get it scrubbed */
  readonly env: Readonly<{ [name: string]: string | undefined }>
  /** names of secrets that the configuration mentions */
  readonly secrets: readonly string[]
  readonly credentials: Credentials | undefined
  readonly pullCredentials?: Credentials | undefined
  readonly newmanWorker: string
  readonly signal: AbortSignal
  readonly masker: Masker
  show(event: Event): void
  mask(secret: string): void
}

/** Replaces what was masked by `***`, in lines and in whatever is written down. */
export interface Masker {
  add(secret: string): void
  apply(text: string): string
}

export interface Performed {
  /** the whole run */
  readonly record: Record
  /** what this call did alone */
  readonly own: Record
  /** ends of the tasks of this call, without those that were given */
  readonly parts: readonly Part[]
}

/** Performs goals in a run: each end is written down at once, masked, also when the run fails or is cancelled. */
export async function performPlan(
  session: Session,
  goals: readonly AnyTask[],
  given: ReadonlyMap<string, Outcome>,
): Promise<Performed> {
  const { run, plan, revision, masker } = session
  const frame = {
    id: run.id,
    revision,
    plan: { hash: plan.hash, tasks: plan.tasks.map(planned) },
    started: new Date().toISOString(),
  }
  const logs = openLogs(run.directory)
  const parts: Part[] = []
  await writeRecord(run.directory, frame)
  const mine = closureOf(goals).filter(({ id }) => !given.has(id))
  session.show({ type: 'planned', at: Date.now(), tasks: mine.map(({ id, kind }) => ({ id, kind })) })
  const show = async (event: Event): Promise<void> => {
    if (event.type !== 'ended') return session.show(event)
    const whole = withLog({ ...event.part, source: session.source }, logs.tailOf(event.part.task))
    const part = maskPart(whole, masker.apply)
    parts.push(part)
    await writePart(run.directory, part)
    await writeRecord(run.directory, frame)
    session.show({ ...event, part })
  }
  const scopeOf = (task: AnyTask, signal: AbortSignal): Scope =>
    scopeIn(session, { task, signal, log: logs.open(task.id) })
  try {
    await schedule({
      heard: session.heard,
      goals,
      given,
      capacity: availableParallelism(),
      signal: session.signal,
      scopeOf,
      show,
    })
  } finally {
    await logs.close()
  }
  const ended = new Date().toISOString()
  return { record: await writeRecord(run.directory, frame, ended), own: mergeParts(frame, parts, ended), parts }
}

const planned = ({ id, kind, needs, judges }: AnyTask): Record['plan']['tasks'][number] => ({
  id,
  kind,
  needs: [...needs, ...judges].map(need => need.id),
})

interface Place {
  readonly task: AnyTask
  readonly signal: AbortSignal
  log(line: string): void
}

function scopeIn(session: Session, { task, signal, log }: Place): Scope {
  const mask = (secret: string): void => {
    session.masker.add(secret)
    session.mask(secret)
  }
  return {
    run: session.run,
    context: session.context,
    newmanWorker: session.newmanWorker,
    env: scrub(session.env, session.secrets),
    rights: session.env,
    signal,
    mask,
    credentials: use => (use === 'push' ? session.credentials : session.pullCredentials),
    secret(name) {
      if (isRight(name)) throw new UserError(`secret ${name}: expected ${rightMessage}`)
      const value = session.env[name]
      if (value !== undefined && value !== '') mask(value)
      return value
    },
    say(text) {
      for (const line of session.masker.apply(text).split('\n')) {
        log(line)
        session.show({ type: 'line', at: Date.now(), task: task.id, line })
      }
    },
  }
}

const withLog = (part: Part, tail: readonly string[]): Part =>
  part.status === 'passed' || part.status === 'skipped' || tail.length === 0 ? part : { ...part, log: [...tail] }
