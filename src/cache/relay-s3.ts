import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Agents } from '../program/agents.ts'
import type { Heard, ObjectStore } from './object-store.ts'
import type { Patience } from './relay.ts'
import { counted, SilentError } from './relay-send.ts'
import type { Tally } from './tally.ts'

/** A stand-in for S3 on this machine, for the BuildKit of this machine. */
export interface S3Relay extends AsyncDisposable {
  /** A way in for one solve: the keys that buildx takes from its environment, and an endpoint for each place. */
  enter(tally: Tally): {
    readonly env: Readonly<Record<string, string>>
    endpointOf(store: ObjectStore): string
  }
  [Symbol.asyncDispose](): Promise<void>
}

const usual: Patience = { call: 10_000, silence: 30_000, pause: 60_000 }

/**
 * Passes BuildKit's requests on to S3, with an end to each of them, signed with the keys of this machine: BuildKit has
 * others, which are of no use elsewhere. What can't be read is said not to be there.
 *
 * BuildKit by itself waits without end: one lookup without an answer stops the whole daemon, and outlives a cancel of its
 * own build, as with GitHub's cache (seen with 0.32.2).
 */
export async function openS3Relay(agents: Agents, patience: Patience = usual): Promise<S3Relay> {
  const service: Service = { agents, patience, callers: new Map(), stores: [], downUntil: 0 }
  const server = createServer((incoming, outgoing) => {
    answer(service, incoming, outgoing).catch(() => outgoing.destroy())
  })
  // A layer may take as long as it likes, while it moves.
  server.requestTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  // It lives as long as the process, and keeps it from no end.
  server.unref()
  return {
    enter(tally) {
      const id = `ASIA${randomBytes(24).toString('hex').toUpperCase()}`
      service.callers.set(id, tally)
      return {
        env: { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: randomBytes(24).toString('hex') },
        endpointOf: store => `http://127.0.0.1:${port}/${service.stores.push(store) - 1}`,
      }
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

interface Service {
  readonly agents: Agents
  readonly patience: Patience
  /** access key, which can't be guessed → what its owner did */
  readonly callers: Map<string, Tally>
  readonly stores: ObjectStore[]
  downUntil: number
}

/** One request, and where it goes. */
interface Call {
  readonly store: ObjectStore
  /** key and query, as they came */
  readonly rest: string
  readonly tally: Tally
  /** name of the index that it is about; undefined for layers */
  readonly index: string | undefined
}

async function answer(service: Service, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const [, id = ''] = / Credential=([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? []
  const tally = service.callers.get(id)
  if (tally === undefined) return refuse(outgoing, 403, 'InvalidAccessKeyId')
  const [, number = '', rest = ''] = /^\/(\d+)\/[^/]+\/(.+)$/.exec(incoming.url ?? '') ?? []
  const store = service.stores[Number(number)]
  if (number === '' || store === undefined) return refuse(outgoing, 404, 'NoSuchBucket')
  if (!store.admits(rest, incoming)) return refuse(outgoing, 403, 'AccessDenied')
  const index = /\/manifests\/([^/?]+)(?:\?|$)/.exec(`/${rest}`)?.[1]
  await pass(service, { store, rest, tally, index }, { incoming, outgoing })
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

async function pass(service: Service, call: Call, { incoming, outgoing }: Exchange): Promise<void> {
  const { tally } = call
  const reads = incoming.method === 'GET'
  try {
    const heard = await (reads ? ask(service, call, incoming) : send(service, call, incoming))
    if ('tells' in heard) {
      if (heard.sent) note(call, incoming)
      return void outgoing.writeHead(200, { 'content-type': 'application/xml', etag: '"sent"' }).end(heard.tells)
    }
    const { statusCode: status = 502, headers } = heard
    if (status >= 400) return await passRefusal(call, heard, { incoming, outgoing })
    note(call, incoming)
    outgoing.writeHead(status, headers)
    const counter = counted(bytes => {
      if (reads) tally.received += bytes
    })
    await pipeline(heard, counter, outgoing)
  } catch (error) {
    tally.troubles.add(whyNot(service, error))
    if (outgoing.headersSent) outgoing.destroy()
    else if (reads) refuse(outgoing, 404, 'NoSuchKey')
    else refuse(outgoing, 503, 'ServiceUnavailable')
  }
}

/** What can't be read is not there: BuildKit would ask for it again and again, and the build would wait. */
async function passRefusal(call: Call, heard: IncomingMessage, { incoming, outgoing }: Exchange): Promise<void> {
  const { statusCode: status = 502, headers } = heard
  const body = await text(heard)
  const trouble = call.store.troubleIn({ status, body }, headers)
  if (trouble !== undefined) call.tally.troubles.add(trouble)
  if (incoming.method !== 'GET') return void outgoing.writeHead(status, headers).end(body)
  if (call.index !== undefined && trouble === undefined) call.tally.missed.add(call.index)
  refuse(outgoing, 404, 'NoSuchKey')
}

/** A layer that can't be read costs a whole build anew, so a busy service is asked again: 1 s later, and 2 s later. */
async function ask(service: Service, call: Call, incoming: IncomingMessage): Promise<Heard> {
  for (const seconds of [1, 2]) {
    const heard = await send(service, call, incoming)
    if ('tells' in heard || (heard.statusCode ?? 502) < 500) return heard
    heard.resume()
    await wait(seconds * 1000)
  }
  return await send(service, call, incoming)
}

async function send(service: Service, call: Call, incoming: IncomingMessage): Promise<Heard> {
  const { agents, patience } = service
  const { store, rest, tally, index } = call
  if (Date.now() < service.downUntil) throw new SilentError('it did not answer a moment ago')
  const sent = (bytes: number): void => {
    tally.sent += bytes
  }
  const isLookup = incoming.method === 'HEAD' || index !== undefined
  const silence = isLookup ? patience.call : patience.silence
  return await store.send({ rest, incoming, silence, agents, sent })
}

function whyNot(service: Service, error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException
  const isSilent = error instanceof SilentError
  // Not asked again for a while: each of hundreds of layers would wait anew.
  if (isSilent && Date.now() >= service.downUntil) service.downUntil = Date.now() + service.patience.pause
  return isSilent ? message : `it broke off: ${code ?? message}`
}

/** A part is no entry yet, and a copy none that is new. */
function note({ tally, index, rest }: Call, { method, headers }: IncomingMessage): void {
  if (method === 'GET' && index !== undefined) tally.found.add(index)
  const isWhole = method === 'PUT' && !/[?&]partNumber=/.test(rest) && headers['x-amz-copy-source'] === undefined
  if (!isWhole && !(method === 'POST' && /[?&]uploadId=/.test(rest))) return
  tally.entries += 1
  if (index !== undefined) tally.written.add(index)
}

function refuse(outgoing: ServerResponse, status: number, code: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`
  outgoing.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) }).end(body)
}
