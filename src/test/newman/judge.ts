import type { NewmanReport } from './report.ts'

export interface Limits {
  readonly 'min-requests': number
  readonly 'min-assertions': number
}

export interface Judgement {
  readonly passed: boolean
  readonly reason: string
}

const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Whether a run is a passed test, and why. A run that looked at too little is not: an empty collection proves nothing. */
export function judgeNewman(report: NewmanReport, limits: Limits): Judgement {
  const trouble = report.timedOut ?? failures(report) ?? tooFew(report, limits)
  return trouble === undefined ? { passed: true, reason: summary(report) } : { passed: false, reason: trouble }
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

function tooFew({ requests, assertions, skipped, collection }: NewmanReport, limits: Limits): string | undefined {
  const judged = assertions - skipped
  if (requests < limits['min-requests']) {
    return `${collection}: ${many(requests, 'request')} ran, at least ${limits['min-requests']} must (min-requests)`
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
