import { failureOf } from '../aws/failure.ts'
import { get } from '../program/get.ts'
import type { Credentials } from '../task/scope.ts'
import type { Around } from './deadline.ts'

/** `unknown`: the registry could not be asked, which is no reason against the login. */
export type Check = { readonly is: 'accepted' } | { readonly is: 'refused' | 'unknown'; readonly why: string }

interface Asking extends Pick<Around, 'env' | 'signal'> {
  /** ms for both calls: a registry that drips its answer must not keep a job; given by tests */
  readonly limit?: number
}

/**
 * Asks a registry whether it takes a user name and password, as `docker login` does: GET /v2/, then what its challenge
 * names (distribution-spec, docs of Distribution: "Token authentication specification"). Two calls, each once.
 */
export async function checkPassword(
  host: string,
  { username, password }: Credentials,
  { env, signal, limit = 10_000 }: Asking,
): Promise<Check> {
  const asking = { env, signal: AbortSignal.any([signal, AbortSignal.timeout(limit)]) }
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const root = new URL(`${isLoopback(host) ? 'http' : 'https'}://${serverOf(host)}/v2/`)
  try {
    const first = await get(root, { headers: {}, ...asking })
    if (first.status !== 401) return first.status === 200 ? { is: 'accepted' } : unexpected(root, first.status)
    const place = placeOf(first.headers['www-authenticate'] ?? '', root, username)
    if (place === undefined) return { is: 'unknown', why: 'it asks for a kind of login that is not known here' }
    const { status, text } = await get(place, { headers: { authorization }, ...asking })
    if (status === 200) return { is: 'accepted' }
    // ECR's word for a password that is none of its tokens is 400.
    const isRefused = status === 401 || status === 403 || (status === 400 && place === root)
    return isRefused ? { is: 'refused', why: reasonIn(text, status) } : unexpected(place, status)
  } catch (error) {
    signal.throwIfAborted()
    if (asking.signal.aborted) return { is: 'unknown', why: `no whole answer within ${limit / 1000} s` }
    const { message, code } = failureOf(error)
    return { is: 'unknown', why: `${message}${code === undefined || message.includes(code) ? '' : ` (${code})`}` }
  }
}

const unexpected = ({ host }: URL, status: number): Check => ({
  is: 'unknown',
  why: `${host} answered HTTP ${status}`,
})

// Docker Hub's registry is not where its name says (docker/cli, cli/registry: DefaultV2Registry).
const serverOf = (host: string): string => (host === 'docker.io' ? 'registry-1.docker.io' : host)

/** Where Docker speaks plain HTTP by itself (dockerd, "insecure registries"). */
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3})(:\d+)?$/.test(host)

/** Where the password is asked about: the registry itself, or who gives its tokens, never by a less safe way. */
function placeOf(challenge: string, root: URL, username: string): URL | undefined {
  if (/^basic\b/i.test(challenge)) return root
  const [, realm = ''] = /^bearer\b.*?\brealm="([^"]+)"/i.exec(challenge) ?? []
  if (!URL.canParse(realm)) return undefined
  const place = new URL(realm)
  if (place.protocol !== root.protocol && place.protocol !== 'https:') return undefined
  const [, service] = /\bservice="([^"]+)"/i.exec(challenge) ?? []
  if (service !== undefined) place.searchParams.set('service', service)
  place.searchParams.set('account', username)
  place.searchParams.set('client_id', 'pce-actions')
  return place
}

/** The registry's own words (distribution-spec, "Error Codes"; Docker Hub has `details`). */
function reasonIn(text: string, status: number): string {
  const [, words] = /"(?:message|details)"\s*:\s*"([^"\\]{1,200})"/.exec(text) ?? []
  return `HTTP ${status}${words === undefined ? '' : `: ${words}`}`
}
