import type { Finding } from '../record/finding.ts'
import type { Record } from '../record/record.ts'
import type { TestCase } from '../record/test-case.ts'
import { isRed, placeOf, type Row, rowsOf, stateOf } from './rows.ts'
import { oneLine } from './text.ts'
import { totalOf } from './timing.ts'
import { element, textElement } from './xml.ts'

type Outcome = TestCase['status']

interface Case {
  readonly name: string
  readonly classname: string
  /** ms */
  readonly duration: number
  readonly outcome: Outcome
  readonly message: string
  readonly text: string
}

interface Suite {
  readonly name: string
  readonly timestamp: string
  readonly cases: readonly Case[]
}

/**
 * JUnit XML by Jenkins' schema (jenkinsci/xunit-plugin, junit-10.xsd), which knows no `file` or `line` of a test case:
 * places are in the text. One suite for each suite of a task's tests, and one, `pce`, with a case for each verdict.
 */
export function renderJunit(record: Record): string {
  const suites = [verdictSuite(record), ...record.tasks.flatMap(testSuites)]
  const attributes = { name: 'pce', time: seconds(totalOf(record)), ...countsOf(suites.flatMap(({ cases }) => cases)) }
  const { skipped: _, ...known } = attributes
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', known, ['\n', ...suites.map(renderSuite)])}\n`
}

const verdictSuite = (record: Record): Suite => ({
  name: 'pce',
  timestamp: record.started,
  cases: rowsOf(record).map(caseOfRow),
})

function testSuites({ task, started, tests = [] }: Record['tasks'][number]): readonly Suite[] {
  return [...Map.groupBy(tests, ({ suite }) => suite)].map(([name, group]) => ({
    name: oneLine(`${task}: ${name}`),
    timestamp: started,
    cases: group.map(caseOfTest),
  }))
}

const caseOfTest = ({ suite, name, duration, status, message = '', detail = '', location }: TestCase): Case => ({
  name,
  classname: suite,
  duration,
  outcome: status,
  message,
  text: lines(
    location === undefined ? '' : `at ${[location.file, location.line].filter(Boolean).join(':')}`,
    message,
    detail,
  ),
})

const caseOfRow = (row: Row): Case => ({
  name: row.about === '' ? row.task : `${row.task} (${row.about})`,
  classname: 'pce',
  duration: row.duration ?? 0,
  outcome: outcomeOf(row),
  message: messageOf(row),
  text: lines(row.reason ?? '', ...row.findings.map(renderFinding)),
})

/** JUnit has no word for a check that may fail: advisory ones are skipped, so that they read neither red nor clean. */
function outcomeOf(row: Row): Outcome {
  if (!isRed(row)) return row.status === 'passed' ? 'passed' : 'skipped'
  if (row.kind === 'advisory') return 'skipped'
  return row.status === 'failed' ? 'failed' : 'error'
}

function messageOf(row: Row): string {
  const meaning = row.status === 'broken' && row.kind !== 'work' ? 'could not look' : stateOf(row)
  return oneLine(row.reason === undefined ? meaning : `${meaning}: ${row.reason.split('\n', 1)[0]}`)
}

const renderFinding = (finding: Finding): string =>
  oneLine(`${finding.severity} ${finding.rule} ${placeOf(finding)}: ${finding.message}`)

const lines = (...all: readonly string[]): string => all.filter(line => line !== '').join('\n')

function renderSuite({ name, timestamp, cases }: Suite): string {
  const time = seconds(cases.reduce((sum, { duration }) => sum + duration, 0))
  return `${element('testsuite', { name, ...countsOf(cases), time, timestamp }, ['\n', ...cases.map(renderCase)])}\n`
}

const countsOf = (cases: readonly Case[]) => ({
  tests: cases.length,
  failures: cases.filter(({ outcome }) => outcome === 'failed').length,
  errors: cases.filter(({ outcome }) => outcome === 'error').length,
  skipped: cases.filter(({ outcome }) => outcome === 'skipped').length,
})

const elementFor = { failed: 'failure', error: 'error', skipped: 'skipped' } as const

function renderCase({ name, classname, duration, outcome, message, text }: Case): string {
  const end =
    outcome === 'passed'
      ? []
      : [textElement(elementFor[outcome], { message: oneLine(message) || undefined, type: outcome }, text)]
  return `${element('testcase', { name: oneLine(name), classname: oneLine(classname), time: seconds(duration) }, end)}\n`
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)
