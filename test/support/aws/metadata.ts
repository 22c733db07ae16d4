import { randomBytes } from 'node:crypto'
import { createClock } from './clock.ts'
import { createFaults, type FaultRule, type Faults } from './faults.ts'
import type { Keys } from './keyring.ts'
import { type Answer, type Asked, type Call, openServer, type Server } from './server.ts'

export interface Metadata extends AsyncDisposable {
  readonly origin: string
  /** For the program under test. */
  readonly env: Readonly<Record<string, string>>
  fault(rule: FaultRule<never>): Disposable
  [Symbol.asyncDispose](): Promise<void>
}

interface Given {
  /** What it gives out. */
  readonly keys: Keys
  readonly log?: Call[]
}

const text = (status: number, body = ''): Answer => ({ status, headers: { 'content-type': 'text/plain' }, body })
const json = (status: number, body: object): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

const render = ({ accessKeyId, secretAccessKey, sessionToken, expires = 0 }: Keys) => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  Token: sessionToken,
  Expiration: new Date(expires).toISOString().replace(/\.\d+/, ''),
})

const roles = '/latest/meta-data/iam/security-credentials/'

/**
 * EC2's instance metadata, version 2 alone (EC2 user guide, "Use the Instance Metadata Service"): a token by PUT with a
 * life of 1 to 21600 seconds, never through a proxy, and nothing without it.
 */
export async function openInstance({ keys, log = [] }: Given): Promise<Metadata> {
  const faults = createFaults<never>()
  const tokens = new Set<string>()
  const role = 'runner'
  const answer = ({ method, target, headers }: Asked): Answer => {
    // Whoever came through a proxy or a router is not the instance.
    if (headers['x-forwarded-for'] !== undefined) return text(403)
    if (target === '/latest/api/token') {
      const life = Number(headers['x-aws-ec2-metadata-token-ttl-seconds'])
      if (method !== 'PUT') return text(405)
      if (!Number.isInteger(life) || life < 1 || life > 21_600) return text(400)
      const token = randomBytes(40).toString('base64url')
      tokens.add(token)
      return text(200, token)
    }
    if (method !== 'GET') return text(405)
    if (!tokens.has(String(headers['x-aws-ec2-metadata-token']))) return text(401)
    if (target === roles) return text(200, role)
    if (target !== `${roles}${role}`) return text(404)
    const now = new Date().toISOString()
    return json(200, { Code: 'Success', LastUpdated: now, Type: 'AWS-HMAC', ...render(keys) })
  }
  const server = await open('imds', { faults, log, answer })
  return {
    ...server,
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: server.origin, AWS_EC2_METADATA_DISABLED: 'false' },
    fault: faults.add,
  }
}

/**
 * The credentials of a container, as ECS and EKS Pod Identity give them (SDK reference guide, "Container credential
 * provider"): one path, and an `Authorization` that is the whole of a token, read anew for each call.
 */
export async function openContainer(given: Given & { readonly token: string }): Promise<Metadata> {
  const { keys, token, log = [] } = given
  const faults = createFaults<never>()
  const path = '/v1/credentials'
  const answer = ({ method, target, headers }: Asked): Answer => {
    if (method !== 'GET' || target !== path) return json(404, { code: 'NotFound', message: 'no such path' })
    if (headers.authorization !== token) {
      return json(401, { code: 'Unauthorized', message: 'the authorization token is not the one of this container' })
    }
    return json(200, { ...render(keys), AccountId: keys.principal.account })
  }
  const server = await open('container', { faults, log, answer })
  return { ...server, env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.origin}${path}` }, fault: faults.add }
}

interface Serving {
  readonly faults: Faults<never>
  readonly log: Call[]
  answer(asked: Asked): Answer
}

const open = (name: 'imds' | 'container', { faults, log, answer }: Serving): Promise<Server> =>
  openServer({
    name,
    log,
    clock: createClock(),
    faults,
    failures: {},
    nameAction: ({ method, target }) => `${method} ${target}`,
    answer,
  })
