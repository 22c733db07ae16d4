import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'

/** One call to one of the servers, in the order of arrival. */
export interface Call {
  readonly server: 'oidc' | 'sts' | 'ecr' | 'ecr-public' | 'imds' | 'container' | 's3' | 'azblob'
  /** ISO 8601, by this machine's clock. */
  readonly time: string
  readonly method: string
  /** What was asked for, such as `GetAuthorizationToken`; empty when it cannot be told. */
  readonly action: string
  /** 0 while it waits for an answer, and for ever if it got none. */
  readonly status: number
  /** The error code of the answer, such as `AccessDenied`; empty without one. */
  readonly code: string
  /** From its arrival to the answer. */
  readonly milliseconds: number
}

export interface Asked {
  readonly method: string
  /** Path and query, as they came. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
  /** For the log. */
  readonly code?: string
}

export interface Serving<Name extends string> {
  readonly name: Call['server']
  readonly log: Call[]
  readonly clock: Clock
  readonly faults: Faults<Name>
  readonly failures: Readonly<Record<Name, Answer>>
  nameAction(asked: Asked): string
  answer(asked: Asked, action: string): Answer | Promise<Answer>
}

export interface Server extends AsyncDisposable {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens a server on a free port of 127.0.0.1: it logs a call, lets a fault have it, or answers it. */
export async function openServer<Name extends string>(serving: Serving<Name>): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    exchange(serving, incoming, outgoing).catch((error: Error) => {
      // A mistake of the server itself: let the test that meets it show where.
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(error.stack)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function exchange<Name extends string>(
  serving: Serving<Name>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method = 'GET', url: target = '/', headers, rawHeaders } = incoming
  const began = performance.now()
  const asked: Asked = { method, target, headers, rawHeaders, body: await buffer(incoming) }
  const action = serving.nameAction(asked)
  const call = { server: serving.name, time: new Date().toISOString(), method, action }
  const at = serving.log.push({ ...call, status: 0, code: '', milliseconds: 0 }) - 1

  const fault = serving.faults.take(action)
  if (fault === 'hang') return
  if (fault === 'cut') return void incoming.socket.destroy()
  const own = fault === undefined || fault === 'half' ? await serving.answer(asked, action) : serving.failures[fault]
  const { status, code = '' } = own
  const body = Buffer.from(own.body)
  // Before the client can see the answer, so that a test may look at the log at once.
  serving.log[at] = { ...call, status, code, milliseconds: performance.now() - began }
  outgoing.sendDate = false
  const date = new Date(serving.clock.now()).toUTCString()
  outgoing.writeHead(status, { ...own.headers, date, 'content-length': body.length })
  if (fault === 'half') outgoing.write(body.subarray(0, body.length / 2), () => incoming.socket.destroy())
  else outgoing.end(body)
}
