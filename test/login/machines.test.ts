import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { text } from '../pipeline-e2e/support/text.ts'
import { type Cloud, ciRole, openCloud } from '../support/aws/cloud.ts'
import type { Keys } from '../support/aws/keyring.ts'
import { openContainer, openInstance } from '../support/aws/metadata.ts'
import { allow } from '../support/aws/policy.ts'
import type { Call } from '../support/aws/server.ts'
import { east, role } from './support/hosts.ts'
import { authsOf, type Ended, openJob } from './support/job.ts'

let cloud: Cloud
let keys: Keys
let folder: string
let log: Call[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'login-machine-'))
  cloud = await openCloud({
    roles: [{ ...ciRole, policy: allow('ecr:*') }, { ...runner, policy: allow('ecr:*', 'sts:*') }, deploy],
  })
  keys = cloud.sts.keyring.issue(
    {
      partition: 'aws',
      account: '123456789012',
      arn: 'arn:aws:sts::123456789012:assumed-role/runner/i-0123456789abcdef0',
      names: ['arn:aws:sts::123456789012:assumed-role/runner/i-0123456789abcdef0', runner.arn],
      userId: 'AROARUNNER:i-0123456789abcdef0',
      policies: [allow('ecr:*', 'sts:*')],
    },
    3600,
  )
  log = []
})
afterEach(async () => {
  await cloud[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const runner = { ...ciRole, arn: 'arn:aws:iam::123456789012:role/runner' }
const deploy = {
  arn: 'arn:aws:iam::123456789012:role/deploy',
  trust: {
    Version: '2012-10-17' as const,
    Statement: { Effect: 'Allow' as const, Principal: { AWS: runner.arn }, Action: 'sts:AssumeRole' },
  },
  policy: allow('ecr:*'),
}

/** A login without an ID token, so that only the machine says who it is. */
async function login(env: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>> = {}) {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...rest } = cloud.env
  await using job = await openJob({ ...rest, ...env })
  const ended = await job.login({ with: { registries: east, ...inputs } })
  return { ended, auths: ended.exitCode === 0 ? await authsOf(ended) : {} }
}

const asked = () => log.map(({ action, status }) => `${action} ${status}`)
const said = ({ stdout }: Ended): string => stdout.replaceAll(/^::add-mask::.*\n/gm, '')
const loggedIn = { [east]: 'AWS:PASSWORD' }

describe('on an EC2 instance', () => {
  it('its role logs in, by a token that version 2 asks for', async () => {
    await using instance = await openInstance({ keys, log })
    const { ended, auths } = await login(instance.env)
    expect([said(ended), ended.stderr, auths]).toEqual([expect.stringMatching(/^Logged in to /), '', loggedIn])
    expect(ended.outputs).toMatchObject({ 'role-arn': '', 'authenticated-arn': keys.principal.arn })
    expect(asked()).toEqual([
      'PUT /latest/api/token 200',
      'GET /latest/meta-data/iam/security-credentials/ 200',
      'GET /latest/meta-data/iam/security-credentials/runner 200',
    ])
    expect(cloud.calls()).toEqual(['sts GetCallerIdentity 200', 'ecr GetAuthorizationToken 200'])
    expect(ended.raw.startsWith(`::add-mask::${keys.secretAccessKey}\n::add-mask::${keys.sessionToken}\n`)).toBe(true)
  })

  it('its role assumes another', async () => {
    await using instance = await openInstance({ keys, log })
    const { ended, auths } = await login(instance.env, { 'role-to-assume': deploy.arn, 'role-chaining': 'true' })
    expect([ended.outputs['role-arn'], auths]).toEqual([deploy.arn, loggedIn])
    expect(cloud.calls()).toEqual(['sts AssumeRole 200', 'ecr GetAuthorizationToken 200'])
  })

  it('from a container, which the answer to the token does not reach: what to do is said', async () => {
    await using instance = await openInstance({ keys, log })
    using _ = instance.fault({ action: 'PUT /latest/api/token', answer: 'hang', times: 20 })
    const { ended } = await login(instance.env)
    expect(ended.exitCode).toBe(1)
    expect(said(ended)).toBe(text`
      ::error::AWS was not asked: Could not load credentials from any providers (CredentialsProviderError)
      Likely: there are no AWS credentials here: give role-to-assume with permissions: id-token: write, or set AWS_ACCESS_KEY_ID. An instance of EC2 needs a role, and for a job in a container a hop limit of 2 (modify-instance-metadata-options).
    `)
    expect(cloud.calls()).toEqual([])
  })
})

describe('in a container of ECS or EKS', () => {
  const open = async (token: string, written = token) => {
    const file = join(folder, 'token')
    await writeFile(file, written)
    const container = await openContainer({ keys, log, token })
    return { container, env: { ...container.env, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file } }
  }

  it('one that never gives them does not keep the job: it ends after the deadline', async () => {
    const { container, env } = await open('eyJ-of-the-pod')
    await using _ = container
    using __ = container.fault({ answer: 'hang', times: 100 })
    const { ended } = await login(env, { 'action-timeout-s': '1' })
    expect([ended.exitCode, said(ended).split('\n')[0]]).toEqual([
      1,
      '::error::The login did not end within 1 s; last seen: no answer yet',
    ])
  }, 20_000)

  it('its role logs in, with the token of the file', async () => {
    const { container, env } = await open('eyJ-of-the-pod')
    await using _ = container
    const { ended, auths } = await login(env)
    expect([ended.exitCode, auths, ended.outputs['authenticated-arn']]).toEqual([0, loggedIn, keys.principal.arn])
    expect(asked()).toEqual(['GET /v1/credentials 200'])
    expect(cloud.calls()).toEqual(['sts GetCallerIdentity 200', 'ecr GetAuthorizationToken 200'])
  })

  it('a token of another container', async () => {
    const { container, env } = await open('eyJ-of-the-pod', 'eyJ-of-another')
    await using _ = container
    const { ended } = await login(env)
    expect(ended.exitCode).toBe(1)
    expect(said(ended)).toBe(text`
      ::error::AWS was not asked: Could not load credentials from any providers (CredentialsProviderError)
      Likely: the container has a place for its credentials, which gave none: look at the role of the task or the pod, and at AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.
    `)
    expect(said(ended)).not.toContain('eyJ')
  })
})

describe('in a pod of EKS with a web identity', () => {
  const open = async (token: string) => {
    const file = join(folder, 'token')
    await writeFile(file, token)
    await chmod(file, 0o400)
    return { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: role, AWS_REGION: 'us-east-1' }
  }

  it('the role of its service account logs in', async () => {
    const { ended, auths } = await login(await open(cloud.oidc.mint({ aud: 'sts.amazonaws.com' })))
    expect([said(ended), auths]).toEqual([expect.stringMatching(/^Logged in to /), loggedIn])
    expect(ended.outputs['authenticated-arn']).toMatch(/^arn:aws:sts::123456789012:assumed-role\/ci\//)
    expect(cloud.calls()).toEqual([
      'sts AssumeRoleWithWebIdentity 200',
      'sts GetCallerIdentity 200',
      'ecr GetAuthorizationToken 200',
    ])
  })

  it('a token that is over', async () => {
    const { ended } = await login(await open(cloud.oidc.mint({ aud: 'sts.amazonaws.com', exp: 1 })))
    expect(ended.exitCode).toBe(1)
    expect(said(ended).replace(/time \d+/, 'time NOW')).toBe(text`
      Ask who we are: ExpiredTokenException (token not accepted); again in T
      ::error::AWS refused: Token expired: current date/time NOW must be before the expiration date/time1 (ExpiredTokenException)
      Likely: AWS took the token for too old, also one asked for anew; the keys of an earlier step, or the token of a pod (AWS_WEB_IDENTITY_TOKEN_FILE), may be over.
    `)
  })
})
