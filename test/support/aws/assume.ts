import { parseRoleArn } from './arn.ts'
import type { Authenticated } from './authenticate.ts'
import { type Provider, verifyIdentity } from './identity.ts'
import type { Keyring, Keys } from './keyring.ts'
import { type AssumeParameters, readParameters } from './parameters.ts'
import { checkPolicy, type PolicyDocument } from './policy.ts'
import { Refusal } from './refusal.ts'
import { type KnownRole, sessionOf } from './role.ts'
import { trustsIdentity, trustsPrincipal } from './trust.ts'
import type { Elements } from './xml.ts'

export interface StsParts {
  readonly roles: ReadonlyMap<string, KnownRole>
  readonly managedPolicies: Readonly<Record<string, PolicyDocument>>
  readonly keyring: Keyring
  /** The provider of this issuer in this account, if there is one. */
  readonly provider: (account: string, issuer: string) => Provider | undefined
  readonly now: () => number
}

export async function assumeWithIdentity(form: URLSearchParams, parts: StsParts): Promise<Elements> {
  const parameters = readParameters(form, true)
  const { account } = parseArn(parameters.roleArn)
  const provider = (issuer: string) => parts.provider(account, issuer)
  const claims = await verifyIdentity(parameters.token, { provider, now: parts.now() })
  const role = parts.roles.get(parameters.roleArn)
  // A role that is not there and one that does not trust are told apart by nobody outside its account.
  if (role === undefined || !trustsIdentity(role, claims, parameters.sessionName)) {
    throw new Refusal('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403)
  }
  checkDuration(parameters, role.maxSessionDuration)
  const { partition } = role.parsed
  return {
    SubjectFromWebIdentityToken: claims.sub,
    ...issue(role, parameters, parts),
    Provider: `arn:${partition}:iam::${account}:oidc-provider/${claims.iss.replace(/^https:\/\//, '')}`,
    Audience: [claims.aud].flat()[0],
  }
}

export function assumeWithKeys(form: URLSearchParams, { keys }: Authenticated, parts: StsParts): Elements {
  const parameters = readParameters(form, false)
  parseArn(parameters.roleArn)
  const role = parts.roles.get(parameters.roleArn)
  const { sessionName, externalId } = parameters
  const actions =
    parameters.tagKeys.length > 0 ? (['sts:AssumeRole', 'sts:TagSession'] as const) : (['sts:AssumeRole'] as const)
  for (const action of actions) {
    if (role && trustsPrincipal(role, { caller: keys.principal, action, sessionName, externalId })) continue
    const what = `perform: ${action} on resource: ${parameters.roleArn}`
    throw new Refusal('AccessDenied', `User: ${keys.principal.arn} is not authorized to ${what}`, 403)
  }
  if (role === undefined) throw new Error('A role that nobody knows was assumed')
  if (keys.sessionToken !== undefined && parameters.seconds > 3600) {
    const sentence =
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'
    throw new Refusal('ValidationError', sentence)
  }
  checkDuration(parameters, role.maxSessionDuration)
  return issue(role, parameters, parts)
}

export const describeCaller = ({ keys: { principal } }: Authenticated): Elements => ({
  Arn: principal.arn,
  UserId: principal.userId,
  Account: principal.account,
})

function parseArn(text: string) {
  const parsed = parseRoleArn(text)
  if (parsed) return parsed
  throw new Refusal('ValidationError', text.startsWith('arn:') ? 'Request ARN is invalid' : `${text} is invalid`)
}

function checkDuration({ seconds }: AssumeParameters, most: number): void {
  if (seconds <= most) return
  throw new Refusal(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
}

function issue(role: KnownRole, parameters: AssumeParameters, { keyring, managedPolicies }: StsParts): Elements {
  const { sessionName: name, seconds } = parameters
  const principal = sessionOf(role, { name, policies: readSessionPolicies(parameters, managedPolicies) })
  const keys = keyring.issue(principal, seconds)
  const packed = (parameters.policy ?? '').length + parameters.policyArns.join('').length
  return {
    AssumedRoleUser: { Arn: principal.arn, AssumedRoleId: principal.userId },
    Credentials: renderKeys(keys),
    // How AWS packs is its secret; the share of the plain text's limit stands in for it.
    PackedPolicySize: packed > 0 ? Math.ceil((packed / 2048) * 100) : undefined,
  }
}

const renderKeys = ({ accessKeyId, secretAccessKey, sessionToken, expires = 0 }: Keys): Elements => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: sessionToken,
  Expiration: new Date(expires).toISOString().replace(/\.\d+/, ''),
})

/** The session policies, or undefined when there are none to narrow the role's. */
function readSessionPolicies(
  { policy, policyArns }: AssumeParameters,
  managed: StsParts['managedPolicies'],
): readonly PolicyDocument[] | undefined {
  if ((policy ?? '').length + policyArns.join('').length > 2048) {
    throw new Refusal(
      'PackedPolicyTooLarge',
      'Packed size of session policies consumes more than 100% of allotted space.',
    )
  }
  if (policy === undefined && policyArns.length === 0) return undefined
  const arns = policyArns.flatMap(arn => managed[arn] ?? [])
  return policy === undefined ? arns : [parsePolicy(policy), ...arns]
}

function parsePolicy(text: string): PolicyDocument {
  try {
    const document = JSON.parse(text) as PolicyDocument
    checkPolicy(document, 'permission')
    return document
  } catch {
    throw new Refusal('MalformedPolicyDocument', 'Syntax errors in policy.')
  }
}
