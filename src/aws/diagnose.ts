import { readFileSync } from 'node:fs'
import type { Claims } from '../github/claims.ts'
import type { RoleRequest } from './identity.ts'
import type { Failure } from './retry.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

interface Context {
  readonly request: RoleRequest
  /** our own, never the token itself */
  readonly claims: Claims | undefined
  readonly env: Environment
}

/** Pure: what AWS said, which of our claims it may have disliked, and a condition to paste. */
export function explainRefusal(failure: Failure, { request, claims }: Context): string {
  const said = `${request.role === undefined ? 'AWS refused' : `AWS refused the role ${request.role}`}: ${failure.message} (${failure.name})`
  const hints = [...hintsByError(failure, request), ...(claims === undefined ? [] : hintsByClaims(failure, claims))]
  return [
    said,
    ...(claims === undefined ? [] : listClaims(claims)),
    ...hints.map(hint => `Likely: ${hint}`),
    ...(wantsCondition(failure, claims) ? conditionFor(claims) : []),
  ].join('\n')
}

const shown = ['iss', 'aud', 'sub', 'ref', 'environment', 'event_name', 'job_workflow_ref'] as const

const listClaims = (claims: Claims): string[] =>
  shown.flatMap(name => {
    const value = claims[name]
    return value === undefined ? [] : [`  ${name.padEnd(17)}${Array.isArray(value) ? value.join(', ') : value}`]
  })

/** What each error of STS means for whoever wrote the workflow (STS API reference, "AssumeRoleWithWebIdentity, Errors"). */
const byError: readonly (readonly [RegExp, string])[] = [
  [/ExpiredToken/, "the ID token was too old when AWS saw it, twice: this machine's clock may be wrong (date -u)."],
  [/IDPRejectedClaim/, 'the identity provider refused the token; it may have been revoked.'],
  [
    /InvalidIdentityToken.*(No OpenIDConnect provider|not.*provider)/i,
    'the account has no identity provider for token.actions.githubusercontent.com: make one in IAM.',
  ],
  [
    /InvalidIdentityToken.*audience/i,
    'the audience is not one that the identity provider in IAM knows: add it there, or set audience.',
  ],
  [
    /(IDPCommunicationError|retrieve verification key)/,
    "AWS could not fetch GitHub's keys in all that time: run again later, and see githubstatus.com.",
  ],
  [/RegionDisabled/, 'STS is turned off for this region in the account: turn it on, or set aws-region.'],
  [/PackedPolicyTooLarge|MalformedPolicyDocument/, 'look at inline-session-policy and managed-session-policies.'],
  [
    /ValidationError/,
    'an input is not as AWS wants it: look at role-to-assume, role-session-name, role-duration-seconds.',
  ],
  [
    /RequestTimeTooSkewed|SignatureDoesNotMatch|InvalidSignature/,
    "the signature does not hold: this machine's clock may be wrong (date -u), or a key is mistyped.",
  ],
  [
    /CredentialsProvider|Could not load credentials/,
    'there are no AWS credentials here: give role-to-assume with permissions: id-token: write, or AWS_ACCESS_KEY_ID.',
  ],
  [
    /InvalidClientTokenId|UnrecognizedClient/,
    'AWS does not know this access key: it may be deleted, inactive, or of another partition.',
  ],
  [
    /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT|unable to get (local )?issuer/i,
    'the certificate is of an authority that this machine does not know: name its CA in NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE.',
  ],
  [
    /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|TimeoutError/,
    'the host was not reached: a proxy is taken from HTTPS_PROXY and NO_PROXY.',
  ],
]

function hintsByError({ name, message, code }: Failure, { duration, chaining }: RoleRequest): string[] {
  const text = `${name} ${code ?? ''} ${message}`
  const known = byError.filter(([pattern]) => pattern.test(text)).map(([, hint]) => hint)
  if (/DurationSeconds/.test(text) && duration !== undefined) {
    return [
      chaining
        ? 'a chained role lasts an hour at most: lower role-duration-seconds.'
        : `role-duration-seconds: ${duration} is more than the role's maximum.`,
    ]
  }
  return known.slice(0, 1)
}

