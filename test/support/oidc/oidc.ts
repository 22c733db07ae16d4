import { randomBytes, randomUUID } from 'node:crypto'
import { type Clock, createClock } from '../aws/clock.ts'
import { createFaults, type FaultRule } from '../aws/faults.ts'
import { type Answer, type Asked, type Call, openServer, type Server } from '../aws/server.ts'
import { type Claims, defaultJob, describeJob, type Job } from './claims.ts'
import { createSigningKey, type SigningKey, signToken } from './keys.ts'

export interface OidcOptions {
  /** What differs from `acme/web`, a push to main. */
  readonly job?: Partial<Job>
  /** Seconds that a token lives; 300 when absent, as GitHub's. */
  readonly lifetime?: number
  readonly issuer?: string
  readonly clock?: Clock
  readonly log?: Call[]
}

type OidcFailure = keyof typeof failures

/** GitHub's OIDC provider: it gives tokens to a job, and its keys to whoever asks. */
export interface Oidc extends AsyncDisposable {
  /** What a job with `id-token: write` finds in its environment. */
  readonly env: { readonly ACTIONS_ID_TOKEN_REQUEST_URL: string; readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string }
  /** What tokens say; the keys are served at `origin` all the same. */
  readonly issuer: string
  readonly origin: string
  readonly log: readonly Call[]
  /** Another job from here on: what differs from the first. */
  run(job: Partial<Job>): void
  /** A token without asking over HTTP: claims replace those of the job, and `undefined` takes one away. */
  mint(claims?: Claims, key?: SigningKey): string
  /** Signs with a new key; the old one stays in the JWKS unless it is to be forgotten. */
  rotate(old: 'keep' | 'forget'): Promise<void>
  /** Actions are `token`, `configuration` and `jwks`. */
  fault(rule: FaultRule<OidcFailure>): Disposable
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens the provider. */
export async function openOidc(options: OidcOptions = {}): Promise<Oidc> {
  const {
    clock = createClock(),
    log = [],
    lifetime = 300,
    issuer = 'https://token.actions.githubusercontent.com',
  } = options
  const bearer = randomBytes(48).toString('base64url')
  const path = `/163//idtoken/${randomUUID()}/${randomUUID()}`
  const faults = createFaults<OidcFailure>()
  let job: Job = { ...defaultJob, ...options.job }
  let keys = [await createSigningKey()]

  function mint(claims: Claims = {}, key = keys[0], audience?: string): string {
    const now = Math.floor(clock.now() / 1000)
    if (key === undefined) throw new Error('There is no key')
    return signToken(key, { ...describeJob(job, audience, { now, lifetime }), iss: issuer, ...claims })
  }

  function giveToken({ method, headers, target }: Asked): Answer {
    if (method !== 'GET') return json({ message: 'Method Not Allowed' }, 405)
    const [, presented] = /^bearer (\S+)$/i.exec(headers.authorization ?? '') ?? []
    if (presented !== bearer) return json({ message: 'Unauthorized' }, 401)
    const query = new URL(target, 'http://oidc').searchParams
    if (query.get('api-version') !== '2.0') return json({ message: 'No api-version was specified' }, 400)
    const value = mint({}, undefined, query.get('audience') || undefined)
    return json({ count: value.length, value })
  }

  const server: Server = await openServer({
    name: 'oidc',
    log,
    clock,
    faults,
    failures,
    nameAction: asked => actions(path)[new URL(asked.target, 'http://oidc').pathname] ?? '',
    answer(asked, action) {
      if (action === 'token') return giveToken(asked)
      if (action === 'jwks') return json({ keys: keys.map(({ jwk }) => jwk) })
      return action === 'configuration'
        ? json(configuration(issuer, server.origin))
        : json({ message: 'Not Found' }, 404)
    },
  })
  return {
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${server.origin}${path}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
    },
    issuer,
    origin: server.origin,
    log,
    run(next) {
      job = { ...defaultJob, ...options.job, ...next }
    },
    mint: (claims, key) => mint(claims, key),
    async rotate(old) {
      keys = [await createSigningKey(), ...(old === 'keep' ? keys : [])]
    },
    fault: faults.add,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const actions = (path: string): Readonly<Record<string, string>> => ({
  [path]: 'token',
  '/.well-known/openid-configuration': 'configuration',
  '/.well-known/jwks': 'jwks',
})

const configuration = (issuer: string, origin: string) => ({
  issuer,
  // The real one is below the issuer; the keys of this one are here.
  jwks_uri: `${origin}/.well-known/jwks`,
  subject_types_supported: ['public', 'pairwise'],
  response_types_supported: ['id_token'],
  id_token_signing_alg_values_supported: ['RS256'],
  scopes_supported: ['openid'],
})

const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
})

const failures = {
  throttled: json({ message: 'Too Many Requests' }, 429),
  internal: json({ message: 'Internal Server Error' }, 500),
  'bad-gateway': { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>502 Bad Gateway</html>' },
  unavailable: json({ message: 'Service Unavailable' }, 503),
  missing: json({ message: 'Not Found' }, 404),
  /** JSON that ends early, though the connection does not. */
  malformed: { ...json({}), body: '{"count":1857,"value":"eyJ0eXAiOiJKV1Q' },
  html: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><title>Sign in</title></html>' },
  empty: json({ count: 0 }),
} as const satisfies Readonly<Record<string, Answer>>
