import type { ECRClient } from '@aws-sdk/client-ecr'
import { OutsideError } from '../errors.ts'
import { clientOptions } from './client.ts'
import { failureOf } from './failure.ts'
import type { PrivateHost } from './registry-host.ts'
import { differencesOf, type RepositoryThere, type RepositoryWish } from './repository-wish.ts'
import { type Retrying, withRetry } from './retry.ts'
import type { Identity } from './role.ts'

type Around = Retrying & { readonly env: Readonly<{ [name: string]: string | undefined }> }

/** Makes the repository where it is missing; where it is there, only says what differs from the wish. */
export async function ensureRepository(
  wish: RepositoryWish,
  { host, identity }: { host: PrivateHost; identity: Identity },
  around: Around,
): Promise<'made' | 'was there'> {
  const sdk = await import('@aws-sdk/client-ecr')
  const { account, region, fips, dualStack } = host
  const { credentials, assumed } = identity
  const client = new sdk.ECRClient(
    await clientOptions({ service: 'ECR', region }, around.env, { credentials, fips, dualStack }),
  )
  const api = { sdk, client, names: { registryId: account, repositoryName: wish.name } }
  try {
    return await makeOrCompare(wish, api, { ...around, fresh: assumed })
  } catch (error) {
    around.signal.throwIfAborted()
    const failure = failureOf(error)
    const { name, message } = failure
    const text = `create-repository: ${wish.name} in ${host.host}: ${message} (${name})\n${adviceFor(name)}`
    throw new OutsideError(text, { cause: failure })
  } finally {
    client.destroy()
  }
}

interface Api {
  readonly sdk: typeof import('@aws-sdk/client-ecr')
  readonly client: ECRClient
  readonly names: { readonly registryId: string; readonly repositoryName: string }
}

// Create first and hear that it exists: whoever looks first and then creates races with the next job.
async function makeOrCompare(wish: RepositoryWish, api: Api, around: Around): Promise<'made' | 'was there'> {
  if (await make(wish, api, around)) {
    around.say(`Made the repository ${wish.name}`)
    return 'made'
  }
  const differences = differencesOf(wish, await look(wish, api, around))
  for (const difference of differences)
    around.say(`The repository ${wish.name} is there and stays as it is: ${difference}`)
  return 'was there'
}

async function make(wish: RepositoryWish, { sdk, client, names }: Api, around: Around): Promise<boolean> {
  const send = { abortSignal: around.signal }
  const create = new sdk.CreateRepositoryCommand({ ...names, ...renderWish(wish) })
  const attempt = () => client.send(create, send).then(() => true, ifExists)
  if (!(await withRetry('Make the repository', attempt, around))) return false
  const { lifecycle } = wish
  if (lifecycle === undefined) return true
  const put = new sdk.PutLifecyclePolicyCommand({ ...names, lifecyclePolicyText: lifecycle })
  await withRetry('Set its lifecycle', () => client.send(put, send), around)
  return true
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

/** What is there; lifecycle and tags are asked for only where the wish has any. */
async function look(wish: RepositoryWish, { sdk, client, names }: Api, around: Around): Promise<RepositoryThere> {
  const send = { abortSignal: around.signal }
  const { registryId, repositoryName } = names
  const describe = new sdk.DescribeRepositoriesCommand({ registryId, repositoryNames: [repositoryName] })
  const { repositories } = await withRetry('Look at the repository', () => client.send(describe, send), around)
  const [repository] = repositories ?? []
  const policy = new sdk.GetLifecyclePolicyCommand(names)
  const list = new sdk.ListTagsForResourceCommand({ resourceArn: repository?.repositoryArn })
  const [lifecycle, tags] = await Promise.all([
    wish.lifecycle === undefined
      ? undefined
      : withRetry('Look at its lifecycle', () => client.send(policy, send).catch(ifNone), around),
    Object.keys(wish.tags).length === 0
      ? undefined
      : withRetry('Look at its tags', () => client.send(list, send), around),
  ])
  return { repository, lifecycle: lifecycle?.lifecyclePolicyText, tags: tags?.tags ?? [] }
}

function ifNone(error: unknown): undefined {
  if (failureOf(error).name === 'LifecyclePolicyNotFoundException') return undefined
  throw error
}

const adviceFor = (name: string): string =>
  /AccessDenied/.test(name)
    ? 'Allow the role on it: ecr:CreateRepository, ecr:DescribeRepositories, ecr:GetLifecyclePolicy, ecr:PutLifecyclePolicy, ecr:ListTagsForResource and ecr:TagResource.'
    : 'Look at the keys of create-repository.'
