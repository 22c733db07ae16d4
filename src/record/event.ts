import type { Part } from './part.ts'

/** What happens in a run, told to a host as plain data. Times are ms since the epoch. */
export type Event =
  | {
      readonly type: 'planned'
      readonly at: number
      readonly tasks: readonly { readonly id: string; readonly kind: Part['kind'] }[]
    }
  | { readonly type: 'started'; readonly at: number; readonly task: string }
  | { readonly type: 'line'; readonly at: number; readonly task: string; readonly line: string }
  | { readonly type: 'ended'; readonly at: number; readonly part: Part }
  /** one line per decision: "Builder: docker-container, because …" */
  | { readonly type: 'note'; readonly at: number; readonly line: string }
