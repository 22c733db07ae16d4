import type { Part, Vertex } from '../record/part.ts'
import type { Record } from '../record/record.ts'
import { code, details, table, text } from './markdown.ts'
import { durationOf, hasRun } from './rows.ts'
import { count, timeOf } from './text.ts'
import { criticalPath, type Span, stagesOf, totalOf } from './timing.ts'

const slowest = 10

/** What is behind a click: passed tasks, build steps, programs, times. Blocks of Markdown. */
export const renderMore = (record: Record): string[] => [
  ...passedOf(record.tasks.filter(({ status }) => status === 'passed')),
  ...record.tasks.flatMap(stepsOf),
  ...programsOf(record.programs),
  ...timesOf(record),
]

function passedOf(parts: readonly Part[]): string[] {
  if (parts.length === 0) return []
  const rows = parts.map(part => [code(part.task), timeOf(durationOf(part)), text(foundOf(part))])
  return [details(`${count(parts.length, 'task')} passed`, table(['task', 'time', 'found'], rows))]
}

function foundOf({ findings = [], tests = [], images = [], reason = '' }: Part): string {
  const amounts = { image: images.length, test: tests.length, finding: findings.length }
  const said = Object.entries(amounts).flatMap(([noun, amount]) => (amount === 0 ? [] : [count(amount, noun)]))
  return [...said, ...(reason === '' ? [] : [reason])].join(', ')
}

function stepsOf({ task, vertices = [] }: Part): string[] {
  if (vertices.length === 0) return []
  const cached = vertices.filter(vertex => vertex.cached).length
  const worked = vertices.filter(vertex => !vertex.cached).sort((a, b) => timeOfStep(b) - timeOfStep(a))
  const title = `${task}: ${count(vertices.length, 'build step')}, ${cached} from the cache, ${worked.length} done`
  const rows = worked.slice(0, slowest).map(vertex => [code(vertex.name), stepTime(vertex), text(vertex.error ?? '')])
  return [
    details(title, rows.length === 0 ? 'Every step came from the cache.' : table(['step', 'time', 'error'], rows)),
  ]
}

const timeOfStep = ({ started, completed }: Vertex): number =>
  started === undefined || completed === undefined ? 0 : durationOf({ started, ended: completed })

const stepTime = (vertex: Vertex): string =>
  vertex.started === undefined
    ? 'not started'
    : vertex.completed === undefined
      ? 'not ended'
      : timeOf(timeOfStep(vertex))

function programsOf(programs: Record['programs']): string[] {
  if (programs.length === 0) return []
  const rows = programs.map(({ name, version }) => [code(name), code(version)])
  return [details(count(programs.length, 'program'), table(['program', 'version'], rows))]
}

function timesOf(record: Record): string[] {
  if (!record.tasks.some(hasRun)) return []
  const path = criticalPath(record)
  const title = `Times: ${timeOf(totalOf(record))} in all`
  const body = [
    'The chain of tasks that made the run as long as it was:',
    spans('task', path),
    'Each stage from its first start to its last end:',
    spans('stage', stagesOf(record)),
  ]
  return [details(title, body.join('\n\n'))]
}

const spans = (head: string, all: readonly Span[]): string =>
  table(
    [head, 'began after', 'took'],
    all.map(({ name, start, duration }) => [code(name), timeOf(start), timeOf(duration)]),
  )
