import { onExit } from 'signal-exit'
import { isRed } from '../report/rows.ts'
import type { Paint } from '../report/terminal.ts'
import type { Event } from './host.ts'
import { type Display, linesOf } from './plain.ts'
import { renderTree } from './tree.ts'
import { createWatch } from './watch.ts'

interface LiveOptions {
  readonly stream: NodeJS.WriteStream
  readonly mask: (text: string) => string
  readonly paint: Paint
  readonly verbose: boolean
  readonly now: () => number
}

/** ms between two drawings */
const pace = 100
/** lines of output shown of a task that ended badly */
const tail = 20

// ECMA-48: CUU, ED; DEC private modes 25 (cursor) and 2026 (draw at once, ignored by terminals that don't know it).
const hideCursor = '\x1b[?25l'
const showCursor = '\x1b[?25h'
const upAndClear = (lines: number): string => (lines === 0 ? '\r\x1b[J' : `\r\x1b[${lines}A\x1b[J`)
const atOnce = (text: string): string => `\x1b[?2026h${text}\x1b[?2026l`

/** The tree shows what passed; what did not must stay when the tree is gone. */
const staysAbove = (event: Event): boolean => event.type !== 'ended' || isRed(event.part)

/** A tree of tasks that is redrawn in place; what must stay is printed above it. */
export function openLive({ stream, mask, paint, verbose, now }: LiveOptions): Display {
  const watch = createWatch(200)
  const began = now()
  let height = 0
  let above: string[] = []
  let closed = false

  const draw = (tasks = watch.all): void => {
    const { columns = 80, rows = 24 } = stream
    const tree = tasks.length === 0 ? [] : renderTree({ tasks, now: now(), began, columns, rows, paint, mask })
    const text = [...above.map(mask), ...tree].map(line => `${line}\n`).join('')
    if (height > 0 || text !== '') stream.write(atOnce(upAndClear(height) + text))
    height = tree.length
    above = []
  }
  const timer = setInterval(() => draw(), pace)
  timer.unref()
  // Also when a signal ends the process: a terminal without a cursor outlives it.
  const forget = onExit(() => {
    stream.write(showCursor)
  })
  stream.write(hideCursor)

  return {
    show(event) {
      watch.take(event)
      if (staysAbove(event)) above.push(...linesOf(event, { watch, paint, verbose }, tail))
      if (closed) draw([])
    },
    close() {
      if (closed) return
      closed = true
      clearInterval(timer)
      draw([])
      stream.write(showCursor)
      forget()
    },
  }
}
