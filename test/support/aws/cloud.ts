import { account } from '../ecr/answers.ts'
import { type Ecr, type EcrOptions, openEcr } from '../ecr/ecr.ts'
import type { Job } from '../oidc/claims.ts'
import { type Oidc, openOidc } from '../oidc/oidc.ts'
import { type Clock, createClock } from './clock.ts'
import { type EcrApi, openEcrApi } from './ecr-api.ts'
import { allow, type PolicyDocument } from './policy.ts'
import type { RegistryOptions } from './registry.ts'
import type { Role } from './role.ts'
import type { Call } from './server.ts'
import { openSts, type Sts, type StsOptions } from './sts.ts'

export interface CloudOptions extends Pick<StsOptions, 'audiences' | 'managedPolicies' | 'patience'> {
  readonly job?: Partial<Job>
  /** Absent: `ci`, which trusts acme/web's main branch and may log in, push, pull and make repositories. */
  readonly roles?: readonly Role[]
  /** Seconds that an ID token lives. */
  readonly tokenLifetime?: number
  /** A registry to log in to, of account 123456789012 in us-east-1; absent: passwords that nothing accepts. */
  readonly registry?: EcrOptions
  /** Registries besides that one. */
  readonly registries?: readonly RegistryOptions[]
  readonly pageSize?: number
}

/** GitHub's OIDC provider, STS, ECR, ECR Public, and the registry behind, on this machine. */
export interface Cloud extends AsyncDisposable {
  readonly oidc: Oidc
  readonly sts: Sts
  readonly ecr: EcrApi
  readonly registry: Ecr | undefined
  /** The present of all of them but the registry. */
  readonly clock: Clock
  /** For the program under test. */
  readonly env: Readonly<Record<string, string>>
  /** Every call to any of them, in the order of arrival, without those to the registry. */
  readonly log: readonly Call[]
  /** The calls that a client makes: without those by which STS fetches keys. */
  calls(): readonly string[]
  [Symbol.asyncDispose](): Promise<void>
}

const region = 'us-east-1'

/** The trust policy that AWS and GitHub document: an audience, and subjects. */
export const trustGitHub = (
  subjects: string | readonly string[],
  { account: owner = account, audience = 'sts.amazonaws.com' } = {},
): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${owner}:oidc-provider/token.actions.githubusercontent.com` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { 'token.actions.githubusercontent.com:aud': audience },
      StringLike: { 'token.actions.githubusercontent.com:sub': subjects },
    },
  },
})

export const ciRole: Role = {
  arn: `arn:aws:iam::${account}:role/ci`,
  trust: trustGitHub('repo:acme/web:ref:refs/heads/main'),
  policy: allow('ecr:*', 'ecr-public:*', 'sts:GetServiceBearerToken'),
}

/** Opens all of it, wired together. */
export async function openCloud(options: CloudOptions = {}): Promise<Cloud> {
  await using opened = new AsyncDisposableStack()
  const clock = createClock()
  const log: Call[] = []
  const { job, tokenLifetime, roles = [ciRole], audiences, managedPolicies, patience, pageSize } = options
  const oidc = opened.use(
    await openOidc({ clock, log, ...(job && { job }), ...(tokenLifetime && { lifetime: tokenLifetime }) }),
  )
  const sts = opened.use(
    await openSts({
      oidc,
      roles,
      clock,
      log,
      ...(audiences && { audiences }),
      ...(managedPolicies && { managedPolicies }),
      ...(patience && { patience }),
    }),
  )
  const registry = options.registry && opened.use(await openEcr(options.registry))
  const registries = [{ account, region, ...(registry && { front: registry }) }, ...(options.registries ?? [])]
  const ecr = opened.use(await openEcrApi({ sts, registries, log, ...(pageSize && { pageSize }) }))

  const kept = opened.move()
  return {
    oidc,
    sts,
    ecr,
    registry,
    clock,
    env: {
      ...oidc.env,
      AWS_ENDPOINT_URL_STS: sts.origin,
      AWS_ENDPOINT_URL_ECR: ecr.origin,
      AWS_ENDPOINT_URL_ECR_PUBLIC: ecr.publicOrigin,
    },
    log,
    calls: () =>
      log
        .filter(({ action }) => !['configuration', 'jwks'].includes(action))
        .map(({ server, action, status, code }) =>
          [server, action, status || 'no answer', code].filter(Boolean).join(' '),
        ),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
