import type { Ecr } from '../ecr/ecr.ts'
import { partitionOf } from './arn.ts'
import { Refusal } from './refusal.ts'

export interface RegistryOptions {
  readonly account: string
  readonly region: string
  readonly repositories?: readonly string[]
  /** The registry itself. Without one, passwords are given out that nothing accepts. */
  readonly front?: Ecr
}

/** A repository, in the members of the API. */
export interface Repository {
  readonly repositoryName: string
  /** Seconds since 1970. */
  readonly createdAt: number
  readonly imageTagMutability: string
  readonly imageTagMutabilityExclusionFilters?: readonly object[]
  readonly imageScanningConfiguration: { readonly scanOnPush: boolean }
  readonly encryptionConfiguration: { readonly encryptionType: string; readonly kmsKey?: string }
  readonly tags: Readonly<Record<string, string>>
  readonly lifecyclePolicyText?: string
}

/** One account's repositories in one region. */
export interface Registry {
  readonly account: string
  readonly region: string
  readonly front: Ecr | undefined
  /** `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, or where its front listens. */
  readonly host: string
  /** Sorted by name. */
  list(): readonly Repository[]
  /** Throws a RepositoryNotFoundException. */
  get(name: string): Repository
  has(name: string): boolean
  /** Adds it, or changes what differs. */
  put(repository: Repository): void
  arnOf(name: string): string
}

const suffixes: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn', 'aws-eusc': 'amazonaws.eu' }

export function createRegistry({ account, region, repositories = [], front }: RegistryOptions, now: number): Registry {
  const partition = partitionOf(region)
  const known = new Map<string, Repository>()
  for (const repositoryName of new Set([...repositories, ...(front?.repositories ?? [])])) {
    known.set(repositoryName, {
      repositoryName,
      createdAt: now / 1000,
      imageTagMutability: front?.immutable.has(repositoryName) ? 'IMMUTABLE' : 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
      tags: {},
    })
  }
  return {
    account,
    region,
    front,
    host: front?.host ?? `${account}.dkr.ecr.${region}.${suffixes[partition] ?? 'amazonaws.com'}`,
    list: () => [...known.values()].sort((a, b) => (a.repositoryName < b.repositoryName ? -1 : 1)),
    get(name) {
      const found = known.get(name)
      if (found) return found
      const sentence = `The repository with name '${name}' does not exist in the registry with id '${account}'`
      throw new Refusal('RepositoryNotFoundException', sentence)
    },
    has: name => known.has(name),
    put(repository) {
      known.set(repository.repositoryName, repository)
      front?.put(
        repository.repositoryName,
        repository.imageTagMutability.startsWith('IMMUTABLE') ? 'immutable' : 'mutable',
      )
    },
    arnOf: name => `arn:${partition}:ecr:${region}:${account}:repository/${name}`,
  }
}

/** What the API tells of a repository; tags and the lifecycle policy have actions of their own. */
export function describe(registry: Registry, { tags: _, lifecyclePolicyText: __, ...repository }: Repository) {
  return {
    repositoryArn: registry.arnOf(repository.repositoryName),
    registryId: registry.account,
    repositoryUri: `${registry.host}/${repository.repositoryName}`,
    ...repository,
  }
}
