import { randomUUID } from 'node:crypto'
import { checkLifecyclePolicy, inputs, invalidParameter, readInput } from './inputs.ts'
import { unknownOperation } from './json.ts'
import { Refusal } from './refusal.ts'
import { describe, type Registry } from './registry.ts'
import { type Operation, onRepository, onResource, permit } from './scene.ts'
import { type Public, renderPublicToken, renderToken } from './token.ts'

/** The operations of ECR's API that are built here, by their names. */
export const operations: Readonly<Record<string, Operation>> = {
  GetAuthorizationToken(body, scene) {
    const { registryIds } = readInput(inputs.getAuthorizationToken, body)
    permit(scene, 'ecr:GetAuthorizationToken', '*')
    const token = renderToken(scene)
    return {
      authorizationData: (registryIds ?? [scene.caller.account]).map(id => {
        const { front, host } = scene.registry(id)
        return { ...token, proxyEndpoint: `${front ? 'http' : 'https'}://${host}` }
      }),
    }
  },

  DescribeRegistry(body, scene) {
    readInput(inputs.nothing, body)
    permit(scene, 'ecr:DescribeRegistry', '*')
    return { registryId: scene.caller.account, replicationConfiguration: { rules: [] } }
  },

  DescribeRepositories(body, scene) {
    const input = readInput(inputs.describeRepositories, body)
    const registry = scene.registry(input.registryId ?? scene.caller.account)
    for (const name of input.repositoryNames ?? ['*']) permit(scene, 'ecr:DescribeRepositories', registry.arnOf(name))
    if (input.repositoryNames) {
      return { repositories: input.repositoryNames.map(name => describe(registry, registry.get(name))) }
    }
    return describePage(registry, input.nextToken, input.maxResults ?? scene.pageSize)
  },

  CreateRepository(body, scene) {
    const { tags = [], ...input } = readInput(inputs.createRepository, body)
    const registry = scene.registry(input.registryId ?? scene.caller.account)
    const arn = registry.arnOf(input.repositoryName)
    permit(scene, 'ecr:CreateRepository', arn)
    if (tags.length > 0) permit(scene, 'ecr:TagResource', arn)
    if (registry.has(input.repositoryName)) {
      const where = `in the registry with id '${registry.account}'`
      throw new Refusal(
        'RepositoryAlreadyExistsException',
        `The repository with name '${input.repositoryName}' already exists ${where}`,
      )
    }
    const { registryId: _, imageTagMutabilityExclusionFilters: filters, encryptionConfiguration, ...rest } = input
    const { encryptionType = 'AES256', kmsKey } = encryptionConfiguration ?? {}
    const key = kmsKey ?? `arn:aws:kms:${scene.region}:${registry.account}:key/${randomUUID()}`
    registry.put({
      ...rest,
      ...(filters ? { imageTagMutabilityExclusionFilters: filters } : {}),
      createdAt: scene.now / 1000,
      imageScanningConfiguration: rest.imageScanningConfiguration ?? { scanOnPush: false },
      encryptionConfiguration: encryptionType === 'AES256' ? { encryptionType } : { encryptionType, kmsKey: key },
      tags: addTags({}, tags),
    })
    return { repository: describe(registry, registry.get(input.repositoryName)) }
  },

  PutImageTagMutability: onRepository('PutImageTagMutability', inputs.putImageTagMutability, (input, registry) => {
    const { imageTagMutabilityExclusionFilters: _, ...found } = registry.get(input.repositoryName)
    const { imageTagMutability, imageTagMutabilityExclusionFilters: filters } = input
    const change = { imageTagMutability, ...(filters ? { imageTagMutabilityExclusionFilters: filters } : {}) }
    registry.put({ ...found, ...change })
    return change
  }),

  PutLifecyclePolicy: onRepository('PutLifecyclePolicy', inputs.putLifecyclePolicy, (input, registry) => {
    const { repositoryName, lifecyclePolicyText } = input
    checkLifecyclePolicy(lifecyclePolicyText)
    registry.put({ ...registry.get(repositoryName), lifecyclePolicyText })
    return { lifecyclePolicyText }
  }),

  GetLifecyclePolicy: onRepository(
    'GetLifecyclePolicy',
    inputs.oneRepository,
    ({ repositoryName }, registry, { now }) => {
      const { lifecyclePolicyText } = registry.get(repositoryName)
      if (lifecyclePolicyText !== undefined) return { lifecyclePolicyText, lastEvaluatedAt: now / 1000 }
      const where = `for the repository with name '${repositoryName}' in the registry with id '${registry.account}'`
      throw new Refusal('LifecyclePolicyNotFoundException', `Lifecycle policy does not exist ${where}`)
    },
  ),

  TagResource: onResource('TagResource', inputs.tagResource, ({ tags }, registry, name) => {
    const repository = registry.get(name)
    registry.put({ ...repository, tags: addTags(repository.tags, tags) })
    return {}
  }),

  ListTagsForResource: onResource('ListTagsForResource', inputs.oneResource, (_, registry, name) => ({
    tags: Object.entries(registry.get(name).tags).map(([Key, Value]) => ({ Key, Value })),
  })),
}

/** ECR Public's one operation that is built here. */
export function performPublic(operation: string, body: object, scene: Public): object {
  if (operation !== 'GetAuthorizationToken') throw unknownOperation()
  readInput(inputs.nothing, body)
  permit(scene, 'ecr-public:GetAuthorizationToken', '*')
  permit(scene, 'sts:GetServiceBearerToken', '*')
  return { authorizationData: renderPublicToken(scene) }
}

function describePage(registry: Registry, nextToken: string | undefined, size: number): object {
  const after = nextToken && /^after:(.+)$/.exec(Buffer.from(nextToken, 'base64url').toString())?.[1]
  if (nextToken !== undefined && !after) throw invalidParameter('nextToken', 'Invalid token')
  const rest = registry.list().filter(({ repositoryName }) => !after || repositoryName > after)
  const page = rest.slice(0, size)
  const more = rest.length > size && page.at(-1)
  return {
    repositories: page.map(repository => describe(registry, repository)),
    ...(more ? { nextToken: Buffer.from(`after:${more.repositoryName}`).toString('base64url') } : {}),
  }
}

function addTags(old: Readonly<Record<string, string>>, tags: readonly { Key: string; Value: string }[]) {
  const keys = tags.map(({ Key }) => Key)
  if (new Set(keys).size < keys.length || keys.some(key => key.startsWith('aws:'))) {
    throw new Refusal('InvalidTagParameterException', 'Tag keys must be unique and must not begin with aws:')
  }
  const all = { ...old, ...Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) }
  if (Object.keys(all).length > 50) throw new Refusal('TooManyTagsException', 'The resource has more than 50 tags')
  return all
}
