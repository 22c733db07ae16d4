import { isRed } from '../report/rows.ts'
import type { Paint } from '../report/terminal.ts'
import { linesIn } from '../report/text.ts'
import type { Event } from './host.ts'
import { createWatch, type Watch } from './watch.ts'
import { endLines, runningLine, tailOf } from './wording.ts'

/** Shows events on a stream. */
export interface Display {
  show(event: Event): void
  close(): void
}

export interface DisplayOptions {
  /** gets whole lines, masks them, and writes them */
  readonly write: (lines: readonly string[]) => void
  readonly paint: Paint
  /** every line of every task is shown, with the task's id before it */
  readonly verbose: boolean
  readonly now: () => number
  /** ms between two lines that say what is running */
  readonly beat: number
}

const most = 1_000

/** One line per end and decision, for a log: `[ 12.3s] scan:web:linux/amd64  passed (3.2 s)`. */
export function openPlain({ write, paint, verbose, now, beat }: DisplayOptions): Display {
  const watch = createWatch(verbose ? 0 : most)
  const clock = createClock()
  const timer = setInterval(() => {
    const line = runningLine(watch.running, now())
    if (line !== undefined) write([`${clock.stamp(now())} ${line}`])
  }, beat)
  timer.unref()
  return {
    show(event) {
      clock.start(event.at)
      watch.take(event)
      const lines = linesOf(event, { watch, paint, verbose })
      if (lines.length > 0) write(stamped(lines, clock.stamp(event.at)))
    },
    close: () => clearInterval(timer),
  }
}

interface Sight {
  readonly watch: Watch
  readonly paint: Paint
  readonly verbose: boolean
}

/** What an event leaves in the log; nothing for most. */
export function linesOf(event: Event, { watch, paint, verbose }: Sight, tail = most): readonly string[] {
  if (event.type === 'note') return linesIn(event.line)
  if (event.type === 'line') return verbose ? linesIn(event.line).map(line => `${event.task} | ${line}`) : []
  if (event.type !== 'ended') return []
  const watched = watch.find(event.part.task)
  const kept = verbose || watched === undefined || !isRed(event.part) ? [] : tailOf(watched, tail)
  return [...endLines(event.part, paint), ...kept.flatMap(linesIn).map(line => `    ${line}`)]
}

const stamped = ([first = '', ...rest]: readonly string[], stamp: string): readonly string[] => [
  `${stamp} ${first}`,
  ...rest.map(line => `${' '.repeat(stamp.length)} ${line}`),
]

/** `[ 12.3s]`: seconds since the first event. */
function createClock() {
  let origin: number | undefined
  return {
    start(at: number): void {
      origin ??= at
    },
    stamp: (at: number): string => `[${((at - (origin ?? at)) / 1000).toFixed(1).padStart(5)}s]`,
  }
}
