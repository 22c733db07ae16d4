import sax from 'sax'
import { UserError } from '../errors.ts'
import type { TestCase } from '../record/test-case.ts'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

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
  return casesIn(root, [])
}

function casesIn(element: Element, suites: readonly string[]): TestCase[] {
  if (element.name === 'testcase') return [caseOf(element, suites)]
  const { name } = element.attributes
  const inner = element.name === 'testsuite' && name ? [...suites, name] : suites
  return element.children.flatMap(child => casesIn(child, inner))
}

const named = (element: Element, names: readonly string[]) => element.children.find(({ name }) => names.includes(name))

function caseOf(element: Element, suites: readonly string[]): TestCase {
  const { attributes } = element
  const problem = named(element, ['error']) ?? named(element, ['failure']) ?? named(element, ['skipped'])
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

// Some writers group thousands: "1,234.5".
function durationOf(seconds = '0'): number {
  const ms = Number(seconds.replaceAll(',', '')) * 1_000
  return Number.isFinite(ms) && ms > 0 ? ms : 0
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

function parseXml(xml: string, path: string): Element {
  const parser = sax.parser(true)
  const document: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [document]
  const addText = (text: string) => {
    const current = open.at(-1)
    if (current !== undefined) current.text += text
  }
  parser.onopentag = ({ name, attributes }) => {
    const element: Element = {
      name,
      attributes: Object.fromEntries(Object.entries(attributes).map(textual)),
      children: [],
      text: '',
    }
    open.at(-1)?.children.push(element)
    open.push(element)
  }
  parser.onclosetag = () => open.pop()
  parser.ontext = addText
  parser.oncdata = addText
  parser.onerror = error => {
    const [reason = ''] = error.message.split('\n', 1)
    throw new UserError(`${path}:${parser.line + 1}:${parser.column + 1}: not valid XML: ${reason}`, { cause: error })
  }
  parser.write(xml).close()
  const [root, second] = document.children
  if (root === undefined || second !== undefined)
    throw new UserError(`${path}: not a JUnit report: it has no single root`)
  return root
}

const textual = ([name, value]: [string, string | sax.QualifiedAttribute]): [string, string] => [name, String(value)]
