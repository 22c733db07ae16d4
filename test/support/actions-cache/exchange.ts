import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { Faults } from '../aws/faults.ts'
import { type Answer, blobError, twirpError } from './answer.ts'
import { answerBlob, blobActionOf } from './blobs.ts'
import { calls, type Service, throttled } from './calls.ts'
import type { Signing } from './signing.ts'
import type { Tokens } from './tokens.ts'

/** One request and what became of it. */
export interface Visit {
  readonly method: string
  readonly path: string
  /** a call, or an operation on a blob; empty when it is neither */
  readonly action: string
  /** the key that it is about */
  readonly key: string
  /** 0 while it waits for an answer, and for ever if it got none */
  readonly status: number
  /** the error code of the answer */
  readonly code: string
  /** bytes of the body that came in, and of the one that went out */
  readonly received: number
  readonly sent: number
}

/** What can go wrong, besides no answer at all (`hang`) and a connection that ends early (`cut`, `half`). */
export type Failure =
  | 'throttled'
  | 'internal'
  | 'unavailable'
  | 'read-only'
  | 'full'
  | 'expired'
  /** half of the body, and then silence */
  | 'stall'
  /** half of the body, as if that were all of it */
  | 'short'

interface Parts {
  readonly service: Service
  readonly tokens: Tokens
  readonly signing: Signing
  readonly faults: Faults<Failure>
  readonly log: Visit[]
}

interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

const prefix = '/twirp/github.actions.results.api.v1.CacheService/'

/** Takes one request, logs it, and answers it or lets a fault have it. */
export async function exchange(parts: Parts, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = 'GET', headers } = incoming
  const url = new URL(incoming.url ?? '/', 'http://cache')
  const call = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : undefined
  const action = call ?? blobActionOf({ method, url })
  const fault = parts.faults.take(action, parts.service.entries.byPath(url.pathname)?.key)
  const opened = { method, path: url.pathname, action, key: '', status: 0, code: '', received: 0, sent: 0 }
  const at = parts.log.push(opened) - 1
  // Not even read: what a client sends waits in the socket's buffers.
  if (fault === 'hang') return
  if (fault === 'cut') return void incoming.socket.destroy()
  const body = await buffer(incoming)
  const asked: Asked = { method, url, headers, body }
  const key = keyOf(asked, parts.service)
  const own = fault === undefined || isAboutBody(fault)
  const answer = own ? answerTo(parts, { ...asked, call, action }) : failureOf(fault, call !== undefined)
  const sent = method === 'HEAD' ? 0 : answer.body.length
  // Before the client can see the answer, so that a test may look at the log at once.
  parts.log[at] = { ...opened, key, status: answer.status, code: answer.code ?? '', received: body.length, sent }
  await send(outgoing, answer, { method, fault: own ? fault : undefined })
}

const isAboutBody = (fault: string): fault is 'half' | 'stall' | 'short' => ['half', 'stall', 'short'].includes(fault)

interface Named extends Asked {
  readonly call: string | undefined
  readonly action: string
}

function answerTo({ service, tokens, signing }: Parts, { call, action, ...asked }: Named): Answer {
  if (call === undefined) return answerStorage({ service, signing }, action, asked)
  const perform = calls[call]
  if (perform === undefined) return twirpError('bad_route', `no handler for ${call}`)
  if (asked.method !== 'POST') return twirpError('bad_route', 'only POST is allowed')
  if (!/^application\/json\b/.test(String(asked.headers['content-type'])))
    return twirpError('bad_route', 'content-type is not application/json')
  const scopes = tokens.read(asked.headers.authorization)
  if (typeof scopes === 'string') return twirpError('unauthenticated', scopes)
  const body = parse(asked.body)
  return body === undefined ? twirpError('malformed', 'the body is not JSON') : perform({ ...service, scopes, body })
}

function answerStorage({ service, signing }: Pick<Parts, 'service' | 'signing'>, action: string, asked: Asked): Answer {
  if (action === '') return blobError(405, 'UnsupportedHttpVerb', 'The resource does not support this operation.')
  const refused = signing.refuse(asked.url, action.startsWith('Get') ? 'r' : 'cw')
  if (refused !== undefined) return refused
  const entry = service.entries.byPath(asked.url.pathname)
  if (entry === undefined) return blobError(404, 'BlobNotFound', 'The specified blob does not exist.')
  return answerBlob(action, entry, asked)
}

function keyOf({ url, body }: Asked, { entries }: Service): string {
  const named = url.pathname.startsWith(prefix) ? parse(body) : entries.byPath(url.pathname)
  const { key } = Object(named) as { key?: unknown }
  return typeof key === 'string' ? key : ''
}

function failureOf(fault: Exclude<Failure, 'stall' | 'short'>, isCall: boolean): Answer {
  if (fault === 'read-only') return denied('the token is read-only')
  if (fault === 'full') return twirpError('permission_denied', 'insufficient usage to create cache entry')
  if (fault === 'expired')
    return blobError(403, 'AuthenticationFailed', 'Server failed to authenticate the request. Signature not valid.')
  if (fault === 'throttled') return isCall ? throttled(1) : busy
  if (!isCall) return fault === 'internal' ? blobError(500, 'InternalError', 'An internal error occurred.') : busy
  return twirpError(fault, 'the service can not answer now')
}

const busy = blobError(503, 'ServerBusy', 'The server is currently unable to receive requests.')

const denied = (why: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ ok: false, message: `cache write denied: ${why}` })),
})

interface Manner {
  readonly method: string
  readonly fault: 'half' | 'stall' | 'short' | undefined
}

async function send(outgoing: ServerResponse, { status, headers, body }: Answer, { method, fault }: Manner) {
  const half = body.subarray(0, Math.floor(body.length / 2))
  const told = fault === 'short' ? half : body
  outgoing.writeHead(status, { ...headers, 'content-length': told.length })
  if (method === 'HEAD') return void outgoing.end()
  if (fault !== 'half' && fault !== 'stall') return void outgoing.end(told)
  outgoing.write(half)
  if (fault === 'stall') return
  await wait(10)
  outgoing.destroy()
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
