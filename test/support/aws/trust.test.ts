import { describe, expect, it } from '@jest/globals'
import { defaultJob, describeJob, type Job } from '../oidc/claims.ts'
import { trustGitHub } from './cloud.ts'
import type { Conditions } from './conditions.ts'
import { allow, type PolicyDocument, type Statement } from './policy.ts'
import { enrol } from './role.ts'
import { trustsIdentity } from './trust.ts'

const host = 'token.actions.githubusercontent.com'
const provider = `arn:aws:iam::123456789012:oidc-provider/${host}`
const statement = (Condition: Conditions, more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: provider },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition,
  ...more,
})
const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })
const like = (claims: Record<string, string | string[]>): PolicyDocument =>
  policy(statement({ StringLike: Object.fromEntries(Object.entries(claims).map(([k, v]) => [`${host}:${k}`, v])) }))

const jobs = {
  main: {},
  feature: { ref: 'refs/heads/feature' },
  tag: { ref: 'refs/tags/v1' },
  pull: { event: 'pull_request', ref: 'refs/pull/7/merge' },
  production: { environment: 'production' },
  immutable: { immutable: true },
  reused: { jobWorkflowRef: 'acme/shared/.github/workflows/ship.yml@refs/tags/v3' },
  custom: { subjectKeys: ['repo', 'context', 'job_workflow_ref'] },
  other: { repository: 'acme/website' },
} as const satisfies Record<string, Partial<Job>>

const trusts = (trust: PolicyDocument, job: Partial<Job>, audience = 'sts.amazonaws.com'): boolean => {
  const claims = describeJob({ ...defaultJob, ...job }, audience, { now: 1_800_000_000, lifetime: 300 })
  const typed = { ...claims, iss: `https://${host}`, aud: audience, sub: String(claims.sub), exp: 0, iat: 0 }
  return trustsIdentity(enrol({ arn: 'arn:aws:iam::123456789012:role/ci', trust }), typed, 'session')
}

/** Each policy, and the jobs it trusts: no others. */
const table: readonly (readonly [string, PolicyDocument, readonly (keyof typeof jobs)[]])[] = [
  ['the main branch', trustGitHub('repo:acme/web:ref:refs/heads/main'), ['main', 'reused']],
  ['any branch', trustGitHub('repo:acme/web:ref:refs/heads/*'), ['main', 'feature', 'reused', 'custom']],
  [
    'anything of the repository',
    trustGitHub('repo:acme/web:*'),
    ['main', 'feature', 'tag', 'pull', 'production', 'reused', 'custom'],
  ],
  [
    'tags or an environment',
    trustGitHub(['repo:acme/web:ref:refs/tags/v?', 'repo:acme/web:environment:production']),
    ['tag', 'production'],
  ],
  ['pull requests', trustGitHub('repo:acme/web:pull_request'), ['pull']],
  ['the immutable form', trustGitHub('repo:acme@123456/web@789012:ref:refs/heads/main'), ['immutable']],
  [
    'both forms',
    trustGitHub(['repo:acme/web:ref:refs/heads/main', 'repo:acme@123456/web@789012:ref:refs/heads/main']),
    ['main', 'immutable', 'reused'],
  ],
  [
    'a wildcard over the owner',
    trustGitHub('repo:*/web*:ref:refs/heads/main'),
    ['main', 'immutable', 'reused', 'other'],
  ],
  ['a customised subject', trustGitHub('repo:acme/web:*:job_workflow_ref:acme/web/*'), ['custom']],
  ['another audience', trustGitHub('repo:acme/web:*', { audience: 'https://github.com/acme' }), []],
  ["another account's provider", trustGitHub('repo:*', { account: '210987654321' }), []],
  ['another case', trustGitHub('repo:Acme/web:*'), []],
  [
    'a wildcard where none is looked for',
    policy(statement({ StringEquals: { [`${host}:sub`]: 'repo:acme/web:*' } })),
    [],
  ],
  [
    'the reusable workflow',
    like({ job_workflow_ref: 'acme/shared/.github/workflows/ship.yml@refs/tags/*' }),
    ['reused'],
  ],
  [
    'the repository by its id',
    like({ repository_id: '789012', ref: 'refs/heads/main' }),
    ['main', 'immutable', 'production', 'reused', 'custom', 'other'],
  ],
  ['a key that AWS does not see', like({ repository_owner_id: '123456' }), []],
  ['a claim of another provider', policy(statement({ StringLike: { 'gitlab.com:sub': '*' } })), []],
  [
    'a key in another case',
    policy(statement({ StringEquals: { [`${host.toUpperCase()}:environment`]: 'production' } })),
    ['production'],
  ],
  [
    'every value, of none',
    policy(statement({ 'ForAllValues:StringEquals': { [`${host}:environment`]: 'production' } })),
    without('none'),
  ],
  [
    'any value, of none',
    policy(statement({ 'ForAnyValue:StringEquals': { [`${host}:environment`]: ['staging', 'production'] } })),
    ['production'],
  ],
  [
    'if it is there',
    policy(statement({ StringEqualsIfExists: { [`${host}:environment`]: 'staging' } })),
    without('production'),
  ],
  ['if it is not there', policy(statement({ Null: { [`${host}:environment`]: 'true' } })), without('production')],
  [
    'all but pull requests',
    policy(statement({ StringNotLike: { [`${host}:sub`]: '*:pull_request' } })),
    without('pull'),
  ],
  [
    'one statement or another',
    policy(
      statement({ StringLike: { [`${host}:sub`]: '*:ref:refs/tags/*' } }),
      statement({ StringLike: { [`${host}:sub`]: '*:pull_request' } }),
    ),
    ['tag', 'pull'],
  ],
  [
    'a denial that wins',
    policy(statement({}), statement({ StringLike: { [`${host}:ref`]: 'refs/heads/*' } }, { Effect: 'Deny' })),
    ['tag', 'pull'],
  ],
  [
    'both operators at once',
    policy(
      statement({
        StringEquals: { [`${host}:ref`]: 'refs/heads/main' },
        StringLike: { [`${host}:sub`]: '*:environment:*' },
      }),
    ),
    ['production'],
  ],
  ['another action', policy(statement({}, { Action: 'sts:AssumeRole' })), []],
  ['any action of sts', policy(statement({}, { Action: 'sts:*' })), without('none')],
  ['any AWS principal', policy(statement({}, { Principal: { AWS: '*' } })), []],
  ['a session name', policy(statement({ StringEquals: { 'sts:RoleSessionName': 'other' } })), []],
]

function without(left: keyof typeof jobs | 'none'): readonly (keyof typeof jobs)[] {
  return (Object.keys(jobs) as (keyof typeof jobs)[]).filter(name => name !== left)
}

describe('a trust policy', () => {
  it.each(table)('with %s', (_, trust, trusted) => {
    const seen = Object.entries(jobs).filter(([, job]) => trusts(trust, job))
    expect(seen.map(([name]) => name).sort()).toEqual([...trusted].sort())
  })

  it('is not judged by guess', () => {
    const odd = policy(statement({ NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } }))
    expect(() => enrol({ arn: 'arn:aws:iam::123456789012:role/ci', trust: odd })).toThrow('NumericLessThan')
    expect(() => enrol({ arn: 'arn:aws:iam::123456789012:role/ci', trust: allow('*') })).toThrow('principal')
    expect(() => enrol({ arn: 'ci', trust: odd })).toThrow("ci is no role's ARN")
  })
})
