import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http'
import { pipeline } from 'node:stream/promises'

export interface Forwarding {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** The registry behind, such as `http://127.0.0.1:5000`. */
  readonly backing: string
  /** This front as the client names it; replaces the backing in `Location`, so uploads keep passing through here. */
  readonly origin: string
  /** Hears of every piece of either body. */
  readonly count: (bytes: number) => void
  /** Sees the status before the client does; true means that it has answered already. */
  readonly intercept: (status: number) => boolean
}

/** Passes a request on and its answer back, both as streams. Rejects when the backing does not answer. */
export async function forward(forwarding: Forwarding): Promise<void> {
  const { outgoing, backing, origin, count, intercept } = forwarding
  const answer = await ask(forwarding)
  const status = answer.statusCode ?? 502
  if (intercept(status)) {
    answer.resume()
    return
  }
  outgoing.writeHead(status, backHeaders(answer.headers, backing, origin))
  answer.on('data', (chunk: Buffer) => count(chunk.length))
  await pipeline(answer, outgoing)
}

function ask({ incoming, outgoing, backing, count }: Forwarding): Promise<IncomingMessage> {
  const onward = request(new URL(incoming.url ?? '/', backing), {
    method: incoming.method,
    headers: onwardHeaders(incoming.headers),
    // A kept-alive connection may end just as it is used again: loopback is quick enough without.
    agent: false,
  })
  outgoing.once('close', () => onward.destroy())
  incoming.on('data', (chunk: Buffer) => count(chunk.length))
  // Not `pipeline`: it would end the client's connection when the registry refuses before the body is through.
  incoming.pipe(onward)
  return new Promise((resolve, reject) => onward.on('response', resolve).on('error', reject))
}

/** Without the password, and without what belongs to one connection only (RFC 9110, 7.6.1). */
function onwardHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const { authorization: _, connection: __, expect: ___, 'keep-alive': ____, ...kept } = headers
  return kept
}

function backHeaders(headers: IncomingHttpHeaders, backing: string, origin: string): OutgoingHttpHeaders {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, location, ...kept } = headers
  return location === undefined ? kept : { ...kept, location: moveLocation(location, backing, origin) }
}

/** ECR answers absolute locations (seen in regclient/regclient#81). */
function moveLocation(location: string, backing: string, origin: string): string {
  const { pathname, search } = new URL(location, backing)
  return `${origin}${pathname}${search}`
}
