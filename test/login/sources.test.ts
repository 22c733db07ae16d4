import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { text } from '../pipeline-e2e/support/text.ts'
import { type Cloud, ciRole, openCloud } from '../support/aws/cloud.ts'
import type { Keys } from '../support/aws/keyring.ts'
import { allow } from '../support/aws/policy.ts'
import { openAsking } from './support/asking.ts'
import { east, role } from './support/hosts.ts'
import { authsOf, type Ended, openJob } from './support/job.ts'

const deploy = 'arn:aws:iam::210987654321:role/deploy'
let cloud: Cloud
let user: Keys
beforeEach(async () => {
  const trust = {
    Version: '2012-10-17' as const,
    Statement: {
      Effect: 'Allow' as const,
      Principal: { AWS: ['arn:aws:iam::123456789012:user/ci', role] },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': 'acme-7' } },
    },
  }
  cloud = await openCloud({
    roles: [
      { ...ciRole, policy: allow('ecr:*', 'sts:AssumeRole') },
      { arn: deploy, trust, policy: allow('ecr:*') },
    ],
    registries: [{ account: '210987654321', region: 'us-east-1' }],
  })
  user = cloud.sts.addUser({ account: '123456789012', name: 'ci', policy: allow('ecr:*', 'ecr-public:*', 'sts:*') })
})
afterEach(() => cloud[Symbol.asyncDispose]())

const environmentOf = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
})

async function login(inputs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) {
  await using job = await openJob({ ...cloud.env, ...env })
  const ended = await job.login({ with: { registries: east, ...inputs } })
  return { ended, auths: ended.exitCode === 0 ? await authsOf(ended) : {} }
}

const chained = { 'role-to-assume': deploy, 'role-chaining': 'true', 'role-external-id': 'acme-7' }

describe('other sources of an identity', () => {
  it('keys in the environment, without a role: two calls; the secret is masked', async () => {
    const { ended, auths } = await login({}, environmentOf(user))
    expect([ended.exitCode, auths]).toEqual([0, { [east]: 'AWS:PASSWORD' }])
    expect(ended.outputs).toMatchObject({ 'role-arn': '', 'authenticated-arn': 'arn:aws:iam::123456789012:user/ci' })
    expect(ended.raw.startsWith(`::add-mask::${user.secretAccessKey}\n`)).toBe(true)
    expect(cloud.calls()).toEqual(['sts GetCallerIdentity 200', 'ecr GetAuthorizationToken 200'])
  })

  it('keys of the machine for ECR, beside a password for another registry', async () => {
    await using hub = await openAsking({ users: { octocat: 'ghs_s3cret' } })
    const given = { registries: `${east}\n${hub.host}`, username: 'octocat', password: 'ghs_s3cret' }
    const { ended, auths } = await login(given, environmentOf(user))
    expect([ended.exitCode, auths]).toEqual([0, { [east]: 'AWS:PASSWORD', [hub.host]: 'octocat:ghs_s3cret' }])
    expect(cloud.calls()).toEqual(['sts GetCallerIdentity 200', 'ecr GetAuthorizationToken 200'])
  })

  it('an access key as user name and password, as docker/login-action takes it', async () => {
    const { ended, auths } = await login({ username: user.accessKeyId, password: user.secretAccessKey }, {})
    expect([ended.exitCode, auths]).toEqual([0, { [east]: 'AWS:PASSWORD' }])
    expect(ended.raw).toContain(`::add-mask::${user.secretAccessKey}\n`)
    expect(cloud.calls()).toEqual(['sts GetCallerIdentity 200', 'ecr GetAuthorizationToken 200'])
  })

  it('a job without a right to an ID token: it says that it goes on with the keys, and what is missing', async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...rest } = cloud.env
    await using job = await openJob({ ...rest, ...environmentOf(user) })
    const { stdout } = await job.login({ with: { registries: east, 'role-to-assume': role } })
    expect(stdout).toContain(
      'This job can not ask for an ID token: the role is assumed with the AWS credentials of the machine',
    )
    expect(stdout).toContain('add to it permissions: { id-token: write, contents: read }')
  })

  it.each([
    ['an empty region', { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' }, undefined],
    [
      'no region',
      { AWS_REGION: 'us east' },
      '::error::AWS_REGION: found "us east", expected a region such as eu-west-1',
    ],
  ])('%s in the environment', async (_, env, fault) => {
    const { ended } = await login({ registries: 'public.ecr.aws' }, { ...environmentOf(user), ...env })
    expect([ended.exitCode, fault && said(ended)]).toEqual([fault === undefined ? 0 : 1, fault])
  })

  it('a role by keys, with an external id', async () => {
    const { ended } = await login(chained, environmentOf(user))
    expect(ended.outputs).toMatchObject({ 'aws-account-id': '210987654321', 'role-arn': deploy })
    expect(cloud.calls()).toEqual(['sts AssumeRole 200', 'ecr GetAuthorizationToken 200'])
  })

  it('a role by the role of an earlier step', async () => {
    await using job = await openJob(cloud.env)
    const first = await job.login({ with: { registries: east, 'role-to-assume': role, 'export-credentials': 'true' } })
    const second = await job.login({ with: { registries: east, ...chained }, env: first.exported })
    expect(second.outputs).toMatchObject({ 'aws-account-id': '210987654321' })
  })

  it('by another role for longer than an hour: refused before anybody is asked', async () => {
    const session = { ...environmentOf(user), AWS_SESSION_TOKEN: 'IQoJ-of-an-earlier-step' }
    const { ended } = await login({ ...chained, 'role-duration-seconds': '7200' }, session)
    expect(said(ended)).toBe(
      '::error::role-duration-seconds: 7200, and a role that is assumed by another lasts 3600 at most',
    )
    expect(cloud.calls()).toEqual([])
  })

  it('the external id is wrong', async () => {
    const { ended } = await login({ ...chained, 'role-external-id': 'acme-8' }, environmentOf(user))
    expect(said(ended)).toBe(text`
      Assume the role: AccessDenied (denied); again in T
      ::error::AWS refused the role arn:aws:iam::210987654321:role/deploy: User: arn:aws:iam::123456789012:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/deploy (AccessDenied)
      Likely: the role's trust policy does not name this identity, asks for an external id, or there is no such role.
    `)
  })

  it('no keys anywhere', async () => {
    const { ended } = await login({}, { AWS_EC2_METADATA_DISABLED: 'true' })
    expect(said(ended)).toBe(text`
      ::error::AWS was not asked: Could not load credentials from any providers (CredentialsProviderError)
      Likely: there are no AWS credentials here: give role-to-assume with permissions: id-token: write, or set AWS_ACCESS_KEY_ID.
    `)
  })

  it('keys of an account that is not allowed are not used', async () => {
    const { ended } = await login({ 'allowed-account-ids': '210987654321' }, environmentOf(user))
    expect(said(ended)).toBe(
      '::error::allowed-account-ids: the AWS credentials are of account 123456789012, and allowed are 210987654321',
    )
    expect(cloud.calls()).toEqual(['sts GetCallerIdentity 200'])
  })

  it('an external id with an ID token is of no use, which is said', async () => {
    const { ended } = await login({ 'role-to-assume': role, 'role-external-id': 'acme-7' }, {})
    expect(ended.exitCode).toBe(0)
    expect(said(ended).split('\n')[0]).toBe(
      'role-external-id: not used, since an ID token has none; it goes with role-chaining',
    )
  })
})

const said = ({ stdout }: Ended): string => stdout.replaceAll(/^::add-mask::.*\n/gm, '')
