import { randomUUID } from 'node:crypto'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: Buffer
  /** the error code, for the log */
  readonly code?: string
}

export const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(value)),
})

const statuses = {
  malformed: 400,
  invalid_argument: 400,
  unauthenticated: 401,
  permission_denied: 403,
  bad_route: 404,
  not_found: 404,
  already_exists: 409,
  resource_exhausted: 429,
  internal: 500,
  unavailable: 503,
} as const

/** An error in Twirp's words (twitchtv/twirp, docs/errors.md): a code, and the status that belongs to it. */
export const twirpError = (code: keyof typeof statuses, msg: string): Answer => ({
  ...json({ code, msg }, statuses[code]),
  code,
})

/** An error in Azure Storage's words ("Status and error codes", Blob service REST API). */
export function blobError(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return { ...blobAnswer(status, Buffer.from(body), { 'content-type': 'application/xml' }), code }
}

export const blobAnswer = (
  status: number,
  body: Buffer = Buffer.alloc(0),
  headers: Readonly<Record<string, string | number>> = {},
): Answer => ({
  status,
  headers: { 'x-ms-request-id': randomUUID(), 'x-ms-version': '2025-01-05', ...headers },
  body,
})
