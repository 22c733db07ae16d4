import fc from 'fast-check'
import { OutsideError, UserError } from '../../src/errors.ts'
import type { Verdict } from '../../src/record/verdict.ts'
import type { Scope } from '../../src/task/scope.ts'
import { type Kind, type Result, type Task, task } from '../../src/task/task.ts'

/** How a task ends when it is left alone. */
export type End =
  | 'value'
  | 'nothing'
  | 'failed'
  | 'failed with value'
  | 'skipped'
  | 'user'
  | 'outside'
  | 'bug'
  | 'never'
/** What a task does when its signal is aborted. */
type Manner = 'stops' | 'lingers' | 'ignores'

/** One task of a random graph; needs and judges are places of earlier tasks. Times in ms. */
export interface Plot {
  readonly id: string
  readonly needs: readonly number[]
  readonly judges: readonly number[]
  readonly kind: Kind
  readonly weight: number
  readonly duration: number
  readonly estimate: number
  readonly deadline: number
  readonly end: End
  readonly manner: Manner
}

export interface Shape {
  readonly ends?: readonly End[]
  readonly weights?: readonly number[]
  readonly deadlines?: readonly number[]
  readonly manners?: readonly Manner[]
}

const anyEnd: readonly End[] = ['value', 'value', 'value', 'value', 'nothing', 'failed', 'failed with value', 'skipped']
export const everyEnd: readonly End[] = [...anyEnd, 'user', 'outside', 'bug', 'never']

/** Random graphs: each task waits for earlier ones only, as tasks are made. */
export const plots = ({
  ends = everyEnd,
  weights = [0, 0.5, 1, 2, 8],
  deadlines = [600_000, 600_000, 600_000, 40],
  manners = ['stops', 'stops', 'lingers', 'ignores'],
}: Shape = {}): fc.Arbitrary<readonly Plot[]> =>
  fc
    .array(
      fc.record({
        needs: fc.array(fc.nat(99), { maxLength: 3 }),
        judges: fc.array(fc.nat(99), { maxLength: 2 }),
        kind: fc.constantFrom<Kind[]>('work', 'work', 'blocking', 'advisory'),
        weight: fc.constantFrom(...weights),
        duration: fc.integer({ min: 0, max: 100 }),
        estimate: fc.integer({ min: 0, max: 100 }),
        deadline: fc.constantFrom(...deadlines),
        end: fc.constantFrom(...ends),
        manner: fc.constantFrom(...manners),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map(list =>
      list.map((plot, place) => ({
        ...plot,
        id: `t${place}`,
        needs: earlier(plot.needs, place),
        judges: earlier(plot.judges, place),
      })),
    )

const earlier = (places: readonly number[], place: number): number[] =>
  place === 0 ? [] : [...new Set(places.map(one => one % place))]

/** What the tasks of a plot are seen doing. */
export interface Watch {
  performed(id: string, scope: Scope, verdicts: readonly Verdict[]): void
  aborted(id: string, reason: unknown): void
  stopped(id: string): void
}

/** ms that a task which lingers goes on for after its signal */
const lingering = 2_000

export function tasksOf(plotted: readonly Plot[], watch: Watch): readonly Task<unknown>[] {
  const made: Task<{ of: string }>[] = []
  for (const plot of plotted) made.push(taskOf(plot, made, watch))
  return made
}

function taskOf(plot: Plot, made: readonly Task<{ of: string }>[], watch: Watch): Task<{ of: string }> {
  const { id, kind, weight, deadline, estimate } = plot
  const pick = (places: readonly number[]) => places.flatMap(place => made[place] ?? [])
  return task({
    id,
    kind,
    weight,
    deadline,
    estimate,
    request: { id },
    needs: Object.fromEntries(pick(plot.needs).map(need => [need.id, need])),
    judges: pick(plot.judges),
    perform(needed, scope, verdicts) {
      for (const [name, value] of Object.entries(needed)) {
        if (value.of !== name) throw new Error(`${id} was given ${value.of} for ${name}`)
      }
      watch.performed(id, scope, verdicts)
      return act(plot, scope.signal, watch)
    },
  })
}

function act(plot: Plot, signal: AbortSignal, watch: Watch): Promise<Result<{ of: string }>> {
  return new Promise((resolve, reject) => {
    const own =
      plot.end === 'never'
        ? undefined
        : setTimeout(() => {
            watch.stopped(plot.id)
            try {
              resolve(resultOf(plot))
            } catch (error) {
              reject(error)
            }
          }, plot.duration)
    signal.addEventListener('abort', () => {
      watch.aborted(plot.id, signal.reason)
      if (plot.manner === 'ignores') return
      clearTimeout(own)
      const stop = () => reject(new Error(`${plot.id} was stopped`))
      if (plot.manner === 'stops') stop()
      else setTimeout(stop, lingering)
    })
  })
}

function resultOf({ id, end }: Plot): Result<{ of: string }> {
  const value = { of: id }
  if (end === 'value') return { value }
  if (end === 'nothing') return { value: undefined as unknown as { of: string } }
  if (end === 'failed' || end === 'skipped') return { status: end, reason: `${id} ${end}` }
  if (end === 'failed with value') return { status: 'failed', reason: `${id} failed`, value }
  if (end === 'user') throw new UserError(`${id}: wrong`)
  if (end === 'outside') throw new OutsideError(`${id}: no answer`)
  throw new TypeError(`${id}: a bug`)
}
