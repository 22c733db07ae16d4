import {
  CreateRepositoryCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  ListTagsForResourceCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  paginateDescribeRepositories,
  TagResourceCommand,
} from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ecrClient, refusal, stsCalls } from './calling.ts'
import { type Cloud, openCloud } from './cloud.ts'
import type { Keys } from './keyring.ts'

const account = '123456789012'
const arn = (name: string) => `arn:aws:ecr:us-east-1:${account}:repository/${name}`

let cloud: Cloud
let keys: Keys
beforeAll(async () => {
  cloud = await openCloud({ pageSize: 2 })
  keys = await stsCalls(cloud).login()
})
afterAll(() => cloud[Symbol.asyncDispose]())

const clientOf = () => ecrClient(cloud, keys)
const create = (repositoryName: string, more: object = {}) =>
  clientOf().send(new CreateRepositoryCommand({ repositoryName, ...more }))

describe('repositories', () => {
  it('are made once, as they are asked for', async () => {
    const { repository } = await create('acme/new', {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'buildcache*' }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/ecr' },
      tags: [{ Key: 'team', Value: 'web' }],
    })
    expect(repository).toEqual({
      repositoryArn: arn('acme/new'),
      registryId: account,
      repositoryName: 'acme/new',
      repositoryUri: `${account}.dkr.ecr.us-east-1.amazonaws.com/acme/new`,
      createdAt: expect.any(Date),
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'buildcache*' }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/ecr' },
    })
    const sentence = `The repository with name 'acme/new' already exists in the registry with id '${account}'`
    expect(await refusal(create('acme/new'))).toEqual(['RepositoryAlreadyExistsException', 400, sentence])
    await clientOf().send(
      new TagResourceCommand({ resourceArn: arn('acme/new'), tags: [{ Key: 'stage', Value: 'test' }] }),
    )
    const { tags } = await clientOf().send(new ListTagsForResourceCommand({ resourceArn: arn('acme/new') }))
    expect(tags).toEqual([
      { Key: 'team', Value: 'web' },
      { Key: 'stage', Value: 'test' },
    ])
    await clientOf().send(
      new PutImageTagMutabilityCommand({ repositoryName: 'acme/new', imageTagMutability: 'MUTABLE' }),
    )
    expect(cloud.ecr.registry(account, 'us-east-1').get('acme/new').imageTagMutability).toBe('MUTABLE')
  })

  it('are told page by page, or by name', async () => {
    for (const name of ['page/a', 'page/b', 'page/c', 'page/d']) await create(name)
    const pages: (string | undefined)[][] = []
    for await (const { repositories = [] } of paginateDescribeRepositories({ client: clientOf() }, {})) {
      pages.push(repositories.map(({ repositoryName }) => repositoryName))
    }
    expect(pages.map(page => page.length)).toEqual([2, 2, 1])
    expect(pages.flat()).toEqual(['acme/new', 'page/a', 'page/b', 'page/c', 'page/d'])
    const unknown = clientOf().send(new DescribeRepositoriesCommand({ repositoryNames: ['page/a', 'page/x'] }))
    const sentence = `The repository with name 'page/x' does not exist in the registry with id '${account}'`
    expect(await refusal(unknown)).toEqual(['RepositoryNotFoundException', 400, sentence])
    const odd = clientOf().send(new DescribeRepositoriesCommand({ nextToken: 'odd' }))
    expect((await refusal(odd))[0]).toBe('InvalidParameterException')
    expect((await clientOf().send(new DescribeRegistryCommand({}))).registryId).toBe(account)
  })

  it('have a lifecycle policy, when it is one', async () => {
    await create('acme/short')
    const name = { repositoryName: 'acme/short' }
    const none = await refusal(clientOf().send(new GetLifecyclePolicyCommand(name)))
    const where = `for the repository with name 'acme/short' in the registry with id '${account}'`
    expect(none).toEqual(['LifecyclePolicyNotFoundException', 400, `Lifecycle policy does not exist ${where}`])
    const selection = { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 }
    const rule = { rulePriority: 1, selection, action: { type: 'expire' } }
    const put = (policy: object) =>
      clientOf().send(new PutLifecyclePolicyCommand({ ...name, lifecyclePolicyText: JSON.stringify(policy) }))
    await put({ rules: [rule] })
    const { lifecyclePolicyText = '' } = await clientOf().send(new GetLifecyclePolicyCommand(name))
    expect(JSON.parse(lifecyclePolicyText)).toEqual({ rules: [rule] })
    expect(await refusal(put({ rules: [rule, rule] }))).toEqual([
      'InvalidParameterException',
      400,
      expect.stringContaining('priorities must be unique'),
    ])
    expect(await refusal(put({}))).toEqual([
      'InvalidParameterException',
      400,
      expect.stringContaining('lifecyclePolicyText'),
    ])
  })

  it.each([
    ['Acme/Web', {}, 'repositoryName'],
    ['a', {}, 'repositoryName'],
    ['acme//web', {}, 'repositoryName'],
    ['acme/web', { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }, 'imageTagMutabilityExclusionFilters'],
    ['acme/web', { imageTagMutability: 'FROZEN' }, 'imageTagMutability'],
    ['acme/web', { registryId: '123' }, 'registryId'],
  ])('are not made from %s with %j', async (name, more, parameter) => {
    const sentence = expect.stringContaining(`Invalid parameter at '${parameter}' failed to satisfy constraint: '`)
    expect(await refusal(create(name, more))).toEqual(['InvalidParameterException', 400, sentence])
  })
})
