import { describe, expect, it } from '@jest/globals'
import sax from 'sax'
import { renderJunit } from '../../src/report/junit.ts'
import { parseJUnit } from '../../src/test/junit.ts'
import { finding, greenRun, part, record, redRun, test } from './fixtures.ts'

interface Counted {
  readonly name: string
  readonly said: Readonly<{ [name: string]: number }>
  readonly found: { tests: number; failures: number; errors: number; skipped: number }
}

const kinds = { testcase: 'tests', failure: 'failures', error: 'errors', skipped: 'skipped' } as const

/** What Jenkins' schema allows: element, then its attributes (jenkinsci/xunit-plugin, junit-10.xsd). */
const schema: Readonly<{ [name: string]: readonly string[] }> = {
  testsuites: ['name', 'time', 'tests', 'failures', 'errors'],
  testsuite: [
    'name',
    'tests',
    'failures',
    'errors',
    'skipped',
    'time',
    'timestamp',
    'hostname',
    'id',
    'package',
    'file',
  ],
  testcase: ['name', 'time', 'classname', 'group'],
  failure: ['message', 'type'],
  error: ['message', 'type'],
  skipped: ['message', 'type'],
}

/** Reads the document with a strict parser, and counts each suite's cases beside what the suite says of itself. */
function count(xml: string): readonly Counted[] {
  const parser = sax.parser(true)
  const suites: Counted[] = []
  parser.onerror = error => {
    throw error
  }
  parser.onopentag = ({ name, attributes }) => {
    expect(schema[name]).toEqual(expect.arrayContaining(Object.keys(attributes)))
    if (name === 'testsuite') {
      const { name: suite, tests, failures, errors, skipped } = attributes as { [name: string]: string }
      const said = {
        tests: Number(tests),
        failures: Number(failures),
        errors: Number(errors),
        skipped: Number(skipped),
      }
      suites.push({ name: String(suite), said, found: { tests: 0, failures: 0, errors: 0, skipped: 0 } })
    }
    const suite = suites.at(-1)
    if (suite !== undefined && name in kinds) suite.found[kinds[name as keyof typeof kinds]] += 1
  }
  parser.write(xml).close()
  return suites
}

const hostile = [
  ']]>',
  '<img src=x>',
  '&amp; &#0;',
  '"\'',
  'a\u0000b\u0008c\u001b[31md\u001b[0m',
  '\ud800 lone',
  '\ufffe\uffff',
  '\u202egnp.exe',
  'line\nline\ttab',
]

describe('JUnit', () => {
  it('has a suite for verdicts and one for each suite of tests', () => {
    expect(renderJunit(redRun())).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pce" time="50.000" tests="10" failures="3" errors="2">
<testsuite name="pce" tests="7" failures="2" errors="2" skipped="2" time="22.200" timestamp="2026-03-01T12:00:00.000Z">
<testcase name="scan:web:linux/amd64 (web linux/amd64 sha256:aaaaaaaaaaaa)" classname="pce" time="3.200"><failure message="failed: 1 new finding of high or more" type="failed">1 new finding of high or more
high CVE-2026-0001 openssl 3.0.1 → 3.0.2: a buffer overflow
medium CVE-2026-0002 zlib 1.2 (no fix yet): a buffer overflow</failure></testcase>
<testcase name="newman:web:linux/amd64 (web linux/amd64 sha256:aaaaaaaaaaaa)" classname="pce" time="9.000"><failure message="failed: 1 of 3 tests failed" type="failed">1 of 3 tests failed</failure></testcase>
<testcase name="contract:web:linux/amd64 (web linux/amd64 sha256:aaaaaaaaaaaa)" classname="pce" time="4.000"><error message="could not look: Start the app: docker ended with exit code 125 after 0.3 s" type="error">Start the app: docker ended with exit code 125 after 0.3 s
port is already allocated
Free port 4000, then run again.</error></testcase>
<testcase name="push:web" classname="pce" time="0.000"><error message="cancelled: needs gate, which ended failed" type="error">needs gate, which ended failed</error></testcase>
<testcase name="check:credo (source)" classname="pce" time="4.000"><skipped message="failed (advisory): 1 finding" type="skipped">1 finding
low Refactor.Nesting lib/a.ex:3: nested | too \`deep\`</skipped></testcase>
<testcase name="newman:web:linux/arm64" classname="pce" time="0.000"><skipped message="skipped: not native: this host is linux/amd64" type="skipped">not native: this host is linux/amd64</skipped></testcase>
<testcase name="check:format (source)" classname="pce" time="2.000"/>
</testsuite>
<testsuite name="newman:web:linux/amd64: Orders" tests="3" failures="1" errors="0" skipped="1" time="0.036" timestamp="2026-03-01T12:00:41.000Z">
<testcase name="GET /orders answers 200" classname="Orders" time="0.012"/>
<testcase name="has 2 orders" classname="Orders" time="0.012"><failure message="expected 1 to equal 2" type="failed">at postman/shop.json:40
expected 1 to equal 2
GET /orders
200 [{}]</failure></testcase>
<testcase name="DELETE /orders" classname="Orders" time="0.012"><skipped type="skipped"/></testcase>
</testsuite>
</testsuites>
`)
  })

  it.each([
    ['a red run', redRun()],
    ['a green run', greenRun()],
    ['an empty run', record([])],
  ])('counts right: %s', (_, run) => {
    for (const { said, found } of count(renderJunit(run))) expect(said).toEqual(found)
  })

  it.each(hostile)('is whole and strict with %j in every text', text => {
    const tests = (['failed', 'error', 'skipped', 'passed'] as const).map(status =>
      test({ suite: text, name: text, status, message: text, detail: text, location: { file: text } }),
    )
    const told = { status: 'failed' as const, reason: text, tests, findings: [finding({ message: text, rule: text })] }
    const xml = renderJunit(record([part('newman:x', [0, 1], told)]))
    expect(count(xml).map(({ found }) => found)).toEqual([
      { tests: 1, failures: 1, errors: 0, skipped: 0 },
      { tests: 4, failures: 1, errors: 1, skipped: 1 },
    ])
    expect(xml).not.toMatch(/(?![\n\t])\p{Cc}/u)
  })

  it('is read back as it was told', () => {
    const [verdict, ...tests] = parseJUnit(
      renderJunit(
        record([part('newman:x', [0, 1], { tests: [test(), test({ status: 'failed', message: 'a < b' })] })]),
      ),
    )
    expect(verdict).toMatchObject({ suite: 'pce', name: 'newman:x (source)', status: 'passed', duration: 1_000 })
    expect(tests).toMatchObject([
      { name: 'Orders: GET /orders answers 200', status: 'passed', duration: 12 },
      { name: 'Orders: GET /orders answers 200', status: 'failed', message: 'a < b' },
    ])
  })
})
