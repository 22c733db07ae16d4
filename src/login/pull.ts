import { join } from 'node:path'
import { isWithoutKeys } from '../aws/failure.ts'
import { hasAmbientKeys } from '../aws/identity.ts'
import { faultOfHost, parseRegistryHost } from '../aws/registry-host.ts'
import { OutsideError } from '../errors.ts'
import { findTokenSource } from '../github/id-token.ts'
import { isDependabot, isFork } from '../github/job.ts'
import { writeDown } from '../run/journal.ts'
import type { Scope } from '../task/scope.ts'
import { type Result, type Task, task } from '../task/task.ts'
import type { LoginSection } from './config.ts'
import { besideLogins, knowsHost, readOwn } from './docker-config.ts'
import { writePrivateConfig } from './export.ts'
import { narrowedToPulls } from './pull-policy.ts'
import { awsHostsOf, isForEcr, type SignedIn, type SignIn, signIn } from './sign-in.ts'

/** What programs that pull get: variables that name a private Docker configuration, none where the user's own serves. */
export interface PullLogin {
  readonly env: Readonly<Record<string, string>>
  /** why there is no login, where one may be missed */
  readonly missing?: string
}

interface PullRequest {
  /** private hosts that something is pulled from */
  readonly hosts: readonly string[]
  readonly section: LoginSection
}

/** Pure: those of the hosts that are pulled from which may ask for a login: private ones of ECR, and those pushed to. */
export const privateHosts = (pulled: readonly string[], registries: readonly string[]): readonly string[] =>
  pulled.filter(host => isPrivateEcr(host) || registries.includes(host))

// A name that only means to be one of ECR's is whoever pulls it to complain about.
const isPrivateEcr = (host: string): boolean =>
  faultOfHost(host) === undefined && parseRegistryHost(host).kind === 'ecr'

/** The login for pulls, made at the start: it can't push. */
export const pullTask = (request: PullRequest): Task<PullLogin> =>
  task({
    id: 'login:pull',
    request: { hosts: request.hosts, login: request.section },
    needs: {},
    weight: 0,
    perform: (_, scope) => performPull(request, scope),
  })

async function performPull({ hosts, section }: PullRequest, scope: Scope): Promise<Result<PullLogin>> {
  const wanted = await planPull({ hosts, section }, scope)
  const asked = awsHostsOf(wanted).map(({ host }) => host)
  const stranger = asked.length > 0 && section['role-to-assume'] !== undefined ? strangerIn(scope.rights) : undefined
  if (stranger !== undefined) return without(`${stranger} gets no ID token, so nothing is pulled with the role`)
  try {
    const signedIn = await signIn(wanted, {
      env: scope.rights,
      signal: scope.signal,
      say: scope.say,
      mask: scope.mask,
    })
    return await hand(signedIn, scope)
  } catch (error) {
    if (section['role-to-assume'] === undefined && isNobody(error, scope.rights))
      return without(`there are no AWS credentials here for ${asked.join(', ')}`)
    throw error
  }
}

const without = (missing: string): Result<PullLogin> => ({
  status: 'skipped',
  value: { env: {}, missing },
  reason: missing,
})

function strangerIn(env: Scope['rights']): string | undefined {
  if (findTokenSource(env) !== undefined) return undefined
  if (isFork(env)) return 'a pull request from a fork'
  return isDependabot(env) ? "Dependabot's run" : undefined
}

/** No credentials, and nothing that says that there should be some. */
const isNobody = (error: unknown, env: Scope['rights']): boolean =>
  error instanceof OutsideError && isWithoutKeys(Object(error.cause)) && !hasAmbientKeys(env)

/**
 * Which hosts get a login: those of ECR by the role, narrowed to pulls, or by what the machine is to AWS; the others by
 * user name and password for pulls. A host that the user's own Docker configuration knows is left to that.
 */
async function planPull({ hosts, section }: PullRequest, scope: Scope): Promise<SignIn> {
  const credentials = scope.credentials('pull')
  const byRole = section['role-to-assume'] !== undefined
  const isAsked = byRole || isForEcr(credentials)
  const own = isAsked || !hosts.some(isPrivateEcr) ? {} : await readOwn(scope.rights)
  const kept = credentials === undefined ? own : besideLogins(own)
  const registries = hosts.filter(host =>
    isPrivateEcr(host) ? isAsked || !knowsHost(kept, host) : credentials !== undefined,
  )
  const asksAws = registries.some(isPrivateEcr) && byRole
  if (asksAws && limits(section)) scope.say('Session policies as given, and with them all but pulls is denied')
  return { registries, section: asksAws ? narrowedToPulls(section) : section, credentials }
}

const limits = (section: LoginSection): boolean =>
  section['inline-session-policy'] !== undefined || section['managed-session-policies'].length > 0

async function hand({ authorizations, identity }: SignedIn, scope: Scope): Promise<Result<PullLogin>> {
  if (authorizations.length === 0) return { value: { env: {} }, reason: 'your own Docker configuration serves' }
  const folder = join(scope.run.directory, 'private', 'login-pull')
  await writeDown(scope.run.directory, { kind: 'credentials', name: folder })
  const { DOCKER_CONFIG, BUILDX_CONFIG } = await writePrivateConfig(authorizations, folder, scope.rights)
  const whole = identity !== undefined && !identity.assumed
  return {
    value: { env: { DOCKER_CONFIG, BUILDX_CONFIG } },
    reason: `${authorizations.flatMap(({ hosts }) => hosts).join(', ')}${whole ? `, with whatever ${identity.arn} may do: only a role is narrowed to pulls` : ''}`,
  }
}
