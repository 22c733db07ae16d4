import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { z } from 'zod'
import { agentsOf } from '../program/agents.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

export interface TokenSource {
  readonly url: string
  readonly bearer: string
}

/** Where this job may ask for an ID token; undefined when it has no `id-token: write`. */
export function findTokenSource(env: Environment): TokenSource | undefined {
  const url = env.ACTIONS_ID_TOKEN_REQUEST_URL
  const bearer = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN
  return url && bearer ? { url, bearer } : undefined
}

class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly status: number | undefined

  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}

const answerSchema = z.looseObject({ value: z.string().min(1) })

interface Question {
  readonly source: TokenSource
  readonly audience: string
  readonly env: Environment
  readonly signal: AbortSignal
}

/**
 * Asks GitHub for an ID token (docs.github.com, "OpenID Connect reference": GET with the bearer, `&audience=` added to a
 * URL that has a query already). One try; whoever calls retries. @throws TokenError with the status.
 */
export async function fetchIdToken({ source, audience, env, signal }: Question): Promise<string> {
  const url = new URL(source.url)
  url.searchParams.set('audience', audience)
  const { status, text } = await get(url, { source, audience, env, signal })
  if (status !== 200) throw new TokenError(`GitHub's token endpoint answered HTTP ${status}`, status)
  const answer = answerSchema.safeParse(parseJson(text))
  if (!answer.success) throw new TokenError("GitHub's token endpoint gave no token", 502)
  return answer.data.value
}

function get(url: URL, { source, env, signal }: Question): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest
  const agent = agentsOf(env)[url.protocol === 'http:' ? 'http' : 'https']
  const headers = { authorization: `bearer ${source.bearer}`, accept: 'application/json', 'user-agent': 'pce-actions' }
  const call = request(url, { agent, headers, signal, timeout: 10_000 }, response => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
    )
    response.on('error', reject)
  })
  call.on('timeout', () => call.destroy(Object.assign(new Error('no answer within 10 s'), { code: 'ETIMEDOUT' })))
  call.on('error', reject)
  call.end()
  return promise
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
