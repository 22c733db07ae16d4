import { type Authorization, authorizeAll } from '../aws/ecr.ts'
import { becomeIdentity } from '../aws/identity.ts'
import { parseRegistryHost, type RegistryHost } from '../aws/registry-host.ts'
import type { Identity, RoleRequest } from '../aws/role.ts'
import { UserError } from '../errors.ts'
import type { Credentials } from '../task/scope.ts'
import { isRegion, type LoginSection } from './config.ts'
import { type Around, withinDeadline } from './deadline.ts'
import { sessionNameOf } from './session-name.ts'

export interface SignIn {
  readonly registries: readonly string[]
  readonly section: LoginSection
  /** user name and password, as the user gave them */
  readonly credentials: Credentials | undefined
}

/** Logins, and who we are to AWS where that was asked. */
export interface SignedIn {
  readonly authorizations: readonly Authorization[]
  readonly identity: Identity | undefined
}

/** Pure: which hosts AWS gives a login for: all of ECR, but where the password is a login of ECR already. */
export function awsHostsOf({ registries, section, credentials }: SignIn): readonly RegistryHost[] {
  if (credentials?.username === 'AWS' && section['role-to-assume'] === undefined) return []
  return registries.map(parseRegistryHost).filter(({ kind }) => kind !== 'other')
}

/** Pure: true where user name and password are for ECR: a login of its own, or an access key, as docker/login-action takes it. */
export const isForEcr = (credentials: Credentials | undefined): boolean =>
  credentials !== undefined && (credentials.username === 'AWS' || isKeyId(credentials.username))

/** The id of an access key, or of a temporary one (IAM user guide, "Unique identifiers"). */
const isKeyId = (username: string): boolean => /^A[KS]IA[A-Z0-9]{12,}$/.test(username)

/**
 * Signs in to all registries, each by its own way, before the deadline. The user's own secret is masked before anything
 * is said. @throws OutsideError, UserError with what to do
 */
export async function signIn(request: SignIn, around: Around): Promise<SignedIn> {
  const aws = awsHostsOf(request)
  const names = new Set(aws.map(({ host }) => host))
  const byPassword = passwordFor(
    request.registries.filter(host => !names.has(host)),
    request.credentials,
    around,
  )
  if (aws.length === 0) return { authorizations: byPassword, identity: undefined }
  return withinDeadline(deadlineOf(request), around, async limited => {
    const identity = await becomeIdentity(roleRequestOf(request, aws, limited), limited)
    return { authorizations: [...(await authorizeAll(aws, identity, limited)), ...byPassword], identity }
  })
}

/** Who we would be, without a login: so that a wrong trust policy is told in the first seconds. */
export const checkIdentity = (request: SignIn, around: Around): Promise<Identity> =>
  withinDeadline(deadlineOf(request), around, limited =>
    becomeIdentity(roleRequestOf(request, awsHostsOf(request), limited), limited),
  )

const deadlineOf = ({ section }: SignIn): number => section['action-timeout-s'] * 1000

function passwordFor(
  hosts: readonly string[],
  credentials: Credentials | undefined,
  { mask }: Around,
): Authorization[] {
  if (credentials === undefined) return []
  mask(credentials.password)
  mask(Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'))
  return hosts.length === 0 ? [] : [{ hosts, ...credentials, expires: undefined }]
}

function roleRequestOf({ section, credentials }: SignIn, hosts: readonly RegistryHost[], around: Around): RoleRequest {
  const role = section['role-to-assume']
  checkPartition(role, hosts)
  return {
    role,
    region: regionOf(section, hosts, around),
    sessionName: sessionNameOf(section['role-session-name'], around),
    duration: section['role-duration-seconds'],
    externalId: section['role-external-id'],
    chaining: section['role-chaining'],
    inlinePolicy: section['inline-session-policy'],
    managedPolicies: section['managed-session-policies'],
    audience: section.audience,
    allowedAccounts: section['allowed-account-ids'],
    keys: role === undefined ? keysIn(credentials, around) : undefined,
    ...kindOf(hosts),
  }
}

/** An access key that was given as user name and password. A temporary one has its token in the environment. */
function keysIn(credentials: Credentials | undefined, { env }: Around): RoleRequest['keys'] {
  if (credentials === undefined || !isKeyId(credentials.username)) return undefined
  const { username: accessKeyId, password: secretAccessKey } = credentials
  const { AWS_SESSION_TOKEN: sessionToken } = env
  return { accessKeyId, secretAccessKey, ...(accessKeyId.startsWith('ASIA') && sessionToken && { sessionToken }) }
}

/** The region of STS: as given, else that of the first ECR host (a token is for where it is used), else the machine's. */
function regionOf(section: LoginSection, hosts: readonly RegistryHost[], { env }: Around): string {
  const first = hosts.find(host => host.kind === 'ecr')
  return section['aws-region'] ?? first?.region ?? machineRegion(env)
}

/** An empty variable is one that is not set: `env: { AWS_REGION: ${{ vars.AWS_REGION }} }`. @throws UserError */
function machineRegion(env: Around['env']): string {
  const name = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find(one => env[one])
  const region = name === undefined ? 'us-east-1' : (env[name] ?? '')
  if (isRegion(region)) return region
  throw new UserError(`${name}: found "${region}", expected a region such as eu-west-1`)
}

/** Where all hosts are of one kind of endpoint, STS is asked by that as well; the environment may say otherwise. */
function kindOf(hosts: readonly RegistryHost[]): { readonly fips: boolean; readonly dualStack: boolean } {
  return {
    fips: hosts.every(host => host.kind === 'ecr' && host.fips),
    dualStack: hosts.every(host => host.kind !== 'other' && host.dualStack),
  }
}

/** Nobody in one partition is anybody in another. @throws UserError */
function checkPartition(role: string | undefined, hosts: readonly RegistryHost[]): void {
  const own = role?.split(':')[1]
  const foreign = hosts.find(host => own !== undefined && partitionOf(host) !== own)
  if (foreign === undefined) return
  throw new UserError(
    `role-to-assume: ${role} is of ${own}, and ${foreign.host} of ${partitionOf(foreign)}\nOne role can't serve both: log in once for each.`,
  )
}

// ECR Public is in one partition alone (ECR Public user guide, "Service endpoints").
const partitionOf = (host: RegistryHost): string => (host.kind === 'ecr' ? host.partition : 'aws')
