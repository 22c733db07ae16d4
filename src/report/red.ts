import type { Finding } from '../record/finding.ts'
import type { Fault } from '../record/part.ts'
import type { TestCase } from '../record/test-case.ts'
import { code, details, link, pre, table, text } from './markdown.ts'
import { isRedTest, placeOf, type Row, stateOf } from './rows.ts'
import { count, cut, plain, timeOf } from './text.ts'

/** How much of one task is shown; the record holds the rest. */
const most = { findings: 50, tests: 100, detail: 20_000, lines: 50, line: 1_000, fault: 200_000 }

/** Makes the address of a place in the source; undefined where there is none. */
export type Address = (file: string, line: number | undefined) => string | undefined

/** What a person needs of a task that did not pass: blocks of Markdown, the most telling first. */
export function renderRed(row: Row, addressOf: Address): string[] {
  const failed = row.tests.filter(isRedTest)
  return [
    [`### ${code(row.task)} ${stateOf(row)}`, whyOf(row)].filter(block => block !== '').join('\n\n'),
    ...findingsOf(row.findings, addressOf),
    ...failed.slice(0, most.tests).map(test => renderTest(test, addressOf)),
    ...(failed.length > most.tests ? [`And ${count(failed.length - most.tests, 'more failed test')}.`] : []),
    ...logOf(row.part?.log ?? []),
  ]
}

function whyOf({ status, kind, about, reason = '', part }: Row): string {
  if (status === 'broken') return brokenOf({ about, kind, fault: part?.fault, reason })
  const said = plain(reason).trim()
  return said.includes('\n') ? pre(cut(said, most.detail)) : text(said)
}

const advice: Readonly<Record<Fault['kind'], string>> = {
  user: 'This can be mended in this repository.',
  outside: 'Something outside of this repository did not answer or refused.',
  bug: 'This is a bug of pce: please report it with the text below.',
}

interface Broken {
  readonly about: string
  readonly kind: Row['kind']
  readonly fault: Fault | undefined
  readonly reason: string
}

function brokenOf({ about, kind, fault, reason }: Broken): string {
  const meaning =
    kind === 'work'
      ? 'It could not do its work.'
      : `It could not look${about === '' ? '' : ` at ${code(about)}`}: this is **no** clean result.`
  const message = cut(fault?.message ?? reason, most.fault)
  return [
    [meaning, ...(fault === undefined ? [] : [advice[fault.kind]])].join(' '),
    ...(message === '' ? [] : [pre(message)]),
  ].join('\n\n')
}

function findingsOf(findings: readonly Finding[], addressOf: Address): string[] {
  if (findings.length === 0) return []
  const rows = findings.slice(0, most.findings).map(finding => renderFinding(finding, addressOf))
  const rest = findings.length - rows.length
  const all = table(['severity', 'blocks', 'rule', 'where', 'what'], rows)
  return [rest === 0 ? all : `${all}\n\nAnd ${count(rest, 'more finding')}.`]
}

function renderFinding(finding: Finding, addressOf: Address): string[] {
  const { severity, blocking, rule, message, url, location } = finding
  const source = location === undefined ? undefined : addressOf(location.file, location.line)
  return [
    severity,
    blocking ? 'yes' : '',
    link(code(rule), url),
    link(code(placeOf(finding)), finding.package === undefined ? source : undefined),
    text(cut(message, 300)),
  ]
}

function renderTest(test: TestCase, addressOf: Address): string {
  const { suite, name, status, duration, message = '', detail = '', location } = test
  const said = [message, detail].filter(part => part !== '').join('\n\n')
  const place = location === undefined ? [] : [placeLine(location.file, location.line, addressOf)]
  const body = [...place, ...(said === '' ? [] : [pre(cut(said, most.detail))])]
  const verb = status === 'error' ? 'could not say' : 'failed'
  return details(`${suite} › ${name}: ${verb} (${timeOf(duration)})`, body.join('\n\n') || 'No message.')
}

const placeLine = (file: string, line: number | undefined, addressOf: Address): string =>
  link(code(line === undefined ? file : `${file}:${line}`), addressOf(file, line))

function logOf(log: readonly string[]): string[] {
  const lines = log.slice(-most.lines).map(line => cut(line, most.line))
  return lines.length === 0 ? [] : [details('Last lines of the log', pre(lines.join('\n')))]
}
