import type { Location } from '../../record/finding.ts'
import type { Collection } from './collection.ts'
import type { EventOf, NewmanEvent } from './events.ts'

/** What there is to run. */
export interface Outline {
  readonly version: string
  readonly iterations: number
  readonly items: readonly { readonly name: string; readonly suite: string; readonly location?: Location }[]
}

/** One execution of one request: what Newman told of it. */
export interface Execution {
  readonly ref: string
  /** iteration and position */
  readonly slot: string
  readonly suite: string
  /** name of the request, with the iteration and the pass where there are several */
  readonly label: string
  readonly location?: Location
  request?: EventOf<'request'>
  readonly nested: EventOf<'request'>[]
  readonly assertions: EventOf<'assertion'>[]
  readonly scripts: EventOf<'script'>[]
  readonly exceptions: EventOf<'exception'>[]
}

type Placed = Exclude<NewmanEvent, { type: 'start' | 'console' | 'done' }>
const isPlaced = (event: NewmanEvent): event is Placed => 'ref' in event

/** The requests with their lines, as far as the file and Newman agree on how many there are. */
export function outlineOf({ path, lines }: Collection, events: readonly NewmanEvent[]): Outline {
  const start = events.find(event => event.type === 'start')
  const items = start?.items ?? []
  const locate = (line: number | undefined) =>
    line === undefined || lines.length !== items.length ? {} : { location: { file: path, line } }
  return {
    version: start?.version ?? '',
    iterations: start?.iterations ?? 0,
    items: items.map((item, position) => ({ ...item, ...locate(lines[position]) })),
  }
}

interface Place {
  readonly position: number
  readonly iteration: number
  /** how often this request ran in this iteration, from 1 */
  readonly pass?: number
}

export function labelOf({ items, iterations }: Outline, { position, iteration, pass = 1 }: Place): string {
  const marks = [...(iterations > 1 ? [`iteration ${iteration + 1}`] : []), ...(pass > 1 ? [`pass ${pass}`] : [])]
  const name = items[position]?.name ?? `request ${position + 1}`
  return marks.length === 0 ? name : `${name} (${marks.join(', ')})`
}

/** The executions in the order in which they began. */
export function executionsOf(events: readonly NewmanEvent[], outline: Outline): Execution[] {
  const executions = new Map<string, Execution>()
  for (const event of events.filter(isPlaced)) {
    const execution = executions.get(event.ref) ?? begin(event, outline, [...executions.values()])
    executions.set(event.ref, execution)
    add(execution, event)
  }
  return [...executions.values()]
}

function begin({ ref, position, iteration }: Placed, outline: Outline, before: readonly Execution[]): Execution {
  const slot = `${iteration}:${position}`
  const pass = before.filter(execution => execution.slot === slot).length + 1
  const { suite = '', location } = outline.items[position] ?? {}
  const label = labelOf(outline, { position, iteration, pass })
  const place = location === undefined ? {} : { location }
  return { ref, slot, suite, label, ...place, nested: [], assertions: [], scripts: [], exceptions: [] }
}

function add(execution: Execution, event: Placed): void {
  if (event.type === 'assertion') execution.assertions.push(event)
  if (event.type === 'script') execution.scripts.push(event)
  if (event.type === 'exception') execution.exceptions.push(event)
  if (event.type === 'request' && event.nested) execution.nested.push(event)
  if (event.type === 'request' && !event.nested) execution.request = event
}
