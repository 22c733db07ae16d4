import { UserError } from '../errors.ts'
import type { LoginSection } from './config.ts'

/** What a pull needs of ECR (ECR user guide, "Private repository policies"; the first knows no resource but `*`). */
const actions = [
  'ecr:GetAuthorizationToken',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
  'ecr:BatchCheckLayerAvailability',
]

/** characters that STS takes (STS API reference, AssumeRole, Policy) */
const most = 2048

/**
 * Pure: the session policies of a login that may only pull. Session policies add up: what one of them allows, the session
 * may (IAM user guide, "Session policies"). So a further one would widen what the user's own leave; a denial of all but
 * pulls, in the user's inline policy or beside the managed ones, narrows whatever they allow.
 * @throws UserError when the user's own policy is no JSON object, or leaves no room.
 */
export function narrowedToPulls(section: LoginSection): LoginSection {
  const policy = JSON.stringify(policyFor(section))
  if (policy.length <= most) return { ...section, 'inline-session-policy': policy }
  throw new UserError(
    `inline-session-policy: with the denial of all but pulls it has ${policy.length} characters, and STS takes ${most}: shorten it by ${policy.length - most}`,
  )
}

const allowed = { Effect: 'Allow', Action: actions, Resource: '*' }
const denied = { Effect: 'Deny', NotAction: actions, Resource: '*' }

function policyFor(section: LoginSection): object {
  const own = section['inline-session-policy']
  if (own !== undefined) return withDenial(own)
  const limited = section['managed-session-policies'].length > 0
  return { Version: '2012-10-17', Statement: [limited ? denied : allowed] }
}

function withDenial(own: string): object {
  const policy = readPolicy(own)
  if (policy !== undefined) return { ...policy, Statement: [...[policy.Statement].flat(), denied] }
  throw new UserError('inline-session-policy: expected a policy as JSON, an object with Version and Statement')
}

function readPolicy(text: string): { readonly Statement: unknown } | undefined {
  try {
    const policy: unknown = JSON.parse(text)
    return typeof policy === 'object' && policy !== null && 'Statement' in policy ? policy : undefined
  } catch {
    return undefined
  }
}
