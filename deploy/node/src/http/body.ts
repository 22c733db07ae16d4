import type { IncomingMessage } from 'node:http'
import { Problem } from './problem.ts'

/** Bytes. A link with the longest URL allowed is an eighth of this. */
export const bodyLimit = 16_384

/**
 * Reads the body of a request as a JSON object.
 * Throws a Problem: 415 for another content type, 413 over the limit, 400 for anything that is not a JSON object.
 */
export async function readJsonObject(message: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const type = message.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new Problem(415, 'The content type must be application/json.', {
      headers: { 'accept-post': 'application/json' },
    })
  return parseObject(await readText(message))
}

async function readText(message: IncomingMessage): Promise<string> {
  if (Number(message.headers['content-length']) > bodyLimit) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  try {
    // A plain `for await` would destroy the connection together with the answer.
    for await (const chunk of message.iterator({ destroyOnReturn: false })) {
      size += chunk.length
      if (size > bodyLimit) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (cause) {
    throw cause instanceof Problem ? cause : new Problem(400, 'The body was not sent whole.', { cause })
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The rest of the body is never read, so the connection cannot be used again. */
const tooLarge = () =>
  new Problem(413, `The body must not be larger than ${bodyLimit} bytes.`, { headers: { connection: 'close' } })

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Problem(400, 'The body is not valid JSON.', { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Problem(400, 'The body must be a JSON object.')
  return { ...value }
}
