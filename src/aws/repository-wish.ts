import { isDeepStrictEqual } from 'node:util'
import type { Repository, Tag } from '@aws-sdk/client-ecr'

/** What a repository is made with; what exists is never changed. */
export interface RepositoryWish {
  readonly name: string
  readonly immutable: boolean
  readonly scanOnPush: boolean
  /** text of a lifecycle policy (JSON) */
  readonly lifecycle: string | undefined
  readonly kmsKey: string | undefined
  readonly tags: Readonly<Record<string, string>>
}

export interface RepositoryThere {
  readonly repository: Repository | undefined
  /** text of its lifecycle policy (JSON) */
  readonly lifecycle: string | undefined
  readonly tags: readonly Tag[]
}

/** Pure: where a repository that exists is not as one would be made now. */
export function differencesOf(wish: RepositoryWish, { repository, lifecycle, tags }: RepositoryThere): string[] {
  if (repository === undefined) return []
  const { imageTagMutability, imageScanningConfiguration, encryptionConfiguration } = repository
  const mutability = wish.immutable ? 'IMMUTABLE' : 'MUTABLE'
  const scans = imageScanningConfiguration?.scanOnPush ?? false
  const differing = Object.entries(wish.tags).filter(
    ([name, value]) => !tags.some(({ Key, Value }) => Key === name && Value === value),
  )
  return [
    // Those with exclusions are of their kind: `IMMUTABLE_WITH_EXCLUSION`.
    ...(imageTagMutability?.startsWith(mutability)
      ? []
      : [`its tags are ${imageTagMutability}, asked for is ${mutability}`]),
    ...(scans === wish.scanOnPush ? [] : [`scan on push is ${scans ? 'on' : 'off'}`]),
    ...(wish.kmsKey === undefined || encryptionConfiguration?.kmsKey === wish.kmsKey
      ? []
      : ['it is not encrypted with that key']),
    ...(wish.lifecycle === undefined || sameJson(lifecycle, wish.lifecycle) ? [] : ['its lifecycle policy is another']),
    ...differing.map(([name]) => `its tag ${name} is another`),
  ]
}

function sameJson(one: string | undefined, other: string): boolean {
  return one !== undefined && isDeepStrictEqual(JSON.parse(one), JSON.parse(other))
}
