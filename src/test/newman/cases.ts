import type { TestCase } from '../../record/test-case.ts'
import type { EventOf } from './events.ts'
import type { Execution } from './executions.ts'

type Outcome = Pick<TestCase, 'name' | 'status' | 'message'>

const scriptNames: Readonly<Record<string, string>> = { prerequest: 'pre-request script', test: 'test script' }

/**
 * The test cases of one execution: what kept it from being judged, then its assertions. The request's time goes to the
 * first case alone, so that the times of a suite add up.
 */
export function casesOf(execution: Execution): TestCase[] {
  const { suite, label, location, request } = execution
  const outcomes = [
    ...requestErrors(execution),
    ...scriptErrors(execution),
    ...assertionsOf(execution),
    ...unlooked(execution),
  ]
  return outcomes.map(({ name, ...outcome }, index) => ({
    suite,
    name: `${label}: ${name}`,
    ...outcome,
    duration: index === 0 ? (request?.ms ?? 0) : 0,
    ...(isBad(outcome.status) && request !== undefined ? { detail: detailOf(request) } : {}),
    ...(location === undefined ? {} : { location }),
  }))
}

const isBad = (status: TestCase['status']): boolean => status === 'failed' || status === 'error'
const error = (name: string, message: string): Outcome => ({ name, status: 'error', message })

// A variable without a value explains the refused request (getaddrinfo ENOTFOUND {{nope}}) better than the request does.
function requestErrors({ request, nested }: Execution): Outcome[] {
  const unresolved = (request?.unresolved ?? []).map(name =>
    error(
      `{{${name}}}`,
      `{{${name}}} has no value: define it in the collection or its environment, or set it in a script`,
    ),
  )
  const refused = request?.error === undefined || unresolved.length > 0 ? [] : [error('request', request.error)]
  const sent = nested.flatMap(({ method, url, error: message }) =>
    message === undefined ? [] : [error(`pm.sendRequest ${method} ${url}`, message)],
  )
  return [...unresolved, ...refused, ...sent]
}

// Newman tells most throws twice: as exception and as the end of the script. What is thrown after a script's end, in a
// timer, comes as exception alone and turns nothing red in Newman itself.
function scriptErrors({ scripts, exceptions }: Execution): Outcome[] {
  const ends = scripts.map(({ listen, error: message }) => error(scriptNames[listen] ?? listen, message))
  const later = exceptions.filter(exception => !scripts.some(script => script.error === exception.error))
  return [...ends, ...later.map(exception => error('script, after its end', exception.error))]
}

const assertionsOf = ({ assertions }: Execution): Outcome[] =>
  assertions.map(({ name, skipped, error: message }) => ({
    name,
    status: skipped ? 'skipped' : message === undefined ? 'passed' : 'failed',
    ...(message === undefined ? {} : { message }),
  }))

function unlooked({ request, assertions }: Execution): Outcome[] {
  if (assertions.length > 0 || (request?.status ?? 0) < 500) return []
  return [{ name: 'no test', status: 'failed', message: `answered ${request?.status}, and no test looks at it` }]
}

function detailOf({ method, url, status, reason, ms, excerpt }: EventOf<'request'>): string {
  const head = `${method} ${url}`
  if (status === undefined) return `${head}\nno answer`
  return `${head}\n${status} ${reason ?? ''}, ${ms} ms\n${excerpt ?? ''}`.trimEnd()
}
