import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { text } from '../pipeline-e2e/support/text.ts'
import { type Cloud, ciRole, openCloud, trustGitHub } from '../support/aws/cloud.ts'
import { allow } from '../support/aws/policy.ts'
import { east, role } from './support/hosts.ts'
import { type Ended, openJob } from './support/job.ts'

let cloud: Cloud
beforeEach(async () => {
  const shut = { ...ciRole, arn: `${role}-release`, trust: trustGitHub('repo:acme/web:environment:release') }
  const powerless = { ...ciRole, arn: `${role}-powerless`, policy: allow('s3:*') }
  cloud = await openCloud({ roles: [ciRole, shut, powerless] })
})
afterEach(() => cloud[Symbol.asyncDispose]())

async function login(inputs: Readonly<Record<string, string>>, env = {}): Promise<Ended> {
  await using job = await openJob({ ...cloud.env, ...env })
  return await job.login({ with: { registries: east, ...inputs } })
}

/** What was said after the masks. */
const said = ({ stdout }: Ended): string => stdout.replaceAll(/^::add-mask::.*\n/gm, '')

describe('a refusal that stays', () => {
  it('a trust policy for another subject: two calls, the claims and a condition', async () => {
    const ended = await login({ 'role-to-assume': `${role}-release` })
    expect(said(ended)).toBe(text`
      Assume the role: AccessDenied (denied); again in T
      ::error::AWS refused the role arn:aws:iam::123456789012:role/ci-release: Not authorized to perform sts:AssumeRoleWithWebIdentity (AccessDenied)
        iss              https://token.actions.githubusercontent.com
        aud              sts.amazonaws.com
        sub              repo:acme/web:ref:refs/heads/main
        ref              refs/heads/main
        event_name       push
        job_workflow_ref acme/web/.github/workflows/main.yml@refs/heads/main
      Likely: the role's trust policy asks for another sub or aud, names the identity provider of another account, asks for a claim that AWS does not see (repository_owner_id, event_name), or there is no such role.
      A condition for the trust policy that this job meets:
        "Condition": {
          "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:acme/web:ref:refs/heads/main"
          }
        }
    `)
    expect([ended.exitCode, ended.outputs, ended.exported]).toEqual([1, {}, {}])
    expect(cloud.calls()).toEqual([
      'oidc token 200',
      'sts AssumeRoleWithWebIdentity 403 AccessDenied',
      'sts AssumeRoleWithWebIdentity 403 AccessDenied',
    ])
  })

  it('a role that may not log in to ECR', async () => {
    expect(said(await login({ 'role-to-assume': `${role}-powerless` }))).toBe(text`
      Log in to ECR in us-east-1: AccessDeniedException (denied); again in T
      ::error::Log in to ECR in us-east-1: User: arn:aws:sts::123456789012:assumed-role/ci-powerless/GitHubActions-9876543210-2 is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the ecr:GetAuthorizationToken action (AccessDeniedException)
      Likely: allow the role ecr:GetAuthorizationToken on "*".
    `)
  })

  it('an audience that the provider does not know: once more with a new token, then told', async () => {
    expect(said(await login({ 'role-to-assume': role, audience: 'https://github.com/acme' }))).toBe(text`
      Assume the role: InvalidIdentityTokenException (token not accepted); again in T
      ::error::AWS refused the role arn:aws:iam::123456789012:role/ci: Incorrect token audience (InvalidIdentityTokenException)
        iss              https://token.actions.githubusercontent.com
        aud              https://github.com/acme
        sub              repo:acme/web:ref:refs/heads/main
        ref              refs/heads/main
        event_name       push
        job_workflow_ref acme/web/.github/workflows/main.yml@refs/heads/main
      Likely: the audience is not one that the identity provider in IAM knows: add it there, or set audience.
    `)
    expect(cloud.calls().filter(call => call.startsWith('oidc'))).toHaveLength(2)
  })

  it('an account without the identity provider', async () => {
    const ended = await login({ 'role-to-assume': 'arn:aws:iam::999999999999:role/ci' })
    expect(said(ended)).toContain(
      'Likely: the account of the role has no identity provider for this issuer: make one in IAM, or see that the account is the right one.',
    )
  })

  it.each([
    ['region-disabled', 'Likely: STS is turned off for this region in the account: turn it on, or set aws-region.'],
    ['idp-rejected', 'Likely: the identity provider refused the token; it may have been revoked.'],
  ] as const)('%s: one call, and what to do', async (answer, hint) => {
    using _ = cloud.sts.fault({ answer, times: 100 })
    expect(said(await login({ 'role-to-assume': role }))).toContain(hint)
    expect(cloud.calls()).toHaveLength(2)
  })

  it('a session longer than the role allows', async () => {
    const ended = await login({ 'role-to-assume': role, 'role-duration-seconds': '43200' })
    expect(said(ended)).toContain("Likely: role-duration-seconds is more than the role's maximum session duration.")
    expect(cloud.calls()).toHaveLength(2)
  })
})

describe('keys', () => {
  const wrong = {
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  }

  it('that AWS does not know: one call, no wait', async () => {
    const ended = await login({}, wrong)
    expect(said(ended)).toBe(text`
      ::error::AWS refused: The security token included in the request is invalid. (InvalidClientTokenId)
      Likely: AWS does not know this access key: it may be deleted, inactive, or of another partition.
    `)
    expect(cloud.calls()).toEqual(['sts GetCallerIdentity 403 InvalidClientTokenId'])
  })

  it('with a wrong secret', async () => {
    const { accessKeyId } = cloud.sts.addUser({ account: '123456789012', name: 'ci', policy: allow('ecr:*') })
    const ended = await login({}, { ...wrong, AWS_ACCESS_KEY_ID: accessKeyId })
    expect(said(ended)).toContain(
      'Likely: the secret access key is mistyped, ends in a line end, or does not belong to the key id.',
    )
    expect(cloud.calls()).toEqual(['sts GetCallerIdentity 403 SignatureDoesNotMatch'])
  })
})
