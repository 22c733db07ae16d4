import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { counted, sendOn } from './relay-send.ts'
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
  const sent = (bytes: number): void => {
    tally.sent += bytes
  }
  return sendOn({ target, headers: headersOf(incoming), silence: patience.silence, sent }, incoming)
}

/** The headers that are about the blob; those about this connection stay. */
const headersOf = ({ headers }: IncomingMessage) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^(x-ms-|content-|range$|if-|accept)/.test(name)))
