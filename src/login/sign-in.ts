import { type Authorization, authorizeAll } from '../aws/ecr.ts'
import { becomeIdentity } from '../aws/identity.ts'
import { parseRegistryHost, type RegistryHost } from '../aws/registry-host.ts'
import type { Identity, RoleRequest } from '../aws/role.ts'
import { UserError } from '../errors.ts'
import type { Credentials } from '../task/scope.ts'
import type { LoginSection } from './config.ts'
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

/** Pure: which hosts AWS gives a login for. With user name and password and no role, those serve ECR hosts as well. */
export function awsHostsOf({ registries, section, credentials }: SignIn): readonly RegistryHost[] {
  if (credentials !== undefined && section['role-to-assume'] === undefined) return []
  return registries.map(parseRegistryHost).filter(({ kind }) => kind !== 'other')
}

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
    const identity = await becomeIdentity(roleRequestOf(request.section, aws, limited), limited)
    return { authorizations: [...(await authorizeAll(aws, identity, limited)), ...byPassword], identity }
  })
}

/** Who we would be, without a login: so that a wrong trust policy is told in the first seconds. */
export const checkIdentity = (request: SignIn, around: Around): Promise<Identity> =>
  withinDeadline(deadlineOf(request), around, limited =>
    becomeIdentity(roleRequestOf(request.section, awsHostsOf(request), limited), limited),
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

function roleRequestOf(section: LoginSection, hosts: readonly RegistryHost[], around: Around): RoleRequest {
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
    ...kindOf(hosts),
  }
}

/** The region of STS: as given, else that of the first ECR host (a token is for where it is used), else the machine's. */
function regionOf(section: LoginSection, hosts: readonly RegistryHost[], { env }: Around): string {
  const first = hosts.find(host => host.kind === 'ecr')
  return section['aws-region'] ?? first?.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1'
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
  const foreign = hosts.find(host => host.kind === 'ecr' && own !== undefined && host.partition !== own)
  if (foreign?.kind !== 'ecr') return
  throw new UserError(
    `role-to-assume: ${role} is of ${own}, and ${foreign.host} of ${foreign.partition}\nOne role can't serve both: log in once for each.`,
  )
}
