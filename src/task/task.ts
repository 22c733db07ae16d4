import { createHash } from 'node:crypto'
import type { Evidence, Fault } from '../record/part.ts'
import type { Verdict } from '../record/verdict.ts'
import type { Scope } from './scope.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** `work` makes something; `blocking` and `advisory` tasks judge: they end with a verdict. */
export type Kind = 'work' | 'blocking' | 'advisory'

/**
 * How a task ended: with a value, or with a reason why there is none. What a task throws makes it `broken` as well; it
 * says so itself where it has evidence to give.
 */
export type Result<T> = Evidence &
  (
    | { readonly status?: 'passed'; readonly value: T }
    | { readonly status: 'failed' | 'skipped'; readonly reason: string; readonly value?: T }
    | { readonly status: 'broken'; readonly fault: Fault; readonly value?: never }
  )

/** The only unit of work. Plain data, but for `perform`. */
export interface Task<T> {
  readonly id: string
  /** what is asked, as plain data: the plan's hash is made of these */
  readonly request: Json
  /** tasks whose values it takes */
  readonly needs: readonly Task<unknown>[]
  /** tasks whose verdicts it takes, however they ended */
  readonly judges: readonly Task<unknown>[]
  readonly kind: Kind
  /** share of the machine's CPUs; 0 for a task that only waits */
  readonly weight: number
  /** ms */
  readonly deadline: number
  /** ms it is expected to take; the longest remaining path starts first */
  readonly estimate: number
  /** when it neither passes nor is skipped, the whole run is over: what follows would be for nothing */
  readonly vital: boolean
  perform(given: Given, scope: Scope): Promise<Result<T>>
}

export interface Given {
  value<U>(task: Task<U>): U
  readonly verdicts: readonly Verdict[]
}

type Needs = Readonly<Record<string, Task<unknown>>>
type Values<N> = { readonly [K in keyof N]: N[K] extends Task<infer U> ? U : never }
type Tuning = Partial<Pick<Task<unknown>, 'kind' | 'weight' | 'deadline' | 'estimate' | 'judges' | 'vital'>>

interface Definition<N extends Needs, T> extends Tuning {
  readonly id: string
  readonly request: Json
  readonly needs: N
  perform(needed: Values<N>, scope: Scope, verdicts: readonly Verdict[]): Promise<Result<T>>
}

/** Makes a task whose `perform` gets the values of its needs by name: wired wrongly, it does not compile. */
export function task<const N extends Needs, T>({ needs, perform, ...definition }: Definition<N, T>): Task<T> {
  return {
    kind: 'work',
    weight: 1,
    deadline: 600_000,
    estimate: 1_000,
    judges: [],
    vital: false,
    ...definition,
    needs: Object.values(needs),
    perform: (given, scope) => perform(valuesOf(needs, given), scope, given.verdicts),
  }
}

// The one cast: Object.entries forgets which name has which type.
const valuesOf = <N extends Needs>(needs: N, given: Given): Values<N> =>
  Object.fromEntries(Object.entries(needs).map(([name, need]) => [name, given.value(need)])) as Values<N>

/** `scan` of `scan:web:linux/amd64`: the stage that made the task. */
export const stageOf = (id: string): string => id.split(':', 1)[0] ?? id

/** 16 hex digits over the canonical JSON of a value (object keys sorted). */
export const hashOf = (value: Json): string => createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16)

function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
    .join(',')}}`
}
