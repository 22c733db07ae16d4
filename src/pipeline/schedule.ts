import type { Event } from '../record/event.ts'
import type { Part } from '../record/part.ts'
import { verdictsOf } from '../record/record.ts'
import type { Verdict } from '../record/verdict.ts'
import type { Scope } from '../task/scope.ts'
import type { Task } from '../task/task.ts'
import { closureOf, remainingOf, waitsFor, worthAfterFailure } from './order.ts'
import { Cancelled, notStarted, type Outcome, performTask } from './perform.ts'

type AnyTask = Task<unknown>

export interface Schedule {
  /** what is wanted; what it waits for is done as well */
  readonly goals: readonly AnyTask[]
  /** ends that are known already, by task id: those tasks are not run */
  readonly given?: ReadonlyMap<string, Outcome>
  /** verdicts of earlier calls whose judges are not in this graph: whoever judges hears them too */
  readonly heard?: readonly Verdict[]
  /** CPUs */
  readonly capacity: number
  /** aborted: running tasks are cancelled, no other starts */
  readonly signal: AbortSignal
  scopeOf(task: AnyTask, signal: AbortSignal): Scope
  /** told in order; `ended` is told before anything that waits for the task starts */
  show(event: Event): void | Promise<void>
}

/**
 * Runs the goals and what they wait for: a task starts when its needs exist and the CPUs suffice, longest remaining path
 * first. Gives the outcome of every task. Never throws for what a task did; what the host throws (a full disk) is
 * thrown once nothing runs any more.
 */
export async function schedule(plan: Schedule): Promise<ReadonlyMap<string, Outcome>> {
  const tasks = closureOf(plan.goals)
  const state = new State(tasks, plan)
  try {
    while (!state.done) await state.advance()
  } finally {
    await state.breakOff()
  }
  return state.outcomes
}

interface Running {
  readonly end: Promise<void>
  readonly control: AbortController
}

class State {
  readonly outcomes: Map<string, Outcome>
  readonly running = new Map<AnyTask, Running>()
  readonly #waiting: Set<AnyTask>
  readonly #plan: Schedule
  #failure: string | undefined
  /** true once a vital task failed: then nothing is worth doing */
  #over = false

  constructor(tasks: readonly AnyTask[], plan: Schedule) {
    this.#plan = plan
    this.outcomes = new Map(plan.given)
    const rest = remainingOf(tasks)
    const byLongest = [...tasks].sort((a, b) => (rest.get(b) ?? 0) - (rest.get(a) ?? 0))
    this.#waiting = new Set(byLongest.filter(({ id }) => !this.outcomes.has(id)))
  }

  get done(): boolean {
    return this.#waiting.size === 0 && this.running.size === 0
  }

  /**
   * Ends, without running them, the tasks that can't or needn't run any more, again and again, since one end leads to
   * others; then starts what can start, and waits for the next end. From the last look to the wait nothing is awaited:
   * an end that came between would be overlooked.
   */
  async advance(): Promise<void> {
    for (let again = true; again; ) {
      again = false
      const worth = this.#worth()
      for (const task of this.#waiting) {
        const end = this.#endWithoutRun(task, worth)
        if (end === undefined) continue
        this.#waiting.delete(task)
        await this.#record(task, end)
        again = true
      }
    }
    this.#startAll()
    if (this.running.size > 0) await Promise.race([...this.running.values()].map(({ end }) => end))
  }

  #startAll(): void {
    for (const task of this.#waiting) {
      if (!waitsFor(task).every(({ id }) => this.outcomes.has(id)) || !this.#fits(task)) continue
      this.#waiting.delete(task)
      const control = new AbortController()
      this.running.set(task, { control, end: this.#run(task, control) })
    }
  }

  /** Cancels what still runs, and waits for it: nothing runs on behind a schedule that has ended. */
  async breakOff(): Promise<void> {
    for (const { control } of this.running.values()) control.abort(new Cancelled('the run broke off'))
    await Promise.allSettled([...this.running.values()].map(({ end }) => end))
  }

  #worth(): ReadonlySet<AnyTask> {
    if (this.#over) return new Set()
    const unfinished = [...this.#waiting, ...this.running.keys()]
    return this.#failure === undefined ? new Set(unfinished) : worthAfterFailure(unfinished)
  }

  #endWithoutRun(task: AnyTask, worth: ReadonlySet<AnyTask>): Outcome | undefined {
    if (this.#plan.signal.aborted) return notStarted(task, 'cancelled', 'the run was cancelled')
    const missing = task.needs.find(({ id }) => isOver(this.outcomes.get(id)))
    if (missing !== undefined) return withoutNeed(task, missing.id, this.outcomes.get(missing.id)?.part)
    return worth.has(task) ? undefined : notStarted(task, 'cancelled', `not worth doing: ${this.#failure}`)
  }

  #fits({ weight }: AnyTask): boolean {
    const { capacity } = this.#plan
    const used = [...this.running.keys()].reduce((sum, task) => sum + Math.min(task.weight, capacity), 0)
    return used + Math.min(weight, capacity) <= capacity
  }

  async #run(task: AnyTask, control: AbortController): Promise<void> {
    const { signal: all, scopeOf, show } = this.#plan
    await show({ type: 'started', at: Date.now(), task: task.id })
    const judged = verdictsOf(task.judges.flatMap(({ id }) => this.outcomes.get(id)?.part ?? []))
    const verdicts = [...judged, ...(this.#plan.heard ?? [])]
    const signal = AbortSignal.any([all, control.signal])
    const outcome = await performTask({ task, outcomes: this.outcomes, verdicts, signal, scopeOf })
    await this.#record(task, outcome)
  }

  // Told first: the host may take its time, and nothing may start on an end that nobody has written down.
  async #record(task: AnyTask, outcome: Outcome): Promise<void> {
    await this.#plan.show({ type: 'ended', at: Date.now(), part: outcome.part })
    this.outcomes.set(task.id, outcome)
    this.running.delete(task)
    const { status } = outcome.part
    if (task.kind !== 'advisory' && status !== 'passed' && status !== 'skipped')
      this.#failure ??= `${task.id} ${status}`
    if (task.vital && status !== 'passed' && status !== 'skipped') this.#over = true
    const worth = this.#worth()
    for (const [other, { control }] of this.running) {
      if (!worth.has(other)) control.abort(new Cancelled(`not worth going on: ${this.#failure}`))
    }
  }
}

function withoutNeed(task: AnyTask, need: string, { status, reason }: Partial<Part> = {}): Outcome {
  if (status === 'skipped') return notStarted(task, 'skipped', `${need} was skipped${reason ? `: ${reason}` : ''}`)
  return notStarted(
    task,
    'cancelled',
    `needs ${need}, which ${status === 'passed' ? 'gave no value' : `ended ${status}`}`,
  )
}

/** Ended without a value: nothing that needs it can run. */
const isOver = (outcome: Outcome | undefined): boolean => outcome !== undefined && !('value' in outcome)
