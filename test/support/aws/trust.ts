import type { Context } from './conditions.ts'
import type { IdentityClaims } from './identity.ts'
import type { Principal } from './keyring.ts'
import { evaluate } from './policy.ts'
import type { KnownRole } from './role.ts'

/**
 * The claims that a trust policy can see: sub and aud, and since January 2026 these of GitHub's ("AWS STS supports
 * validation of select identity provider specific claims"). Any other key is as if it were not there.
 */
const visible = [
  ...['sub', 'aud', 'actor', 'actor_id', 'job_workflow_ref', 'repository', 'repository_id'],
  ...['workflow', 'ref', 'environment', 'enterprise_id'],
]

/** Whether the role trusts the bearer of such a token of this provider. */
export function trustsIdentity(role: KnownRole, claims: IdentityClaims, sessionName: string): boolean {
  const host = claims.iss.replace(/^https:\/\//, '')
  const keys = visible.flatMap(name => {
    const value = claims[name]
    return value === undefined ? [] : [[`${host}:${name}`.toLowerCase(), [value].flat().map(String)] as const]
  })
  const { partition, account } = role.parsed
  const principal = { kind: 'Federated', names: [`arn:${partition}:iam::${account}:oidc-provider/${host}`] } as const
  const context: Context = { ...Object.fromEntries(keys), 'sts:rolesessionname': [sessionName] }
  return evaluate(role.trust, { action: 'sts:AssumeRoleWithWebIdentity', principal, context }) === 'allowed'
}

export interface Assuming {
  readonly caller: Principal
  readonly action: 'sts:AssumeRole' | 'sts:TagSession'
  readonly sessionName: string
  readonly externalId: string | undefined
}

/**
 * Whether the role's policy and the caller's let it: within one account it is enough that the role names the caller,
 * else the caller's own policy must allow it too ("Cross-account policy evaluation logic", IAM user guide).
 */
export function trustsPrincipal(role: KnownRole, { caller, action, sessionName, externalId }: Assuming): boolean {
  const context: Context = {
    'sts:externalid': externalId === undefined ? undefined : [externalId],
    'sts:rolesessionname': [sessionName],
    'aws:principalaccount': [caller.account],
  }
  const trust = (names: readonly string[]) =>
    evaluate(role.trust, { action, principal: { kind: 'AWS', names }, context })
  const own = [
    caller.policies,
    caller.sessionPolicies ?? [{ Version: '2012-10-17', Statement: everything } as const],
  ].map(policies => policies.map(policy => evaluate(policy, { action, resource: role.arn })))
  if (trust(caller.names) !== 'allowed' || own.flat().includes('denied')) return false
  const direct = caller.names.filter(name => name.includes('/'))
  if (caller.account === role.parsed.account && trust(direct) === 'allowed') return true
  return own.every(verdicts => verdicts.includes('allowed'))
}

const everything = { Effect: 'Allow', Action: '*', Resource: '*' } as const
