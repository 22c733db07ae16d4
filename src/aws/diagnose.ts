import type { Claims } from '../github/claims.ts'
import { findTokenSource } from '../github/id-token.ts'
import { adviceOnMachine, adviceOnSts } from './advice.ts'
import { type Failure, isWithoutKeys } from './failure.ts'

interface Asked {
  readonly role: string | undefined
  /** our own, never the token itself; undefined where no ID token was used */
  readonly claims: Claims | undefined
  /** other credentials than an ID token were wanted */
  readonly chaining?: boolean
  /** which credentials there might have been */
  readonly env: Readonly<{ [name: string]: string | undefined }>
}

/** Pure: what AWS said, which of our claims it may have disliked, and a condition to paste. */
export function explainRefusal(failure: Failure, { role, claims, env, chaining = false }: Asked): string {
  const { name, code, message } = failure
  const unasked = code !== undefined || isWithoutKeys(failure)
  const what = unasked ? 'AWS was not asked' : 'AWS refused'
  const whom = role === undefined ? '' : !unasked ? ` the role ${role}` : ` for the role ${role}`
  const advice = isWithoutKeys(failure) ? adviceOnMachine(env, chaining) : adviceOnSts(failure)
  const denied = /AccessDenied/.test(name)
  const hints = [
    ...(advice === undefined ? [] : [advice]),
    ...(denied ? hintsOnDenial(claims, !chaining && hasNoToken(env)) : []),
  ]
  return [
    `${what}${whom}: ${message} (${code ?? name})`,
    ...(claims === undefined || isOutOfReach(failure) ? [] : listClaims(claims)),
    ...hints.map(hint => `Likely: ${hint}`),
    ...(denied && claims !== undefined ? conditionFor(claims) : []),
  ].join('\n')
}

/** No answer came, or none about us: then the claims are nobody's fault. */
const isOutOfReach = ({ code, status }: Failure): boolean =>
  code !== undefined || (status !== undefined && status >= 500)

const shown = ['iss', 'aud', 'sub', 'ref', 'environment', 'event_name', 'job_workflow_ref'] as const

const listClaims = (claims: Claims): string[] =>
  shown.flatMap(name => {
    const value = claims[name]
    return value === undefined ? [] : [`  ${name.padEnd(17)}${[value].flat().join(', ')}`]
  })

function hintsOnDenial(claims: Claims | undefined, isMissingToken: boolean): string[] {
  if (claims === undefined) return [...(isMissingToken ? [withoutToken] : []), byKeys]
  const special = kinds.filter(({ fits }) => fits(claims)).map(({ hint }) => hint(claims))
  return [...special.slice(0, 2), general]
}

/** A job that was not allowed an ID token, so that other credentials were used in its place. */
const hasNoToken = (env: Asked['env']): boolean => env.GITHUB_ACTIONS === 'true' && findTokenSource(env) === undefined

const withoutToken =
  'the job was to use an ID token, and may not ask for one: add to it permissions: { id-token: write, contents: read }. The credentials of the machine were used in its place.'

const byKeys = "the role's trust policy does not name this identity, asks for an external id, or there is no such role."

const general =
  "the role's trust policy asks for another sub or aud, names the identity provider of another account, asks for a claim that AWS does not see (repository_owner_id, event_name), or there is no such role."

interface Kind {
  fits(claims: Claims): boolean
  hint(claims: Claims): string
}

/** What about a job makes its claims other than most trust policies expect, the likeliest first. */
const kinds: readonly Kind[] = [
  {
    fits: ({ aud }) => !/^sts\.amazonaws\.com(\.cn)?$/.test([aud].flat().join(' ')),
    hint: ({ aud }) => `the audience is ${[aud].flat().join(', ')}; most policies ask for sts.amazonaws.com.`,
  },
  {
    fits: ({ sub }) => /^repo:[^:]*@\d+\/[^:]*@\d+:/.test(sub),
    hint: () =>
      'the repository has the immutable form of sub, with ids (since July 2026): a policy with the old form does not match it.',
  },
  {
    fits: ({ sub }) => sub.includes(':environment:'),
    hint: ({ environment }) => `the job runs in the environment ${environment}, so sub names it and not the branch.`,
  },
  {
    fits: ({ sub }) => sub.endsWith(':pull_request'),
    hint: () => 'this is a pull request: its sub ends in :pull_request, which a policy for a branch does not match.',
  },
  {
    fits: ({ job_workflow_ref: job, workflow_ref: started }) => job !== undefined && job !== started,
    hint: () => 'the job is of a reusable workflow: a policy that pins job_workflow_ref must name that one.',
  },
]

function conditionFor({ iss, aud, sub }: Claims): string[] {
  const issuer = iss.replace(/^https:\/\//, '')
  const condition = { StringEquals: { [`${issuer}:aud`]: [aud].flat()[0], [`${issuer}:sub`]: sub } }
  const lines = JSON.stringify({ Condition: condition }, undefined, 2).split('\n').slice(1, -1)
  return ['A condition for the trust policy that this job meets:', ...lines]
}
