import { OutsideError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import { adviceOnEcr } from './advice.ts'
import { clientOptions } from './client.ts'
import { failureOf } from './failure.ts'
import type { PrivateHost, PublicHost, RegistryHost } from './registry-host.ts'
import { type Retrying, withRetry } from './retry.ts'
import type { Identity } from './role.ts'

/** A login for registry hosts. `expires`: ISO 8601. */
export interface Authorization {
  readonly hosts: readonly string[]
  readonly username: string
  readonly password: string
  readonly expires: string | undefined
}

type Around = Pick<Scope, 'say' | 'signal' | 'mask' | 'env'> & Retrying

/**
 * Logins for all ECR hosts, side by side: one call for each region, whatever the number of accounts, since a token
 * serves every registry of its region that the identity may use; one more for ECR Public, which lives in us-east-1.
 */
export async function authorizeAll(
  hosts: readonly RegistryHost[],
  identity: Identity,
  around: Around,
): Promise<readonly Authorization[]> {
  // What AWS gave out a moment ago, a part of it may not have heard of.
  const limited = { ...around, fresh: identity.assumed }
  const own = hosts.filter(host => host.kind === 'ecr')
  const regions = Map.groupBy(own, ({ region }) => region)
  const open = hosts.filter(host => host.kind === 'ecr-public')
  return Promise.all([
    ...[...regions.values()].map(group => authorizeRegion(group, identity, limited)),
    ...(open.length === 0 ? [] : [authorizePublic(open, identity, limited)]),
  ])
}

async function authorizeRegion(
  group: readonly PrivateHost[],
  { credentials }: Identity,
  around: Around,
): Promise<Authorization> {
  const { ECRClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr')
  const { region = '' } = group[0] ?? {}
  const kind = { fips: group.some(({ fips }) => fips), dualStack: group.some(({ dualStack }) => dualStack) }
  const client = new ECRClient(await clientOptions({ service: 'ECR', region }, around.env, { credentials, ...kind }))
  const ask = async () =>
    (await client.send(new GetAuthorizationTokenCommand({}), { abortSignal: around.signal })).authorizationData?.[0]
  return authorize(
    { title: `Log in to ECR in ${region}`, hosts: group.map(({ host }) => host), ask, close: () => client.destroy() },
    around,
  )
}

async function authorizePublic(
  group: readonly PublicHost[],
  { credentials }: Identity,
  around: Around,
): Promise<Authorization> {
  const { ECRPUBLICClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr-public')
  const dualStack = group.every(host => host.dualStack)
  const where = { service: 'ECR_PUBLIC', region: 'us-east-1' } as const
  const client = new ECRPUBLICClient(await clientOptions(where, around.env, { credentials, dualStack }))
  const ask = async () =>
    (await client.send(new GetAuthorizationTokenCommand({}), { abortSignal: around.signal })).authorizationData
  const hosts = group.map(({ host }) => host)
  return authorize({ title: 'Log in to ECR Public', hosts, ask, close: () => client.destroy() }, around)
}

interface Call {
  readonly title: string
  readonly hosts: readonly string[]
  ask(): Promise<{ authorizationToken?: string | undefined; expiresAt?: Date | undefined } | undefined>
  close(): void
}

async function authorize({ title, hosts, ask, close }: Call, around: Around): Promise<Authorization> {
  try {
    const data = await withRetry(title, ask, around)
    return { hosts, ...parseToken(data?.authorizationToken ?? '', around), expires: data?.expiresAt?.toISOString() }
  } catch (error) {
    around.signal.throwIfAborted()
    throw error instanceof OutsideError ? error : explain(title, error)
  } finally {
    close()
  }
}

function explain(title: string, error: unknown): OutsideError {
  const failure = failureOf(error)
  const { message, code, name } = failure
  return new OutsideError(`${title}: ${message} (${code ?? name})\nLikely: ${adviceOnEcr(failure)}`, { cause: failure })
}

/** base64 of `AWS:<password>`, split at the first colon: a password may hold another. */
function parseToken(token: string, { mask }: Around): { username: string; password: string } {
  const text = Buffer.from(token, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) throw new OutsideError('ECR answered without an authorization token')
  const password = text.slice(colon + 1)
  mask(password)
  mask(token)
  return { username: text.slice(0, colon), password }
}
