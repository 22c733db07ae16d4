import { describe, expect, test } from '@jest/globals'
import { UserError } from '../../src/errors.ts'
import { parseJUnit } from '../../src/test/junit.ts'

const shapes = [
  {
    description: 'node:test',
    xml: `<?xml version="1.0" encoding="utf-8"?>
<testsuites>
	<testcase name="alone" time="0.001500" classname="test"/>
	<testsuite name="math" time="0.004" disabled="0" errors="0" tests="3" failures="1" skipped="1" hostname="h">
		<testcase name="adds" time="0.000500" classname="test" file="/w/a.test.js"/>
		<testcase name="fails" time="0.001" classname="test" failure="1 !== 2">
			<failure type="testCodeFailure" message="1 !== 2">
[Error: 1 !== 2] { code: 'ERR_TEST_FAILURE' }
			</failure>
		</testcase>
		<testcase name="later" time="0" classname="test"><skipped type="skipped" message="true"/></testcase>
	</testsuite>
	<!-- tests 4 -->
</testsuites>`,
    expected: [
      { suite: 'test', name: 'alone', status: 'passed', duration: 1.5 },
      { suite: 'math', name: 'adds', status: 'passed', duration: 0.5, location: { file: '/w/a.test.js' } },
      {
        suite: 'math',
        name: 'fails',
        status: 'failed',
        duration: 1,
        message: '1 !== 2',
        detail: "[Error: 1 !== 2] { code: 'ERR_TEST_FAILURE' }",
      },
      { suite: 'math', name: 'later', status: 'skipped', duration: 0, message: 'true' },
    ],
  },
  {
    description: 'pytest',
    xml: `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="0" skipped="0" tests="2" time="0.1" timestamp="2026-01-01"><testcase classname="tests.test_a" name="test_ok" time="0.002" /><testcase classname="tests.test_a" name="test_db[1-2]" time="0.010" file="tests/test_a.py" line="7"><error message="failed on setup with &quot;OSError: no db&quot;">def db():
&gt;   raise OSError(&#39;no db&#39;)</error></testcase></testsuite></testsuites>`,
    expected: [
      { suite: 'pytest', name: 'tests.test_a: test_ok', status: 'passed', duration: 2 },
      {
        suite: 'pytest',
        name: 'tests.test_a: test_db[1-2]',
        status: 'error',
        duration: 10,
        message: 'failed on setup with "OSError: no db"',
        detail: "def db():\n>   raise OSError('no db')",
        location: { file: 'tests/test_a.py', line: 7 },
      },
    ],
  },
  {
    description: 'ExUnit',
    xml: `<?xml version="1.0"?><testsuites><testsuite errors="0" failures="1" name="Elixir.AppTest" tests="2" time="0.05"><properties><property name="seed" value="1"/></properties><testcase classname="Elixir.AppTest" file="test/app_test.exs:12" name="test greets" time="0.0400"><failure message="error: Assertion with == failed">  1) test greets (AppTest)
     left: 1</failure></testcase><testcase classname="Elixir.AppTest" file="test/app_test.exs:20" name="test later" time="0.0"><skipped/></testcase></testsuite></testsuites>`,
    expected: [
      {
        suite: 'Elixir.AppTest',
        name: 'test greets',
        status: 'failed',
        duration: 40,
        message: 'error: Assertion with == failed',
        detail: '1) test greets (AppTest)\n     left: 1',
        location: { file: 'test/app_test.exs', line: 12 },
      },
      {
        suite: 'Elixir.AppTest',
        name: 'test later',
        status: 'skipped',
        duration: 0,
        location: { file: 'test/app_test.exs', line: 20 },
      },
    ],
  },
  {
    description: 'JUnit 4 and 5 by Maven and Gradle, output in CDATA, thousands in times',
    xml: `<testsuite name="com.acme.AppTest" time="1,234.5" tests="2"><properties/><testcase name="adds" classname="com.acme.AppTest" time="1,234.5"/><testcase name="[1] x" classname="com.acme.AppTest" time="0.1"><failure type="java.lang.AssertionError"><![CDATA[java.lang.AssertionError: <x> & more
	at com.acme.AppTest]]></failure><system-out><![CDATA[<failure/>]]></system-out></testcase></testsuite>`,
    expected: [
      { suite: 'com.acme.AppTest', name: 'adds', status: 'passed', duration: 1_234_500 },
      {
        suite: 'com.acme.AppTest',
        name: '[1] x',
        status: 'failed',
        duration: 100,
        message: 'java.lang.AssertionError',
        detail: 'java.lang.AssertionError: <x> & more\n\tat com.acme.AppTest',
      },
    ],
  },
  {
    description: 'jest-junit',
    xml: `<testsuites name="jest tests" tests="1" failures="1" time="1"><testsuite name="sum" tests="1"><testcase classname="sum adds" name="sum adds" time="0.006"><failure>Error: expect(received)
at x</failure></testcase></testsuite></testsuites>`,
    expected: [
      {
        suite: 'sum',
        name: 'sum adds',
        status: 'failed',
        duration: 6,
        message: 'Error: expect(received)',
        detail: 'Error: expect(received)\nat x',
      },
    ],
  },
  {
    description: 'suites in suites, an error beside a failure, nothing in time',
    xml: '<testsuites><testsuite name="a"><testsuite name="b"><testcase name="x"><failure message="f"/><error message="e"/></testcase></testsuite></testsuite></testsuites>',
    expected: [{ suite: 'a / b', name: 'x', status: 'error', duration: 0, message: 'e' }],
  },
  {
    description: 'a suite that says of itself that it broke',
    xml: '<testsuites><testsuite name="db" tests="1" errors="1"><testcase name="x"/><error message="setup threw">at y</error></testsuite></testsuites>',
    expected: [
      { suite: 'db', name: 'the suite', status: 'error', duration: 0, message: 'setup threw', detail: 'at y' },
      { suite: 'db', name: 'x', status: 'passed', duration: 0 },
    ],
  },
  {
    description: 'failures that are counted and not named',
    xml: '<testsuites name="all" failures="2"><testsuite name="a" errors="1" failures="2"><testcase name="x"><failure/><failure/></testcase></testsuite></testsuites>',
    expected: [
      { suite: 'a', name: 'x', status: 'failed', duration: 0 },
      {
        suite: 'all',
        name: 'the report counts 3 failures, and names 1',
        status: 'failed',
        duration: 0,
        message: 'the report counts 3 failures, and names 1',
      },
    ],
  },
  {
    description: 'suites that count what those in them count',
    xml: '<testsuites failures="2" errors="1"><testsuite name="a" failures="2" errors="1"><testsuite name="b" failures="1"><testcase name="x"><failure/></testcase></testsuite><testcase name="y"><failure/><error/></testcase></testsuite></testsuites>',
    expected: [
      { suite: 'a / b', name: 'x', status: 'failed', duration: 0 },
      { suite: 'a', name: 'y', status: 'error', duration: 0 },
    ],
  },
  { description: 'no test at all', xml: '<testsuites/>', expected: [] },
]

