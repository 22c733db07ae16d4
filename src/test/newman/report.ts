import type { TestCase } from '../../record/test-case.ts'
import { casesOf } from './cases.ts'
import type { Collection } from './collection.ts'
import { countsOf } from './counts.ts'
import type { NewmanEvent } from './events.ts'
import { executionsOf, labelOf, type Outline, outlineOf } from './executions.ts'
import { originsOf } from './origins.ts'

/** What a collection's run came to. */
export interface NewmanReport {
  /** name of the collection */
  readonly collection: string
  /** Newman's version */
  readonly version: string
  /** one per assertion, one `error` per refused request, thrown script and variable without a value */
  readonly tests: readonly TestCase[]
  /** requests that were sent, those of pm.sendRequest too */
  readonly requests: number
  /** requests of the collection itself by where they went, `http://127.0.0.1:4000`; those without a real address left out */
  readonly origins: Readonly<Record<string, number>>
  /** assertions that came to a result, skipped ones too */
  readonly assertions: number
  readonly failed: number
  readonly errors: number
  readonly skipped: number
  /** requests that got an answer nobody looked at */
  readonly untested: readonly string[]
  /** requests of the collection, times its iterations: how many were sent, and which never were */
  readonly executed: { readonly ran: number; readonly of: number; readonly never: readonly string[] }
  /** `timed out after 5 s in request X`: the rest of the report holds what ran until then */
  readonly timedOut?: string
}

export interface Ran {
  readonly collection: Collection
  readonly events: readonly NewmanEvent[]
  readonly timedOut: boolean
  /** ms */
  readonly timeout: number
}

/** Makes the report of a run from its events. Pure. @throws Error when Newman counted something else: that is our bug. */
export function reportOf(ran: Ran): NewmanReport {
  const { collection, events } = ran
  const outline = outlineOf(collection, events)
  const executions = executionsOf(events, outline)
  const timedOut = ran.timedOut ? timedOutIn(ran, executions.at(-1)?.label) : undefined
  const tests = [...executions.flatMap(casesOf), ...troubles(ran, timedOut)]
  const count = (status: TestCase['status']) => tests.filter(test => test.status === status).length
  const counts = countsOf(events)
  return {
    collection: collection.name,
    version: outline.version,
    tests,
    requests: counts.requests.total,
    origins: originsOf(events),
    assertions: counts.assertions.total,
    failed: count('failed'),
    errors: count('error'),
    skipped: count('skipped'),
    untested: executions
      .filter(({ request, assertions }) => request?.status !== undefined && assertions.length === 0)
      .map(({ label }) => label),
    executed: executedOf(outline, new Set(executions.filter(({ request }) => request).map(({ slot }) => slot))),
    ...(timedOut === undefined ? {} : { timedOut }),
  }
}

function timedOutIn({ timeout }: Ran, label: string | undefined): string {
  return `timed out after ${timeout / 1_000} s ${label === undefined ? 'before the first request' : `in request ${label}`}`
}

/** What went wrong with the whole run rather than with one request. */
function troubles({ collection, events }: Ran, timedOut: string | undefined): TestCase[] {
  const error = events.find(event => event.type === 'done')?.error
  const messages = [...(timedOut === undefined ? [] : [timedOut]), ...(error === undefined ? [] : [error])]
  return messages.map(message => ({ suite: collection.name, name: 'the run', status: 'error', duration: 0, message }))
}

function executedOf(outline: Outline, ran: ReadonlySet<string>): NewmanReport['executed'] {
  const { items, iterations } = outline
  const slots = Array.from({ length: iterations }, (_, iteration) =>
    items.map((_, position) => ({
      slot: `${iteration}:${position}`,
      label: labelOf(outline, { position, iteration }),
    })),
  ).flat()
  const never = slots.filter(({ slot }) => !ran.has(slot)).map(({ label }) => label)
  return { ran: slots.length - never.length, of: slots.length, never }
}