function hintsByClaims(
  { name }: Failure,
  { sub, aud, environment, event_name, job_workflow_ref, workflow_ref }: Claims,
): string[] {
  if (!/AccessDenied/.test(name)) return []
  return [
    ...(/@\d+\/.*@\d+:/.test(sub)
      ? [
          'the repository has the immutable form of sub (with @ids, since July 2026): a policy with the old form does not match it.',
        ]
      : []),
    ...(environment !== undefined && sub.includes(':environment:')
      ? [`the job runs in the environment ${environment}, so sub names it and not the branch.`]
      : []),
    ...(event_name === 'pull_request' || sub.endsWith(':pull_request')
      ? ['this is a pull request: its sub ends in :pull_request, which a policy for a branch does not match.']
      : []),
    ...(job_workflow_ref !== undefined && workflow_ref !== undefined && job_workflow_ref !== workflow_ref
      ? ['the job is of a reusable workflow: a policy that pins job_workflow_ref must name that one.']
      : []),
    ...([aud].flat().includes('sts.amazonaws.com')
      ? []
      : [`the audience is ${[aud].flat().join(', ')}; most policies ask for sts.amazonaws.com.`]),
    "the role's trust policy asks for another sub or audience, names another account's identity provider, or there is no such role.",
  ].slice(0, 2)
}

const wantsCondition = ({ name }: Failure, claims: Claims | undefined): claims is Claims =>
  claims !== undefined && /AccessDenied/.test(name)

function conditionFor(claims: Claims | undefined): string[] {
  if (claims === undefined) return []
  const issuer = claims.iss.replace(/^https:\/\//, '')
  const condition = { StringEquals: { [`${issuer}:aud`]: [claims.aud].flat()[0], [`${issuer}:sub`]: claims.sub } }
  const text = JSON.stringify({ Condition: condition }, undefined, 2).split('\n').slice(1, -1)
  return ['A condition for the trust policy that this job meets:', ...text]
}

/** Why a job has no ID token, in the words of its own case. */
export function explainMissingToken(env: Environment): string {
  if (env.GITHUB_ACTIONS !== 'true') {
    return 'role-to-assume: there are no AWS credentials on this machine to assume it with\nSet AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with aws sso login.'
  }
  return `role-to-assume: this job can't ask GitHub for an ID token\n${reasonFor(env)}`
}

function reasonFor(env: Environment): string {
  const { fork, dependabot, called } = eventOf(env)
  if (fork)
    return 'It runs for a pull request from a fork, and those get no token: do not push from them (push: false); checks, tests and scans go on.'
  if (dependabot) return "It runs for Dependabot, whose runs GitHub treats as a fork's: do not push from them."
  if (called)
    return 'It is in a called workflow: the job that calls it must grant permissions: { id-token: write, contents: read }.'
  return 'Add to the job: permissions: { id-token: write, contents: read }'
}

/** Why a password may be empty, in the words of the job's own case. */
export function explainMissingPassword(env: Environment): string {
  const { fork, dependabot, called } = eventOf(env)
  if (fork) return 'A pull request from a fork gets no secrets: do not log in for it.'
  if (dependabot) return "Dependabot's runs get only Dependabot's own secrets: add it there, or do not log in for it."
  if (called) return 'A called workflow gets secrets only when its caller hands them on: secrets: inherit.'
  return 'See that the secret exists and that the environment of the job may read it.'
}

function eventOf(env: Environment): { fork: boolean; dependabot: boolean; called: boolean } {
  const event = readEvent(env.GITHUB_EVENT_PATH)
  return {
    fork:
      event.pull_request?.head?.repo?.fork === true && event.pull_request.head.repo.full_name !== env.GITHUB_REPOSITORY,
    dependabot: env.GITHUB_ACTOR === 'dependabot[bot]',
    called:
      env.GITHUB_EVENT_NAME === 'workflow_call' ||
      (env.GITHUB_WORKFLOW_REF !== undefined &&
        env.GITHUB_JOB_WORKFLOW_REF !== undefined &&
        env.GITHUB_WORKFLOW_REF !== env.GITHUB_JOB_WORKFLOW_REF),
  }
}

interface Event {
  readonly pull_request?: {
    readonly head?: { readonly repo?: { readonly fork?: boolean; readonly full_name?: string } }
  }
}

function readEvent(path: string | undefined): Event {
  try {
    return path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}
