import type { Part } from '../record/part.ts'
import type { Record } from '../record/record.ts'
import type { Kind } from '../task/task.ts'

/** What happens in a run, told to a host as plain data. Times are ms since the epoch. */
export type Event =
  | {
      readonly type: 'planned'
      readonly at: number
      readonly tasks: readonly { readonly id: string; readonly kind: Kind }[]
    }
  | { readonly type: 'started'; readonly at: number; readonly task: string }
  | { readonly type: 'line'; readonly at: number; readonly task: string; readonly line: string }
  | { readonly type: 'ended'; readonly at: number; readonly part: Part }
  /** one line per decision: "Builder: docker-container, because …" */
  | { readonly type: 'note'; readonly at: number; readonly line: string }

/** Where a pipeline runs: GitHub or a terminal. The only interface with two implementations. */
export interface Host {
  /** an input or flag by its name; undefined when it was not given (an empty string counts as not given) */
  read(name: string): string | undefined
  /** registers a secret before anything that may hold it is printed */
  mask(secret: string): void
  show(event: Event): void
  /** the run is over: summary, annotations, outputs */
  end(record: Record): Promise<void>
}
