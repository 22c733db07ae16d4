import { type IncomingMessage, request as overHttp, type ServerResponse } from 'node:http'
import { request as overHttps } from 'node:https'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Tally } from './tally.ts'

interface Blob {
  /** the signed URL */
  readonly url: string
  /** what the client adds to it: `comp=block&blockid=…` */
  readonly query: string
  readonly tally: Tally
  readonly patience: { readonly silence: number }
}

/**
 * Passes one request for a blob on to the storage, both bodies as they flow. One that can't be read is said not to be
 * there: a client of Azure would ask ten times, 10 s and more apart, and the build would wait for all of them.
 */
export async function relayBlob(blob: Blob, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const reads = incoming.method !== 'PUT'
  try {
    const answer = reads ? await read(blob, incoming) : await send(blob, incoming)
    const { statusCode: status = 502, headers } = answer
    if (status >= 400) blob.tally.troubles.add(`its storage answered ${status}`)
    // A signed URL that has ended goes back as it is: the client asks for another one, once.
    if (reads && status >= 400 && status !== 403) {
      answer.resume()
      return void outgoing.writeHead(404, absent).end()
    }
    outgoing.writeHead(status, headers)
    const counter = counted(bytes => {
      if (reads) blob.tally.received += bytes
    })
    await pipeline(answer, counter, outgoing)
  } catch (error) {
    blob.tally.troubles.add(`its storage broke off: ${(error as Error).message}`)
    if (outgoing.headersSent) outgoing.destroy()
    else outgoing.writeHead(reads ? 404 : 503, absent).end()
  }
}

/** A layer that can't be read costs a whole build anew, so a busy storage is asked again: 1 s later, and 2 s later. */
async function read(blob: Blob, incoming: IncomingMessage): Promise<IncomingMessage> {
  for (const seconds of [1, 2]) {
    const answer = await send(blob, incoming)
    if ((answer.statusCode ?? 502) < 500) return answer
    answer.resume()
    await wait(seconds * 1000)
  }
  return send(blob, incoming)
}

const absent = { 'content-length': 0, 'x-ms-error-code': 'BlobNotFound', 'x-ms-request-id': 'relay' }

async function send({ url, query, tally, patience }: Blob, incoming: IncomingMessage): Promise<IncomingMessage> {
  const target = new URL(url)
  for (const [name, value] of new URLSearchParams(query)) target.searchParams.append(name, value)
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const outward = (target.protocol === 'https:' ? overHttps : overHttp)(target, {
    method: incoming.method,
    headers: headersOf(incoming),
    // Of the socket: silence in either direction.
    timeout: patience.silence,
  })
  outward.on('timeout', () => outward.destroy(new Error(`no byte within ${patience.silence / 1000} s`)))
  outward.on('response', resolve).on('error', reject)
  const upload = counted(bytes => {
    tally.sent += bytes
  })
  await Promise.race([pipeline(incoming, upload, outward).then(() => promise), promise])
  return promise
}

/** The headers that are about the blob; those about this connection stay. */
const headersOf = ({ headers }: IncomingMessage) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^(x-ms-|content-|range$|if-|accept)/.test(name)))

const counted = (count: (bytes: number) => void): Transform =>
  new Transform({
    transform(chunk: Buffer, _, done) {
      count(chunk.length)
      done(undefined, chunk)
    },
  })
