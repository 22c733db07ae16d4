import type { Part } from '../record/part.ts'
import type { Record } from '../record/record.ts'
import { renderBuild, renderWarnings } from './build.ts'
import { code, details, table, text } from './markdown.ts'
import type { Address } from './red.ts'
import { durationOf, hasRun } from './rows.ts'
import { count, timeOf } from './text.ts'
import { criticalPath, type Span, stagesOf, totalOf } from './timing.ts'

/** What is behind a click: passed tasks, warnings, build steps, programs, times. Blocks of Markdown. */
export const renderMore = (record: Record, addressOf: Address): string[] => [
  ...passedOf(record.tasks.filter(({ status }) => status === 'passed')),
  ...renderWarnings(record.tasks, addressOf),
  ...record.tasks.flatMap(renderBuild),
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
