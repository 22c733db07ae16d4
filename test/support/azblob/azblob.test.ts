import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  generateAccountSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type Azblob, openAzblob } from './azblob.ts'

let azblob: Azblob
beforeAll(async () => {
  azblob = await openAzblob(['layers'])
})
afterAll(() => azblob[Symbol.asyncDispose]())

const retry = { retryOptions: { maxTries: 1 } }
const byKey = ({ name, key } = azblob.account, container = 'layers') =>
  new BlobServiceClient(azblob.address, new StorageSharedKeyCredential(name, key), retry).getContainerClient(container)
const byShare = (permissions: string, seconds: number) => {
  const query = generateAccountSASQueryParameters(
    {
      expiresOn: new Date(Date.now() + seconds * 1000),
      permissions: AccountSASPermissions.parse(permissions),
      services: AccountSASServices.parse('b').toString(),
      resourceTypes: AccountSASResourceTypes.parse('o').toString(),
      protocol: SASProtocol.HttpsAndHttp,
    },
    new StorageSharedKeyCredential(azblob.account.name, azblob.account.key),
  )
  return new BlobServiceClient(`${azblob.address}?${query}`, undefined, retry).getContainerClient('layers')
}
const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    error => error.code ?? error.statusCode,
  )

it('keeps what Azure’s own client puts, whole or in blocks', async () => {
  const blob = byKey().getBlockBlobClient('web/blobs/sha256:0a (1)')
  await blob.upload('content', 7)
  expect((await blob.downloadToBuffer()).toString()).toBe('content')
  expect((await blob.downloadToBuffer(2, 3)).toString()).toBe('nte')
  await blob.setMetadata({ updated: 'now' })
  const id = (n: number) => Buffer.from(`0000${n}`).toString('base64')
  await blob.stageBlock(id(1), 'one', 3)
  await blob.stageBlock(id(2), 'two', 3)
  await blob.commitBlockList([id(1), id(2)])
  expect((await byShare('r', 60).getBlockBlobClient('web/blobs/sha256:0a (1)').downloadToBuffer()).toString()).toBe(
    'onetwo',
  )
  expect(azblob.blobs('layers')).toEqual(['web/blobs/sha256:0a (1)'])
})

it.each<[string, () => ReturnType<typeof byKey>, string]>([
  ['another key', () => byKey({ ...azblob.account, key: Buffer.from('x').toString('base64') }), 'AuthenticationFailed'],
  ['an unknown container', () => byKey(azblob.account, 'nowhere'), 'ContainerNotFound'],
  ['a share that may only read', () => byShare('r', 60), 'AuthenticationFailed'],
  ['a share that has ended', () => byShare('rw', -60), 'AuthenticationFailed'],
  [
    'nobody',
    () => new BlobServiceClient(azblob.address, undefined, retry).getContainerClient('layers'),
    'AuthenticationFailed',
  ],
])('refuses %s', async (_, client, code) => {
  expect(await codeOf(client().getBlockBlobClient('a').upload('a', 1))).toBe(code)
})
