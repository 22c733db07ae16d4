import { join } from 'node:path'
import type { Authorization } from '../aws/ecr.ts'
import { parseRegistryHost } from '../aws/registry-host.ts'
import type { Identity } from '../aws/role.ts'
import type { Login } from '../registry/regctl.ts'
import { writeDown } from '../run/journal.ts'
import type { Scope } from '../task/scope.ts'
import type { LoginSection } from './config.ts'
import { besideLogins, knowsHost, readOwn } from './docker-config.ts'
import { writePrivateConfig } from './export.ts'
import { makeRepositories } from './repositories.ts'
import { awsHostsOf, isForEcr, type SignIn, signIn } from './sign-in.ts'

/** A repository of a registry: `acme/web` on `ghcr.io`. */
export interface Destination {
  readonly registry: string
  readonly repository: string
}

/** What the pipeline's login is asked. */
export interface LoginRequest {
  readonly registries: readonly string[]
  readonly section: LoginSection
  /** where images are pushed to */
  readonly destinations: readonly Destination[]
}

/** Who the pipeline is to AWS, as far as that is known without a login. */
export type Known = Pick<Identity, 'account' | 'arn'> | null

/**
 * Which hosts need a login of ours: those of ECR by AWS, the others by user name and password. A host that the user's
 * own Docker configuration knows is left to that, unless a role or a password is given.
 */
export async function planSignIn(
  { registries, section }: LoginRequest,
  scope: Pick<Scope, 'rights' | 'credentials'>,
): Promise<SignIn> {
  const credentials = scope.credentials('push')
  const isAsked = section['role-to-assume'] !== undefined || isForEcr(credentials)
  const isEcr = (host: string): boolean => parseRegistryHost(host).kind !== 'other'
  const own = isAsked || !registries.some(isEcr) ? {} : await readOwn(scope.rights)
  const kept = credentials === undefined ? own : besideLogins(own)
  const open = registries.filter(host =>
    isEcr(host) ? isAsked || !knowsHost(kept, host) : credentials !== undefined || isAsked,
  )
  return { registries: open, section, credentials }
}

/** True where the sign-in asks AWS. */
export const asksAws = (request: SignIn): boolean => awsHostsOf(request).length > 0

/**
 * Logs in for the push, after the gate: a private configuration in the run's folder that only this user can read. The
 * user's own is never written; without anything to log in to it serves as it is.
 */
export async function performLogin(request: LoginRequest, scope: Scope): Promise<Login> {
  const wanted = await planSignIn(request, scope)
  const around = { env: scope.rights, signal: scope.signal, say: scope.say, mask: scope.mask }
  const { authorizations, identity } = await signIn(wanted, around)
  if (identity !== undefined) await makeRepositories({ ...request, identity, hosts: awsHostsOf(wanted) }, scope)
  if (authorizations.length === 0) return { folder: undefined, registries: request.registries }
  return { folder: await writeConfig(authorizations, scope), registries: request.registries }
}

async function writeConfig(authorizations: readonly Authorization[], scope: Scope): Promise<string> {
  const folder = join(scope.run.directory, 'private', 'login')
  await writeDown(scope.run.directory, { kind: 'credentials', name: folder })
  await writePrivateConfig(authorizations, folder, scope.rights)
  return folder
}
