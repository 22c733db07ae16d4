import { type Agent, type IncomingMessage, type OutgoingHttpHeaders, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface Onward {
  readonly target: URL
  /** other than that of the request, where it is */
  readonly method?: string
  /** in place of the body that came */
  readonly body?: string | undefined
  readonly headers: OutgoingHttpHeaders
  /** ms without a byte in either direction after which it is broken off */
  readonly silence: number
  readonly agent?: Agent | undefined
  /** told of the bytes of the body as they leave */
  sent(bytes: number): void
}

/** Sends a request on, its body as it flows; gives the answer. @throws what the network says, or that it was silent */
export async function sendOn(
  { target, method, body, headers, silence, agent, sent }: Onward,
  incoming: IncomingMessage,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const outward = (target.protocol === 'https:' ? overHttps : overHttp)(target, {
    method: method ?? incoming.method,
    headers,
    ...(agent && { agent }),
    // Of the socket: silence in either direction.
    timeout: silence,
  })
  outward.on('timeout', () => outward.destroy(new SilentError(`no byte within ${silence / 1000} s`)))
  outward.on('response', resolve).on('error', reject)
  // An answer that is none, such as 101, ends the connection without an error.
  outward.on('close', () => reject(new Error('it gave no answer')))
  const content = body === undefined ? incoming : Readable.from([Buffer.from(body)])
  await Promise.race([pipeline(content, counted(sent), outward).then(() => promise), promise])
  return promise
}

/** Nothing came for as long as it may. */
export class SilentError extends Error {}

/** Lets everything through, and tells how many bytes each piece has. */
export const counted = (count: (bytes: number) => void): Transform =>
  new Transform({
    transform(chunk: Buffer, _, done) {
      count(chunk.length)
      done(undefined, chunk)
    },
  })
