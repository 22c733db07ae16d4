import { z } from 'zod'
import { get } from '../program/get.ts'

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
  const headers = { authorization: `bearer ${source.bearer}`, accept: 'application/json' }
  const { status, text } = await get(url, { headers, env, signal })
  if (status !== 200) throw new TokenError(`GitHub's token endpoint answered HTTP ${status}`, status)
  const answer = answerSchema.safeParse(parseJson(text))
  if (!answer.success) throw new TokenError("GitHub's token endpoint gave no token", 502)
  return answer.data.value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
