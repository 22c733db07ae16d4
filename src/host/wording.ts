import type { Part } from '../record/part.ts'
import { durationOf, hasRun, isRed, stateOf } from '../report/rows.ts'
import { colourOf, type Paint } from '../report/terminal.ts'
import { plain, timeOf } from '../report/text.ts'
import type { Watched } from './watch.ts'

/** How a task ended: `scan:web  failed (3.2 s): 2 findings`, then the rest of the reason, whole, indented. */
export function endLines(part: Part, paint: Paint): readonly string[] {
  const [reason = '', ...rest] = plain(reasonOf(part)).trim().split('\n')
  const time = hasRun(part) || part.status === 'passed' ? ` (${timeOf(durationOf(part))})` : ''
  const why = reason === '' ? '' : `: ${reason}`
  return [
    `${part.task}  ${paint(colourOf(part.status), stateOf(part))}${time}${why}`,
    ...rest.map(line => `  ${line}`.trimEnd()),
  ]
}

function reasonOf({ reason, fault, status, kind }: Part): string {
  const said = reason ?? fault?.message ?? ''
  if (status !== 'broken') return said
  return `${kind === 'work' ? 'could not be done' : 'could not look'}: ${said || 'no reason is known'}`
}

/** The last lines of a task that ended badly; those of its part where it ran elsewhere. */
export function tailOf({ lines, dropped, part }: Watched, most: number): readonly string[] {
  if (part === undefined || !isRed(part)) return []
  const all = lines.length > 0 ? lines : (part.log ?? [])
  const shown = all.slice(-most)
  const before = dropped + all.length - shown.length
  return before > 0 ? [`… ${before} lines before these`, ...shown] : shown
}

/** `running: build:web (30.0 s), check:credo (12.1 s)`; undefined when nothing runs. */
export function runningLine(running: readonly Watched[], now: number): string | undefined {
  if (running.length === 0) return undefined
  return `running: ${running.map(({ id, started = now }) => `${id} (${timeOf(now - started)})`).join(', ')}`
}
