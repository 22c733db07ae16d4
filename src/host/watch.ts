import type { Part } from '../record/part.ts'
import type { Kind } from '../task/task.ts'
import type { Event } from './host.ts'

/** A task as a host sees it. `lines` are the last ones that it wrote; `dropped` came before them. */
export interface Watched {
  readonly id: string
  readonly kind: Kind | undefined
  readonly started?: number
  readonly part?: Part
  readonly lines: readonly string[]
  readonly dropped: number
}

/** Keeps what the events say about each task, in the order in which tasks were planned. */
export interface Watch {
  take(event: Event): void
  find(id: string): Watched | undefined
  readonly all: readonly Watched[]
  /** those that run, the first started first */
  readonly running: readonly Watched[]
  /** forgets the lines of a task */
  empty(id: string): void
}

/** `most`: lines that are kept of each task. */
export function createWatch(most: number): Watch {
  const tasks = new Map<string, Watched>()
  const change = (id: string, told: Partial<Watched>): void => {
    tasks.set(id, { ...(tasks.get(id) ?? { id, kind: undefined, lines: [], dropped: 0 }), ...told })
  }
  const add = (id: string, line: string): void => {
    const { lines = [], dropped = 0 } = tasks.get(id) ?? {}
    // Lines are many: the array is the watch's own, and only its far end is cut off now and then.
    const grown = lines as string[]
    grown.push(...line.replace(/[\r\n]+$/, '').split(/\r\n?|\n/))
    const excess = grown.length > most * 1.5 ? grown.length - most : 0
    change(id, { lines: excess > 0 ? grown.slice(excess) : grown, dropped: dropped + excess })
  }
  return {
    take(event) {
      if (event.type === 'planned') for (const { id, kind } of event.tasks) change(id, { kind })
      if (event.type === 'started') change(event.task, { started: event.at })
      if (event.type === 'line') add(event.task, event.line)
      if (event.type === 'ended') change(event.part.task, { part: event.part })
    },
    find: id => tasks.get(id),
    get all() {
      return [...tasks.values()]
    },
    get running() {
      return [...tasks.values()].filter(isRunning).sort((a, b) => (a.started ?? 0) - (b.started ?? 0))
    },
    empty: id => change(id, { lines: [], dropped: 0 }),
  }
}

export const isRunning = ({ started, part }: Watched): boolean => started !== undefined && part === undefined
