import { jest } from '@jest/globals'
import type { Outcome } from '../../src/pipeline/perform.ts'
import { Cancelled } from '../../src/pipeline/perform.ts'
import { schedule } from '../../src/pipeline/schedule.ts'
import type { Part } from '../../src/record/part.ts'
import type { Verdict } from '../../src/record/verdict.ts'
import type { Scope } from '../../src/task/scope.ts'
import { type Plot, tasksOf } from './graph.ts'

/** Something that was seen, at a ms of the simulated run. */
export type Seen = { readonly at: number; readonly task: string } & (
  | { readonly what: 'started' }
  | { readonly what: 'performed'; readonly aborted: boolean; readonly verdicts: readonly Verdict[] }
  | { readonly what: 'aborted'; readonly reason: unknown }
  | { readonly what: 'stopped' }
  | { readonly what: 'ended'; readonly part: Part }
  | { readonly what: 'cancel' }
)

export interface Simulated {
  readonly seen: readonly Seen[]
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** ms */
  readonly took: number
}

interface Simulation {
  readonly plotted: readonly Plot[]
  readonly capacity: number
  /** ids of the goals; all when not given */
  readonly goals?: readonly string[]
  /** ms after the start at which the run is cancelled */
  readonly cancelAt?: number | undefined
  /** ms that the host takes to note events, in turn */
  readonly slow?: readonly number[]
}

/** Lets the scheduler run a plot on a clock that jumps from timer to timer. @throws Error when nothing can go on. */
export async function simulate({ plotted, capacity, goals, cancelAt, slow = [] }: Simulation): Promise<Simulated> {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'], now: 0 })
  try {
    const seen: Seen[] = []
    let events = 0
    const control = new AbortController()
    const tasks = tasksOf(plotted, {
      performed: (task, { signal }, verdicts) =>
        seen.push({ at: Date.now(), task, what: 'performed', aborted: signal.aborted, verdicts }),
      aborted: (task, reason) => seen.push({ at: Date.now(), task, what: 'aborted', reason }),
      stopped: task => seen.push({ at: Date.now(), task, what: 'stopped' }),
    })
    if (cancelAt !== undefined) setTimeout(cancel, cancelAt)
    function cancel() {
      seen.push({ at: Date.now(), task: '', what: 'cancel' })
      control.abort(new Cancelled('cancelled by SIGINT'))
    }
    const outcomes = await advance(
      schedule({
        goals: goals === undefined ? tasks : tasks.filter(({ id }) => goals.includes(id)),
        capacity,
        signal: control.signal,
        scopeOf: (_, signal) => scopeWith(signal),
        async show(event) {
          const pause = slow[events++ % slow.length] ?? 0
          if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
          const at = Date.now()
          if (event.type === 'started') seen.push({ at, task: event.task, what: 'started' })
          if (event.type === 'ended') seen.push({ at, task: event.part.task, what: 'ended', part: event.part })
        },
      }),
    )
    return { seen, outcomes, took: Date.now() }
  } finally {
    jest.clearAllTimers()
    jest.useRealTimers()
  }
}

/** Moves the fake clock until the work is done; each step first lets all promises settle. */
export async function advance<T>(work: Promise<T>): Promise<T> {
  let over = false
  const watched = work.finally(() => {
    over = true
  })
  watched.catch(() => {})
  for (;;) {
    await new Promise(resolve => setImmediate(resolve))
    if (over) return watched
    if (jest.getTimerCount() === 0) throw new Error('nothing can go on: no timer is left, and the work has not ended')
    jest.advanceTimersToNextTimer()
  }
}

/** A scope of which the scheduler and the tasks here use the signal alone. */
export const scopeWith = (signal: AbortSignal): Scope => ({
  run: { id: '0a1b2c3d', directory: '/nowhere' },
  context: '/nowhere',
  newmanWorker: '/nowhere',
  env: {},
  rights: {},
  signal,
  secret: () => undefined,
  credentials: () => undefined,
  say() {},
  mask() {},
})
