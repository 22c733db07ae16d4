import { randomBytes } from 'node:crypto'
import { z } from 'zod'

type Environment = Readonly<Record<string, string | undefined>>

/** A scope of the cache: a ref, and what the job may do with its entries (1 read, 2 write, 3 both). */
interface CacheScope {
  readonly Scope: string
  readonly Permission: number
}

/** What a job's runtime token says about the cache, read without its key: the service is who checks it. */
export interface CacheRight {
  /** address of the service, version 2 */
  readonly url: string
  readonly token: string
  /** own ref first, then those that it falls back to */
  readonly scopes: readonly CacheScope[]
  /** seconds since 1970 */
  readonly expires: number
}

// The claim `ac` is JSON inside JSON (tonistiigi/go-actions-cache, cache.go); BuildKit wants `nbf` and `exp` as well.
const claimsSchema = z.looseObject({ ac: z.string(), exp: z.number(), nbf: z.number() })
const scopesSchema = z.array(z.looseObject({ Scope: z.string(), Permission: z.number() }))

/** The right of this job to the cache, or why there is none. `now` in ms. */
export function readCacheRight(env: Environment, now: number): CacheRight | string {
  const { ACTIONS_RUNTIME_TOKEN: token, ACTIONS_RESULTS_URL: url, ACTIONS_CACHE_MODE: mode } = env
  if (!token || !url)
    return 'there is no ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL here: GitHub gives them to actions, not to run steps'
  if (mode?.trim().toLowerCase() === 'none') return 'ACTIONS_CACHE_MODE of this job is none'
  const claims = claimsSchema.safeParse(parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')))
  const scopes = scopesSchema.safeParse(parse(claims.data?.ac ?? ''))
  if (!claims.success || !scopes.success) return 'the token of this job says nothing about a cache'
  if (claims.data.exp * 1000 <= now) return 'the token of this job has expired'
  return { url, token, scopes: allowed(scopes.data, mode), expires: claims.data.exp }
}

/** True where the job may add entries to a scope. */
export const mayWrite = ({ scopes }: CacheRight): boolean => scopes.some(({ Permission }) => (Permission & 2) !== 0)

/** The mode of the runner can only take rights away (actions/runner 2.336, ACTIONS_CACHE_MODE). */
function allowed(scopes: readonly CacheScope[], mode: string | undefined): readonly CacheScope[] {
  const mask = { read: 1, 'write-only': 2 }[mode?.trim().toLowerCase() ?? ''] ?? 3
  return scopes.map(({ Scope, Permission }) => ({ Scope, Permission: Permission & mask }))
}

/**
 * A token for BuildKit to show to this process: it has the scopes, which name its keys, and is of no use elsewhere.
 */
export function standInFor({ scopes, expires }: CacheRight): string {
  const claims = { ac: JSON.stringify(scopes), nbf: 0, exp: expires }
  const [header, payload] = [{ alg: 'HS256', typ: 'JWT' }, claims].map(part =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return `${header}.${payload}.${randomBytes(32).toString('base64url')}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
