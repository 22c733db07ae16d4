import { type Authorization, authorizeAll } from '../aws/ecr.ts'
import { becomeIdentity, type Identity, type RoleRequest } from '../aws/identity.ts'
import { parseRegistryHost, type RegistryHost } from '../aws/registry-host.ts'
import { OutsideError } from '../errors.ts'
import type { Credentials } from '../task/scope.ts'
import type { LoginSection } from './config.ts'
import { sessionNameOf } from './session-name.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

export interface SignIn {
  readonly registries: readonly string[]
  readonly section: LoginSection
  /** user name and password, as the user gave them */
  readonly credentials: Credentials | undefined
}

/** What a login needs of the world: `env` is this process's own, with its rights. */
export interface Around {
  readonly env: Environment
  readonly signal: AbortSignal
  say(line: string): void
  mask(secret: string): void
}

/** Logins, and who we are to AWS where that was asked. */
export interface SignedIn {
  readonly authorizations: readonly Authorization[]
  readonly identity: Identity | undefined
}

/** ms that a whole login may take */
const deadline = 60_000

/** Pure: which hosts AWS gives a login for. With user name and password and no role, those serve ECR hosts as well. */
export function awsHostsOf({ registries, section, credentials }: SignIn): readonly RegistryHost[] {
  const hosts = registries.map(parseRegistryHost)
  if (credentials !== undefined && section['role-to-assume'] === undefined) return hosts.filter(() => false)
  return hosts.filter(({ kind }) => kind !== 'other')
}

/** Signs in to all registries, each by its own way, within 60 s. @throws OutsideError, UserError with what to do */
export async function signIn(request: SignIn, around: Around): Promise<SignedIn> {
  return withinDeadline(around, async limited => {
    const aws = awsHostsOf(request)
    const names = new Set(aws.map(({ host }) => host))
    const others = request.registries.filter(host => !names.has(host))
    const identity =
      aws.length === 0 ? undefined : await becomeIdentity(roleRequestOf(request.section, aws, limited), limited)
    const fromAws = identity === undefined ? [] : await authorizeAll(aws, identity, limited)
    return { authorizations: [...fromAws, ...byPassword(others, request.credentials, limited)], identity }
  })
}

/** Who we would be, without a login: so that a wrong trust policy is told in the first seconds. */
export const checkIdentity = (request: SignIn, around: Around): Promise<Identity> =>
  withinDeadline(around, limited =>
    becomeIdentity(roleRequestOf(request.section, awsHostsOf(request), limited), limited),
  )

function byPassword(hosts: readonly string[], credentials: Credentials | undefined, { mask }: Around): Authorization[] {
  if (hosts.length === 0 || credentials === undefined) return []
  mask(credentials.password)
  mask(Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'))
  return [{ hosts, ...credentials, expires: undefined }]
}

function roleRequestOf(section: LoginSection, hosts: readonly RegistryHost[], around: Around): RoleRequest {
  const first = hosts.find(host => host.kind === 'ecr')
  const { env } = around
  return {
    role: section['role-to-assume'],
    region: section['aws-region'] ?? first?.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1',
    sessionName: sessionNameOf(section['role-session-name'], around),
    duration: section['role-duration-seconds'],
    externalId: section['role-external-id'],
    chaining: section['role-chaining'],
    inlinePolicy: section['inline-session-policy'],
    managedPolicies: section['managed-session-policies'],
    audience: section.audience,
    allowedAccounts: section['allowed-account-ids'],
  }
}

/** One deadline over every try and every wait, which tells the last thing that was seen. */
async function withinDeadline<T>(around: Around, work: (limited: Around) => Promise<T>): Promise<T> {
  let last = 'no answer yet'
  const over = new AbortController()
  const signal = AbortSignal.any([around.signal, over.signal])
  const say = (line: string): void => {
    last = line
    around.say(line)
  }
  const timer = setTimeout(
    () => over.abort(new OutsideError(`The login did not end within ${deadline / 1000} s: ${last}`)),
    deadline,
  )
  try {
    return await Promise.race([work({ ...around, signal, say }), rejected(signal)])
  } finally {
    clearTimeout(timer)
  }
}

// An SDK call may end with its own word for an abort; the reason is the signal's.
function rejected(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}
