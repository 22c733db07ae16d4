import { UserError } from '../errors.ts'
import type { TestCase } from '../record/test-case.ts'
import { type Element, parseXml } from './xml.ts'

/**
 * Reads the JUnit of node:test, pytest, ExUnit, JUnit 4 and 5, jest-junit and their like: nested suites, times in
 * seconds. A document type is never looked into, so no entity but XML's own five is expanded. `path` is for messages.
 * @throws UserError with line and column when it is not whole, not XML, or no JUnit.
 */
export function parseJUnit(xml: string, path = 'JUnit report'): TestCase[] {
  const root = parseXml(xml.replace(/^\uFEFF/, ''), path)
  if (!['testsuites', 'testsuite'].includes(root.name)) {
    throw new UserError(`${path}: not a JUnit report: its root is <${root.name}>, expected <testsuites> or <testsuite>`)
  }
  return [...casesIn(root, []), ...unnamedIn(root)]
}

function casesIn(element: Element, suites: readonly string[]): TestCase[] {
  if (element.name === 'testcase') return [caseOf(element, suites)]
  const { name } = element.attributes
  const inner = element.name === 'testsuite' && name ? [...suites, name] : suites
  return [...brokenSuite(element, inner), ...element.children.flatMap(child => casesIn(child, inner))]
}

// A suite that could not start, or whose last hook threw, says so of itself and of no test.
function brokenSuite({ children }: Element, suites: readonly string[]): TestCase[] {
  const suite = suites.join(' / ')
  return children
    .filter(isProblem)
    .map(problem => ({ suite, name: 'the suite', status: 'error', duration: 0, ...messageOf(problem) }))
}

const isProblem = ({ name }: Element): boolean => name === 'failure' || name === 'error'

// Counts without cases: the runner saw failures and lost them on the way to the report.
function unnamedIn(root: Element): TestCase[] {
  const [counted, named] = [countedIn(root), namedIn(root)]
  if (counted <= named) return []
  const name = `the report counts ${counted} ${counted === 1 ? 'failure' : 'failures'}, and names ${named}`
  return [{ suite: root.attributes.name ?? '', name, status: 'failed', duration: 0, message: name }]
}

// An outer suite may count those of the inner ones too, or none at all.
function countedIn({ name, attributes, children }: Element): number {
  if (name === 'testcase') return 0
  const own = numberOf(attributes.failures) + numberOf(attributes.errors)
  return Math.max(
    own,
    children.map(countedIn).reduce((sum, count) => sum + count, 0),
  )
}

// One test may have failed and then erred, which counts as both; several failures of a test are one.
const namedIn = ({ children }: Element): number =>
  new Set(children.filter(isProblem).map(({ name }) => name)).size +
  children.map(namedIn).reduce((sum, count) => sum + count, 0)

const childOf = (element: Element, name: string) => element.children.find(child => child.name === name)

function caseOf(element: Element, suites: readonly string[]): TestCase {
  const { attributes } = element
  const problem = childOf(element, 'error') ?? childOf(element, 'failure') ?? childOf(element, 'skipped')
  return {
    suite: suites.join(' / ') || attributes.classname || '',
    name: nameOf(attributes, suites),
    status: statusOf(problem?.name),
    duration: durationOf(attributes.time),
    ...messageOf(problem),
    ...locationOf(attributes),
  }
}

// A class tells test cases of one name apart (pytest, JUnit); where it repeats the suite or the name, it says nothing.
function nameOf({ name = '', classname = '' }: Element['attributes'], suites: readonly string[]): string {
  const known = classname === '' || classname === 'test' || suites.includes(classname) || name.startsWith(classname)
  return known || suites.length === 0 ? name : `${classname}: ${name}`
}

function statusOf(problem: string | undefined): TestCase['status'] {
  if (problem === 'error') return 'error'
  return problem === 'failure' ? 'failed' : problem === 'skipped' ? 'skipped' : 'passed'
}

const durationOf = (seconds: string | undefined): number => numberOf(seconds) * 1_000

// Some writers group thousands: "1,234.5".
function numberOf(text = '0'): number {
  const number = Number(text.replaceAll(',', ''))
  return Number.isFinite(number) && number > 0 ? number : 0
}

function messageOf(problem: Element | undefined): Pick<TestCase, 'message' | 'detail'> {
  if (problem === undefined) return {}
  const text = problem.text.trim()
  const message = problem.attributes.message || problem.attributes.type || text.split('\n', 1)[0]
  return { ...(message ? { message } : {}), ...(text && text !== message ? { detail: text } : {}) }
}

// ExUnit writes the line behind the file: test/app_test.exs:12.
function locationOf({ file, line }: Element['attributes']): Pick<TestCase, 'location'> {
  if (!file) return {}
  const [, path = file, behind] = /^(.+?)(?::(\d+))?$/.exec(file) ?? []
  const number = Number(line ?? behind)
  return { location: { file: path, ...(Number.isInteger(number) && number > 0 ? { line: number } : {}) } }
}
