import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** What a job may do with the entries of a ref: 1 read, 2 write, 3 both. */
export interface CacheScope {
  /** `refs/heads/main`, `refs/pull/7/merge` */
  readonly Scope: string
  readonly Permission: number
}

export const canRead = ({ Permission }: CacheScope): boolean => (Permission & 1) !== 0
export const canWrite = ({ Permission }: CacheScope): boolean => (Permission & 2) !== 0

export interface Tokens {
  /**
   * The token of a job: a JWT whose claim `ac` is a JSON string of its scopes, own ref first. Claims given here
   * replace its own; `undefined` takes one away.
   */
  issue(scopes: readonly CacheScope[], claims?: Readonly<Record<string, unknown>>): string
  /** The scopes of a bearer, or why it is refused. */
  read(authorization: string | undefined): readonly CacheScope[] | string
}

const headerSchema = z.object({ alg: z.literal('HS256'), typ: z.literal('JWT') })
const claimsSchema = z.object({ ac: z.string(), nbf: z.number().int(), exp: z.number().int() })
const scopesSchema = z
  .array(z.strictObject({ Scope: z.string().min(1), Permission: z.number().int().min(0).max(3) }))
  .min(1)

/** Tokens of one service, which alone can sign them. `now` in ms. */
export function createTokens(now: () => number): Tokens {
  const secret = randomBytes(32)
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url')

  return {
    issue(scopes, claims = {}) {
      const seconds = Math.floor(now() / 1000)
      const own = { ac: JSON.stringify(scopes), nbf: seconds - 60, exp: seconds + 6 * 3600 }
      const text = [
        { typ: 'JWT', alg: 'HS256' },
        { ...own, ...claims },
      ]
        .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
      return `${text}.${sign(text)}`
    },
    read(authorization) {
      const [, header, payload, signature] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? '') ?? []
      if (header === undefined || payload === undefined || signature === undefined) return 'no bearer token'
      if (!isSame(signature, sign(`${header}.${payload}`))) return 'the signature is not valid'
      if (!headerSchema.safeParse(decode(header)).success) return 'another kind of token'
      const claims = claimsSchema.safeParse(decode(payload))
      if (!claims.success) return 'ac, nbf or exp is not there'
      const seconds = now() / 1000
      if (seconds < claims.data.nbf) return 'the token is not valid yet'
      if (seconds >= claims.data.exp) return 'the token has expired'
      const scopes = scopesSchema.safeParse(parse(claims.data.ac))
      return scopes.success ? scopes.data : 'ac is not a list of scopes'
    },
  }
}

export const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

const decode = (part: string): unknown => parse(Buffer.from(part, 'base64url').toString('utf8'))

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
