import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { PrivateHost } from '../../src/aws/registry-host.ts'
import { ensureRepository } from '../../src/aws/repository.ts'
import type { RepositoryWish } from '../../src/aws/repository-wish.ts'
import type { OutsideError } from '../../src/errors.ts'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { allow } from '../support/aws/policy.ts'

const host: PrivateHost = {
  kind: 'ecr',
  host: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
  account: '123456789012',
  region: 'us-east-1',
  partition: 'aws',
  fips: false,
  dualStack: false,
}
const policy = (count: number): string =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: count },
        action: { type: 'expire' },
      },
    ],
  })
const plain: RepositoryWish = {
  name: 'acme/web',
  immutable: false,
  scanOnPush: false,
  lifecycle: undefined,
  kmsKey: undefined,
  tags: {},
}
const whole: RepositoryWish = {
  ...plain,
  immutable: true,
  scanOnPush: true,
  lifecycle: policy(50),
  tags: { team: 'web' },
}

let cloud: Cloud
beforeEach(async () => {
  cloud = await openCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

async function ensure(wish: RepositoryWish, actions: readonly string[] = ['ecr:*']) {
  const said: string[] = []
  const credentials = cloud.sts.addUser({ account: host.account, name: 'ci', policy: allow(...actions) })
  const identity = { account: host.account, arn: '', region: host.region, credentials, assumed: true }
  const around = { env: cloud.env, signal: new AbortController().signal, say: (line: string) => void said.push(line) }
  const before = Object.entries(process.env)
  Object.assign(process.env, cloud.env)
  try {
    return { end: await ensureRepository(wish, { host, identity }, around), said }
  } finally {
    for (const name of Object.keys(cloud.env)) delete process.env[name]
    Object.assign(process.env, Object.fromEntries(before))
  }
}

describe('a repository', () => {
  it('that is missing is made with all that was asked', async () => {
    expect(await ensure(whole)).toEqual({ end: 'made', said: ['Made the repository acme/web'] })
    const made = cloud.ecr.registry(host.account, host.region).list()
    expect(made).toMatchObject([{ repositoryName: 'acme/web', imageTagMutability: 'IMMUTABLE' }])
    expect(cloud.calls()).toEqual(['ecr CreateRepository 200', 'ecr PutLifecyclePolicy 200'])
  })

  it('that is there as it would be made: nothing is said', async () => {
    await ensure(whole)
    expect(await ensure(whole)).toEqual({ end: 'was there', said: [] })
  })

  it('that is there and other: each difference is said, nothing is changed', async () => {
    await ensure(plain)
    const there = 'The repository acme/web is there and stays as it is:'
    expect(await ensure(whole)).toEqual({
      end: 'was there',
      said: [
        `${there} its tags are MUTABLE, asked for is IMMUTABLE`,
        `${there} scan on push is off`,
        `${there} its lifecycle policy is another`,
        `${there} its tag team is another`,
      ],
    })
    expect(await ensure(plain)).toEqual({ end: 'was there', said: [] })
  })

  it('without the right to make it', async () => {
    const refused = await ensure(plain, ['ecr:GetAuthorizationToken']).catch((error: OutsideError) => error.message)
    expect(refused).toBe(
      'create-repository: acme/web in 123456789012.dkr.ecr.us-east-1.amazonaws.com: User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ecr:CreateRepository on resource: arn:aws:ecr:us-east-1:123456789012:repository/acme/web because no identity-based policy allows the ecr:CreateRepository action (AccessDeniedException)\nAllow the role on it: ecr:CreateRepository, ecr:DescribeRepositories, ecr:GetLifecyclePolicy, ecr:PutLifecyclePolicy, ecr:ListTagsForResource and ecr:TagResource.',
    )
  })
})
