import { styleText } from 'node:util'
import type { Finding } from '../record/finding.ts'
import type { Part } from '../record/part.ts'
import type { Record } from '../record/record.ts'
import type { Status } from '../record/verdict.ts'
import { headlineOf, warningsOf } from './build.ts'
import { headline, isRed, isRedTest, nameOf, placeOf, type Row, rowsOf, stateOf, subjectsOf } from './rows.ts'
import { capital, count, cut, linesIn, oneLine, plain, timeOf } from './text.ts'
import { stagesOf, totalOf } from './timing.ts'

const most = { findings: 10, tests: 20, detail: 40 }

type Format = Parameters<typeof styleText>[0]
export type Paint = (format: Format, text: string) => string

/** Colours text, or leaves it; whether to is the caller's to know, so the stream is not asked. */
export const painter = (colour: boolean): Paint =>
  colour ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text

const colours: Readonly<globalThis.Record<Status | Record['outcome'], Format>> = {
  passed: 'green',
  failed: 'red',
  broken: 'red',
  cancelled: 'yellow',
  skipped: 'dim',
  running: 'cyan',
}
export const colourOf = (status: Status | Record['outcome']): Format => colours[status]

/** The closing text of a run for a person at a terminal: the end, which is read first, says the outcome and digests. */
export function renderTerminal(record: Record, { colour = false }: { readonly colour?: boolean } = {}): string {
  const rows = rowsOf(record)
  const paint = painter(colour)
  const blocks = [
    section(
      'Verdicts',
      [...rows].reverse().flatMap(row => verdictLines(row, widthOf(rows), paint)),
      paint,
    ),
    section(...findingLines(rows), paint),
    section('Failed tests', testLines(rows), paint),
    section(...warningLines(record.tasks), paint),
    section(
      'Pushed',
      record.pushed.map(({ reference, digest }) => oneLine(`${reference} ${digest}`)),
      paint,
    ),
    section('Builds', record.tasks.flatMap(buildLine), paint),
    section(
      'Times',
      [
        stagesOf(record)
          .map(({ name, duration }) => `${name} ${timeOf(duration)}`)
          .join(', '),
      ],
      paint,
    ),
    closing(record, paint),
  ]
  return `${blocks.filter(block => block !== '').join('\n\n')}\n`
}

function section(title: string, lines: readonly string[], paint: Paint): string {
  const said = lines.filter(line => line !== '')
  return said.length === 0 ? '' : [paint('bold', title), ...said.map(line => `  ${line}`)].join('\n')
}

const widthOf = (rows: readonly Row[]): number => Math.max(0, ...rows.map(({ task }) => task.length))

function verdictLines(row: Row, width: number, paint: Paint): string[] {
  const time = row.duration === undefined ? '' : ` (${timeOf(row.duration)})`
  const about = row.about === '' ? '' : ` about ${row.about}`
  const why = headline(row) === '' ? '' : `: ${headline(row)}`
  const line = `${oneLine(row.task).padEnd(width)}  ${paint(colourOf(row.status), stateOf(row))}${time}${about}${why}`
  return [line, ...restLines(row)]
}

/** Why a task broke or said no is told whole: the rest of it says what to do. A bare exit code is told with its log. */
function restLines({ status, kind, part, findings, tests }: Row): string[] {
  if (part === undefined || (status !== 'broken' && status !== 'failed')) return []
  const [, ...rest] = linesIn((part.fault?.message ?? part.reason ?? '').trim())
  const isBare = kind !== 'work' && rest.length === 0 && findings.length === 0 && tests.length === 0
  const told = isBare && status === 'failed' ? (part.log ?? []).flatMap(linesIn) : rest
  return told.slice(-most.detail).map(line => `    ${line}`.trimEnd())
}

function findingLines(rows: readonly Row[]): [string, readonly string[]] {
  const findings = rows.filter(isRed).flatMap(row => row.findings)
  const unique = [...new Map(findings.map(finding => [renderFinding(finding), finding])).keys()]
  const shown = unique.slice(0, most.findings)
  return [unique.length > shown.length ? `Findings (${shown.length} of ${unique.length})` : 'Findings', shown]
}

const renderFinding = (finding: Finding): string => {
  const { severity, rule, message, blocking } = finding
  const place = placeOf(finding) === '' ? '' : ` ${placeOf(finding)}`
  return oneLine(`${severity}${blocking ? '' : ' (does not block)'} ${rule}${place}: ${cut(message, 200)}`)
}

function warningLines(parts: readonly Part[]): [string, readonly string[]] {
  const warnings = warningsOf(parts)
  const shown = warnings.slice(0, most.findings).map(renderFinding)
  return [warnings.length > shown.length ? `Warnings (${shown.length} of ${warnings.length})` : 'Warnings', shown]
}

const buildLine = ({ task, vertices = [], cache }: Part): string[] =>
  vertices.length === 0
    ? []
    : [
        oneLine(`${task}: ${headlineOf(vertices)}`),
        ...(cache?.miss === undefined ? [] : [`  first done anew: ${oneLine(cut(cache.miss, 200))}`]),
        ...(cache?.notices ?? []).map(notice => `  cache: ${oneLine(cut(notice, 300))}`),
      ]

function testLines(rows: readonly Row[]): readonly string[] {
  const failed = rows.flatMap(row => row.tests.filter(isRedTest))
  const told = failed
    .slice(0, most.tests)
    .flatMap(({ suite, name, message = '', detail = '' }) => [
      oneLine(`${suite} › ${name}`),
      ...[message, detail].flatMap(text => indented(text)),
    ])
  return failed.length > most.tests ? [...told, `and ${count(failed.length - most.tests, 'more failed test')}`] : told
}

function indented(text: string): string[] {
  const lines = plain(text)
    .trim()
    .split('\n')
    .filter(line => line.trim() !== '')
  return [...lines.slice(0, most.detail), ...(lines.length > most.detail ? ['…'] : [])].map(line => `  ${line}`)
}

function closing(record: Record, paint: Paint): string {
  const { outcome } = record
  const images = subjectsOf(record).map(image => oneLine(`${nameOf(image)} ${image.digest}`))
  const said = `${paint(['bold', colourOf(outcome)].flat() as Format, capital(outcome))} in ${timeOf(totalOf(record))}`
  return images.length === 0 ? said : [`${said}:`, ...images.map(image => `  ${image}`)].join('\n')
}
