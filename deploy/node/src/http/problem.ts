import { STATUS_CODES } from 'node:http'
import type { Reply } from './reply.ts'

export interface FieldError {
  readonly field: string
  readonly message: string
}

export interface ProblemOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** What is wrong with which field of the body. */
  readonly errors?: readonly FieldError[]
}

/** An answer that is not a success, thrown where it is found and rendered in one place (RFC 9457). */
export class Problem extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly errors: readonly FieldError[]

  constructor(status: number, detail: string, { headers = {}, errors = [], ...options }: ProblemOptions = {}) {
    super(detail, options)
    this.name = 'Problem'
    this.status = status
    this.headers = headers
    this.errors = errors
  }
}

export function renderProblem({ status, message, headers, errors }: Problem): Reply {
  const body = { type: 'about:blank', title: STATUS_CODES[status], status, detail: message }
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: JSON.stringify(errors.length > 0 ? { ...body, errors } : body),
  }
}

/** Turns whatever a handler threw into a Problem: an unreachable store is 503, anything unknown is our bug, 500. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (isOutage(error))
    return new Problem(503, 'A store does not answer. Try again later.', {
      headers: { 'retry-after': '5' },
      cause: error,
    })
  return new Problem(500, 'The server failed. The log has the reason under this request id.', { cause: error })
}

const outageCodes = /^(ECONN\w+|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|08\w{3}|57014|57P0[1-3]|53300)$/
const outageNames =
  /^(ClientClosedError|ClientOfflineError|SocketClosedUnexpectedlyError|ConnectionTimeoutError|TimeoutError)$/
const outageMessages = /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout)/

/** pg and redis report a lost connection in three ways: by a code, by the name of a class, by a message only. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return outageCodes.test(code) || outageNames.test(error.constructor.name) || outageMessages.test(error.message)
}
