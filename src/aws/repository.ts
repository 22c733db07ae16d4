import type { Repository } from '@aws-sdk/client-ecr'
import { OutsideError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import { clientOptions } from './client.ts'
import type { Identity } from './identity.ts'
import type { RegistryHost } from './registry-host.ts'
import { failureOf, type Retrying, withRetry } from './retry.ts'

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

type Around = Pick<Scope, 'say' | 'signal' | 'env'> & Retrying
type Private = Extract<RegistryHost, { kind: 'ecr' }>

/** Makes the repository where it is missing; where it is there, only says what differs from the wish. */
export async function ensureRepository(
  wish: RepositoryWish,
  { host, identity }: { host: Private; identity: Identity },
  around: Around,
): Promise<'made' | 'was there'> {
  const { ECRClient } = await import('@aws-sdk/client-ecr')
  const client = new ECRClient(
    await clientOptions(host.region, around.env, { credentials: identity.credentials, fips: host.fips }),
  )
  try {
    return await makeOrCompare(wish, { client, account: host.account }, around)
  } catch (error) {
    const { name, message } = failureOf(error)
    throw new OutsideError(
      `create-repository: ${wish.name} in ${host.host}: ${message} (${name})\n${adviceFor(name)}`,
      { cause: error },
    )
  } finally {
    client.destroy()
  }
}

interface Api {
  readonly client: InstanceType<typeof import('@aws-sdk/client-ecr')['ECRClient']>
  readonly account: string
}

// Create first and hear that it exists: whoever looks first and then creates races with the next job.
async function makeOrCompare(
  wish: RepositoryWish,
  { client, account }: Api,
  around: Around,
): Promise<'made' | 'was there'> {
  const { CreateRepositoryCommand, DescribeRepositoriesCommand, PutLifecyclePolicyCommand } = await import(
    '@aws-sdk/client-ecr'
  )
  const send = { abortSignal: around.signal }
  const names = { registryId: account, repositoryName: wish.name }
  const made = await withRetry(
    'Make the repository',
    () => client.send(new CreateRepositoryCommand({ ...names, ...renderWish(wish) }), send).then(() => true, ifExists),
    around,
  )
  if (made) {
    const { lifecycle } = wish
    if (lifecycle !== undefined)
      await withRetry(
        'Set its lifecycle',
        () => client.send(new PutLifecyclePolicyCommand({ ...names, lifecyclePolicyText: lifecycle }), send),
        around,
      )
    around.say(`Made the repository ${wish.name}`)
    return 'made'
  }
  const described = await withRetry(
    'Look at the repository',
    () => client.send(new DescribeRepositoriesCommand({ registryId: account, repositoryNames: [wish.name] }), send),
    around,
  )
  for (const difference of differencesOf(wish, described.repositories?.[0]))
    around.say(`The repository ${wish.name} is there and stays as it is: ${difference}`)
  return 'was there'
}

function ifExists(error: unknown): false {
  if (failureOf(error).name === 'RepositoryAlreadyExistsException') return false
  throw error
}

const renderWish = ({ immutable, scanOnPush, kmsKey, tags }: RepositoryWish) => ({
  imageTagMutability: immutable ? ('IMMUTABLE' as const) : ('MUTABLE' as const),
  imageScanningConfiguration: { scanOnPush },
  ...(kmsKey === undefined ? {} : { encryptionConfiguration: { encryptionType: 'KMS' as const, kmsKey } }),
  tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
})

/** Pure: where a repository that exists is not as one would be made now. */
export function differencesOf(
  { immutable, scanOnPush, kmsKey }: RepositoryWish,
  there: Repository | undefined,
): string[] {
  if (there === undefined) return []
  const mutability = immutable ? 'IMMUTABLE' : 'MUTABLE'
  return [
    ...(there.imageTagMutability === mutability
      ? []
      : [`its tags are ${there.imageTagMutability}, asked for is ${mutability}`]),
    ...((there.imageScanningConfiguration?.scanOnPush ?? false) === scanOnPush
      ? []
      : [`scan on push is ${scanOnPush ? 'off' : 'on'}`]),
    ...(kmsKey === undefined || there.encryptionConfiguration?.kmsKey === kmsKey
      ? []
      : ['it is not encrypted with that key']),
  ]
}

const adviceFor = (name: string): string =>
  /AccessDenied/.test(name)
    ? 'Allow the role ecr:CreateRepository, ecr:DescribeRepositories, ecr:PutLifecyclePolicy and ecr:TagResource on it.'
    : 'Look at the keys of create-repository.'
