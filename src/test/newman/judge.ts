import { elsewhere, requestsTo } from './origins.ts'
import type { NewmanReport } from './report.ts'

export interface Limits {
  readonly 'min-requests': number
  readonly 'min-assertions': number
  readonly 'base-url-variable': string
  /** address of the app */
  readonly url: string
}

export interface Judgement {
  readonly passed: boolean
  readonly reason: string
}

const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Whether a run is a passed test, and why. A run that looked at too little is not: an empty collection proves nothing. */
export function judgeNewman(report: NewmanReport, limits: Limits): Judgement {
  const trouble = report.timedOut ?? failures(report)
  if (trouble !== undefined) return { passed: false, reason: withElsewhere(trouble, report, limits) }
  const lack = strayed(report, limits) ?? tooFew(report, limits)
  if (lack !== undefined) return { passed: false, reason: lack }
  return { passed: true, reason: withElsewhere(summary(report), report, limits) }
}

function withElsewhere(reason: string, { origins }: NewmanReport, { url }: Limits): string {
  const others = elsewhere(origins, url)
  return others.length === 0 ? reason : `${reason}; not to the app: ${others.join(', ')}`
}

// An environment whose address wins, or a collection that uses another variable: all green, and about something else.
function strayed({ origins, collection }: NewmanReport, { url, ...limits }: Limits): string | undefined {
  const others = elsewhere(origins, url)
  if (others.length === 0 || requestsTo(origins, url) > 0) return undefined
  const name = limits['base-url-variable']
  const advice = `let it use {{${name}}}, or name the variable that it uses in newman.base-url-variable`
  return `${collection}: no request went to the app (${url}), but to ${others.join(', ')}: ${advice}`
}

function failures({ tests, failed, errors, assertions }: NewmanReport): string | undefined {
  if (failed + errors === 0) return undefined
  const counts = [
    ...(failed > 0 ? [`${failed} of ${many(Math.max(assertions, failed), 'assertion')} failed`] : []),
    ...(errors > 0 ? [many(errors, 'error')] : []),
  ]
  const first = tests.find(({ status }) => status === 'failed' || status === 'error')
  return `${counts.join(', ')}; first: ${first?.name}: ${first?.message}`
}

function tooFew(report: NewmanReport, limits: Limits): string | undefined {
  const { origins, assertions, skipped, collection } = report
  const judged = assertions - skipped
  const requests = requestsTo(origins, limits.url)
  if (requests < limits['min-requests']) {
    return `${withElsewhere(`${collection}: ${many(requests, 'request')} to the app ran`, report, limits)}, at least ${limits['min-requests']} must (min-requests)`
  }
  if (judged >= limits['min-assertions']) return undefined
  return `${collection}: ${many(judged, 'assertion')} ran, at least ${limits['min-assertions']} must (min-assertions)`
}

/** `4 assertions of 3 requests passed; 3 of 4 requests executed, never: Delete user; no test in: Ping`. */
function summary({ requests, assertions, skipped, executed, untested }: NewmanReport): string {
  const notes = [
    `${many(assertions - skipped, 'assertion')} of ${many(requests, 'request')} passed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(executed.never.length > 0 ? [`${renderExecuted(executed)}, never: ${executed.never.join(', ')}`] : []),
    ...(untested.length > 0 ? [`no test in: ${untested.join(', ')}`] : []),
  ]
  return notes.join('; ')
}

/** `3 of 4 requests executed`. */
const renderExecuted = ({ ran, of }: NewmanReport['executed']): string => `${ran} of ${many(of, 'request')} executed`
