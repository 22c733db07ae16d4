import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { text } from '../pipeline-e2e/support/text.ts'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { east, other, role, west } from './support/hosts.ts'
import { authsOf, openJob } from './support/job.ts'

let cloud: Cloud
let seen = 0
beforeAll(async () => {
  const west = { account: '123456789012', region: 'eu-west-1' }
  cloud = await openCloud({ registries: [west] })
})
afterAll(() => cloud[Symbol.asyncDispose]())
const newCalls = (): readonly string[] => {
  const calls = cloud.calls().slice(seen)
  seen += calls.length
  return calls
}

describe('a login that goes well', () => {
  it('OIDC, STS, ECR: three calls, all that is secret masked before anything is said', async () => {
    await using job = await openJob(cloud.env)
    const ended = await job.login({ with: { registries: east, 'role-to-assume': role } })
    expect(ended.stdout).toBe(text`
      ::add-mask::BEARER
      ::add-mask::ID TOKEN
      ::add-mask::SECRET KEY
      ::add-mask::SESSION TOKEN
      ::add-mask::ECR PASSWORD
      ::add-mask::AUTHORIZATION
      Logged in to 123456789012.dkr.ecr.us-east-1.amazonaws.com for the steps that follow
    `)
    expect([ended.exitCode, ended.stderr]).toEqual([0, ''])
    expect(newCalls()).toEqual(['oidc token 200', 'sts AssumeRoleWithWebIdentity 200', 'ecr GetAuthorizationToken 200'])
    const { 'expires-at': end = '', 'docker-config': folder = '', ...outputs } = ended.outputs
    expect(outputs).toEqual({
      registry: east,
      registries: `["${east}"]`,
      'aws-account-id': '123456789012',
      'role-arn': 'arn:aws:iam::123456789012:role/ci',
      'authenticated-arn': 'arn:aws:sts::123456789012:assumed-role/ci/GitHubActions-9876543210-2',
    })
    expect(Date.parse(end)).toBeGreaterThan(Date.now() + 11 * 3600_000)
    expect(ended.exported).toEqual({ DOCKER_CONFIG: folder, BUILDX_CONFIG: join(job.home, '.docker/buildx') })
    expect(await authsOf(ended)).toEqual({ [east]: 'AWS:PASSWORD' })
    expect([(await stat(folder)).mode & 0o777, (await stat(join(folder, 'config.json'))).mode & 0o777]).toEqual([
      0o700, 0o600,
    ])
  })

  it.each<{ title: string; registries: readonly string[]; calls: readonly string[] }>([
    {
      title: 'several accounts in one region cost one call',
      registries: [east, other],
      calls: ['ecr GetAuthorizationToken 200'],
    },
    {
      title: 'several regions cost one call each',
      registries: [east, west, other],
      calls: ['ecr GetAuthorizationToken 200', 'ecr GetAuthorizationToken 200'],
    },
    {
      title: 'private and public in one step',
      registries: [east, 'public.ecr.aws'],
      calls: ['ecr GetAuthorizationToken 200', 'ecr-public GetAuthorizationToken 200'],
    },
  ])('$title', async ({ registries, calls }) => {
    await using job = await openJob(cloud.env)
    const ended = await job.login({ with: { registries: registries.join('\n'), 'role-to-assume': role } })
    expect(newCalls().slice(2).toSorted()).toEqual(calls)
    expect(await authsOf(ended)).toEqual(Object.fromEntries(registries.map(host => [host, 'AWS:PASSWORD'])))
    expect(JSON.parse(ended.outputs.registries ?? '')).toEqual(registries)
  })

  it('a registry with user name and password beside ECR: its password is masked before AWS is asked', async () => {
    await using job = await openJob(cloud.env)
    const given = {
      registries: `${east}\nghcr.io`,
      'role-to-assume': role,
      username: 'octocat',
      password: 'ghs_s3cret',
    }
    const ended = await job.login({ with: given })
    expect(ended.stdout.split('\n').slice(0, 3)).toEqual([
      '::add-mask::ghs_s3cret',
      `::add-mask::${Buffer.from('octocat:ghs_s3cret').toString('base64')}`,
      '::add-mask::BEARER',
    ])
    expect(await authsOf(ended)).toEqual({ [east]: 'AWS:PASSWORD', 'ghcr.io': 'octocat:ghs_s3cret' })
    newCalls()
  })

  it('Docker Hub alone asks nobody', async () => {
    await using job = await openJob(cloud.env)
    const ended = await job.login({ with: { registries: 'docker.io', username: 'octocat', password: 'dckr_s3cret' } })
    expect([ended.exitCode, newCalls(), await authsOf(ended)]).toEqual([
      0,
      [],
      { 'https://index.docker.io/v1/': 'octocat:dckr_s3cret' },
    ])
  })

  it('a session name that AWS would not take is made one, with a notice', async () => {
    await using job = await openJob(cloud.env)
    const given = { registries: east, 'role-to-assume': role, 'role-session-name': 'dependabot[bot]/a b' }
    const { stdout, outputs } = await job.login({ with: given })
    expect(stdout.split('\n')).toContain(
      'role-session-name: dependabot[bot]/a b is not what AWS takes; it is dependabot-bot--a-b now',
    )
    expect(outputs['authenticated-arn']).toBe('arn:aws:sts::123456789012:assumed-role/ci/dependabot-bot--a-b')
    newCalls()
  })

  it('export-credentials gives the keys to later steps, masked first; the post step empties them, and gives the region back', async () => {
    await using job = await openJob(cloud.env)
    const given = { registries: east, 'role-to-assume': role, 'export-credentials': 'true' }
    const ended = await job.login({ with: given, env: { AWS_REGION: 'eu-central-1' } })
    const {
      AWS_ACCESS_KEY_ID: id = '',
      AWS_SECRET_ACCESS_KEY: key = '',
      AWS_SESSION_TOKEN: token = '',
    } = ended.exported
    expect(ended.exported).toMatchObject({ AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' })
    expect(Date.parse(ended.outputs['expires-at'] ?? '')).toBeLessThanOrEqual(Date.now() + 3600_000)
    for (const secret of [id, key, token]) expect(ended.raw).toContain(`::add-mask::${secret}\n`)
    const after = await job.post(ended, ended.exported)
    expect(after.exported).toEqual({
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SESSION_TOKEN: '',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: '',
      DOCKER_CONFIG: '',
      BUILDX_CONFIG: '',
    })
    await expect(readFile(join(ended.outputs['docker-config'] ?? '', 'config.json'))).rejects.toThrow('ENOENT')
    newCalls()
  })
})