test.each(shapes)('parseJUnit: $description', ({ xml, expected }) => {
  expect(parseJUnit(xml)).toEqual(expected)
})

describe('parseJUnit refuses', () => {
  const laughs = `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><testsuites><testsuite name="&b;"/></testsuites>`
  const cases = [
    [
      'a report that was cut off',
      '<testsuites>\n<testsuite name="a">',
      /^report\.xml:2:\d+: not valid XML: Unclosed root tag$/,
    ],
    ['half a tag', '<testsuites><testsuite na', /^report\.xml:1:\d+: not valid XML: /],
    ['entities of its own', laughs, /^report\.xml:1:\d+: not valid XML: Invalid character entity$/],
    [
      'files as entities',
      '<!DOCTYPE t [<!ENTITY f SYSTEM "file:///etc/passwd">]><testsuites><testsuite name="a">&f;</testsuite></testsuites>',
      /Invalid character entity$/,
    ],
    [
      'another root',
      '<html/>',
      /^report\.xml: not a JUnit report: its root is <html>, expected <testsuites> or <testsuite>$/,
    ],
    ['two roots', '<testsuites/><testsuites/>', /^report\.xml: not a JUnit report: it has no single root$/],
    ['nothing', '', /^report\.xml: not a JUnit report: it has no single root$/],
    ['text', 'no tests ran', /^report\.xml:1:\d+: not valid XML: Non-whitespace before first tag\.$/],
  ] as const
  test.each(cases)('%s', (_, xml, message) => {
    const parse = () => parseJUnit(xml, 'report.xml')
    expect(parse).toThrow(UserError)
    expect(parse).toThrow(message)
  })
})
