import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { agentsOf } from './agents.ts'

interface Question {
  readonly headers: Readonly<Record<string, string>>
  /** names proxies and certificates */
  readonly env: Readonly<{ [name: string]: string | undefined }>
  readonly signal: AbortSignal
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** One GET, by the proxies and certificates of the environment: no retry, no redirect, 10 s without a byte at most. */
export function get(url: URL, { headers, env, signal }: Question): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest
  const agent = agentsOf(env)[url.protocol === 'http:' ? 'http' : 'https']
  const all = { 'user-agent': 'pce-actions', ...headers }
  const call = request(url, { agent, headers: all, signal, timeout: 10_000 }, response => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      }),
    )
    response.on('error', reject)
  })
  call.on('timeout', () => call.destroy(Object.assign(new Error('no answer within 10 s'), { code: 'ETIMEDOUT' })))
  call.on('error', reject)
  call.end()
  return promise
}
