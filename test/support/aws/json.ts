import { randomUUID } from 'node:crypto'
import { type Flaw, SignatureFlaw } from './authenticate.ts'
import { Refusal } from './refusal.ts'
import type { Answer, Asked } from './server.ts'

/** The operation in `X-Amz-Target`, such as `GetAuthorizationToken`; empty when it is another service's. */
export function nameOperation({ headers }: Asked, service: string): string {
  const [, prefix, operation] = /^(\w+)\.(\w+)$/.exec(String(headers['x-amz-target'] ?? '')) ?? []
  return prefix === service && operation !== undefined ? operation : ''
}

/** The body of a call in the protocol awsJson1_1. Throws a `Refusal` when it is not one. */
export function readBody({ method, target, headers, body }: Asked): object {
  if (method !== 'POST' || target !== '/' || headers['content-type'] !== 'application/x-amz-json-1.1') {
    throw unknownOperation()
  }
  const value = parse(body.toString())
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Refusal('SerializationException', 'The body of the request is no JSON object.')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function jsonResult(value: object): Answer {
  return json(200, value)
}

export function jsonError({ code, message, status }: Pick<Refusal, 'code' | 'message' | 'status'>): Answer {
  return { ...json(status, { __type: code, message }), code }
}

const json = (status: number, value: object): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
  body: JSON.stringify(value),
})

const codes: Readonly<Record<Flaw, string>> = {
  missing: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  scope: 'InvalidSignatureException',
  time: 'InvalidSignatureException',
  'unknown key': 'UnrecognizedClientException',
  expired: 'ExpiredTokenException',
  mismatch: 'InvalidSignatureException',
}

/** The refusal behind an error; any other error is a mistake of the server and goes on. */
export function explain(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof SignatureFlaw) return new Refusal(codes[error.flaw], error.message)
  throw error
}

export const unknownOperation = (): Refusal =>
  new Refusal('UnknownOperationException', 'The requested operation is not recognized by the service.', 404)
