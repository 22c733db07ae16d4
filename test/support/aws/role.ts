import { parseRoleArn, type RoleArn } from './arn.ts'
import { type Principal, randomId } from './keyring.ts'
import { checkPolicy, type PolicyDocument } from './policy.ts'

export interface Role {
  /** `arn:aws:iam::123456789012:role/ci` */
  readonly arn: string
  readonly trust: PolicyDocument
  /** What its sessions may do; nothing when absent. */
  readonly policy?: PolicyDocument
  /** Seconds, 3600 to 43200; 3600 when absent. */
  readonly maxSessionDuration?: number
}

/** A role as STS keeps it. */
export interface KnownRole extends Role {
  readonly parsed: RoleArn
  /** `AROA…` */
  readonly id: string
  readonly maxSessionDuration: number
}

/** Throws on what IAM would not take. */
export function enrol(role: Role): KnownRole {
  const parsed = parseRoleArn(role.arn)
  if (parsed === undefined) throw new Error(`${role.arn} is no role's ARN`)
  checkPolicy(role.trust, 'trust')
  if (role.policy) checkPolicy(role.policy, 'permission')
  return { maxSessionDuration: 3600, ...role, parsed, id: `AROA${randomId()}` }
}

/** Who a session of this role is. */
export function sessionOf(
  { arn, parsed: { partition, account, name }, id, policy }: KnownRole,
  session: { readonly name: string; readonly policies?: readonly PolicyDocument[] | undefined },
): Principal {
  const own = `arn:${partition}:sts::${account}:assumed-role/${name}/${session.name}`
  return {
    partition,
    account,
    arn: own,
    names: [own, arn, ...accountNames(partition, account)],
    userId: `${id}:${session.name}`,
    policies: policy ? [policy] : [],
    ...(session.policies ? { sessionPolicies: session.policies } : {}),
  }
}

/** A trust policy that names an account speaks to everyone whom that account lets. */
export const accountNames = (partition: string, account: string): readonly string[] => [
  `arn:${partition}:iam::${account}:root`,
  account,
]
