import { durationOf, hasRun, isRed } from '../report/rows.ts'
import { colourOf, type Paint } from '../report/terminal.ts'
import { cut, firstLine, oneLine, timeOf } from '../report/text.ts'
import { stageOf } from '../task/task.ts'
import { isRunning, type Watched } from './watch.ts'
import { fitTo } from './width.ts'

export interface View {
  readonly tasks: readonly Watched[]
  /** ms since the epoch: now, and when the run began */
  readonly now: number
  readonly began: number
  readonly columns: number
  readonly rows: number
  readonly paint: Paint
  readonly mask: (text: string) => string
}

const marks = {
  passed: '✓',
  failed: '✗',
  broken: '!',
  cancelled: '×',
  skipped: '-',
  running: '›',
  waiting: '·',
} as const
type State = keyof typeof marks

const stateOf = (task: Watched): State => task.part?.status ?? (isRunning(task) ? 'running' : 'waiting')

/** The tasks by stage, one line each, and a last line that counts them. Never higher or wider than the terminal. */
export function renderTree(view: View): readonly string[] {
  const { tasks, rows, columns } = view
  const all = linesOf(tasks, view)
  const room = Math.max(1, rows - 2)
  const lines = all.length <= room ? all : linesOf(tasks.filter(isTelling), view).slice(0, room)
  return [...lines, fitTo(footer(view), columns - 1)]
}

/** What is worth a line when there is no room for all. */
const isTelling = (task: Watched): boolean => isRunning(task) || (task.part !== undefined && isRed(task.part))

function linesOf(tasks: readonly Watched[], view: View): readonly string[] {
  const stages = [...Map.groupBy(tasks, ({ id }) => stageOf(id))]
  const labelled = stages.flatMap(([stage, group]) => {
    const [only] = group
    if (group.length === 1 && only !== undefined) return [{ label: oneLine(only.id), task: only }]
    const label = (id: string) => `  ${oneLine(id === stage ? id : id.slice(stage.length + 1))}`
    return [{ label: stage, task: undefined }, ...group.map(task => ({ label: label(task.id), task }))]
  })
  const width = Math.max(0, ...labelled.map(({ label }) => label.length))
  return labelled.map(({ label, task }) =>
    task === undefined ? fitTo(`  ${label}`, view.columns - 1) : lineOf(task, label.padEnd(width), view),
  )
}

function lineOf(task: Watched, label: string, { columns, paint, mask, now }: View): string {
  const state = stateOf(task)
  const head = fitTo(` ${label} ${elapsed(task, now).padStart(9)}`, columns - 2)
  const tail = fitTo(oneLine(mask(tailOf(task))), columns - 3 - head.length - 1)
  const mark = state === 'waiting' ? marks.waiting : paint(colourOf(state), marks[state])
  return tail === '' ? `${mark}${head}`.trimEnd() : `${mark}${head}  ${paint('dim', tail)}`
}

function elapsed(task: Watched, now: number): string {
  if (task.part !== undefined) return hasRun(task.part) ? timeOf(durationOf(task.part)) : ''
  return task.started === undefined ? '' : seconds(now - task.started)
}

/** Running tasks count in one unit, so that the number does not jump. */
const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)} s`

function tailOf({ part, lines }: Watched): string {
  if (part === undefined) return cut(lines.findLast(line => line.trim() !== '') ?? '', 10_000)
  if (part.status === 'passed') return ''
  const reason = firstLine(part.reason ?? part.fault?.message ?? '')
  return reason === '' ? part.status : `${part.status}: ${reason}`
}

const order: readonly State[] = ['running', 'waiting', 'passed', 'failed', 'broken', 'cancelled', 'skipped']

function footer({ tasks, now, began }: View): string {
  const counted = Map.groupBy(tasks, stateOf)
  const said = order.flatMap(state => (counted.has(state) ? [`${counted.get(state)?.length} ${state}`] : []))
  return `${[...said].join(', ')}  ${seconds(now - began)}`
}
