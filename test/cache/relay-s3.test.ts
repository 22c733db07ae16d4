import { once } from 'node:events'
import { IncomingMessage, request } from 'node:http'
import { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { azureStore, s3Store } from '../../src/cache/object-store.ts'
import { openS3Relay, type S3Relay } from '../../src/cache/relay-s3.ts'
import { s3PlaceOf } from '../../src/cache/s3-place.ts'
import { createTally } from '../../src/cache/tally.ts'
import { agentsOf } from '../../src/program/agents.ts'
import type { FaultRule } from '../support/aws/faults.ts'
import type { Keys } from '../support/aws/keyring.ts'
import { allow } from '../support/aws/policy.ts'
import type { S3Failure } from '../support/s3/answers.ts'
import { rawS3 } from '../support/s3/raw.ts'
import { openS3, type S3 } from '../support/s3/s3.ts'

let s3: S3
let relay: S3Relay
beforeEach(async () => {
  s3 = await openS3({ buckets: ['layers'] })
  relay = await openS3Relay(agentsOf({}), { call: 300, silence: 300, pause: 60_000 })
})
afterEach(async () => {
  await relay[Symbol.asyncDispose]()
  await s3[Symbol.asyncDispose]()
})

const index = '/layers/web/manifests/main'
const layer = '/layers/web/blobs/sha256:0a'

/** A client on the other side of the relay. */
function enter({
  keys = s3.issue(allow('s3:*'), 900),
  bucket = 'layers',
  region = s3.region,
}: {
  keys?: Keys
  bucket?: string
  region?: string
} = {}) {
  const tally = createTally()
  const { env, endpointOf } = relay.enter(tally)
  const place = s3PlaceOf(`type=s3,bucket=${bucket},region=${region},endpoint_url=${s3.origin},use_path_style=true`)
  if (place === undefined) throw new Error('no place')
  const endpoint = endpointOf(s3Store(place, async () => keys))
  const own = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' }
  const { origin, pathname } = new URL(endpoint)
  const raw = rawS3(origin, own)
  return {
    tally,
    own,
    endpoint,
    ask: (...[method, path, sent]: Parameters<typeof raw>) => raw(method, pathname + path, sent),
  }
}

it('passes objects on both ways, signed anew, and counts for each caller', async () => {
  const [one, other] = [enter(), enter()]
  expect((await one.ask('PUT', index, { body: 'content' })).status).toBe(200)
  expect((await one.ask('PUT', layer, { body: 'layer' })).status).toBe(200)
  expect((await other.ask('GET', index)).text).toBe('content')
  expect((await other.ask('GET', layer, { headers: { range: 'bytes=2-' } })).text).toBe('yer')
  expect((await other.ask('GET', '/layers/web/manifests/pr-7')).code).toBe('NoSuchKey')
  expect((await other.ask('HEAD', layer)).headers.get('content-length')).toBe('5')
  const copy = { 'x-amz-copy-source': layer.slice(1), 'x-amz-metadata-directive': 'REPLACE' }
  expect((await other.ask('PUT', layer, { headers: copy })).status).toBe(200)
  expect(one.tally).toMatchObject({ sent: 12, received: 0, entries: 2, written: new Set(['main']) })
  expect(other.tally).toMatchObject({
    received: 10,
    entries: 0,
    found: new Set(['main']),
    missed: new Set(['pr-7']),
    troubles: new Set(),
  })
})

it("passes parts on, and is of no use without keys of its own; the machine's never leave it", async () => {
  const keys = s3.issue()
  const { ask, own, endpoint, tally } = enter({ keys })
  const { text } = await ask('POST', layer, { query: { uploads: '' } })
  const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(text)?.[1] ?? ''
  const { headers } = await ask('PUT', layer, { query: { partNumber: '1', uploadId }, body: 'layer' })
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headers.get('etag')}</ETag></Part></CompleteMultipartUpload>`
  expect((await ask('POST', layer, { query: { uploadId }, body })).status).toBe(200)
  expect(s3.objects('layers')).toEqual([layer.slice('/layers/'.length)])
  expect(tally.entries).toBe(1)
  const { origin, pathname } = new URL(endpoint)
  expect((await rawS3(origin, keys)('GET', pathname + layer)).code).toBe('InvalidAccessKeyId')
  expect((await rawS3(s3.origin, own)('GET', layer)).code).toBe('InvalidAccessKeyId')
  expect((await rawS3(origin, own)('GET', `/7${layer}`)).code).toBe('NoSuchBucket')
  expect((await fetch(origin + pathname + layer)).status).toBe(403)
})

it.each([
  ['../vault/key', {}],
  ['%2e%2e/vault/key', {}],
  ['web/../../vault/key', {}],
  ['web/blobs/copy', { 'x-amz-copy-source': '/vault/key' }],
  ['web/blobs/copy', { 'x-amz-copy-source': 'vault%2Fkey' }],
])('signs nothing that leads out of the bucket: %s %j', async (path, headers) => {
  const { endpoint, own, tally } = enter()
  const { hostname, port, pathname } = new URL(endpoint)
  // A client of HTTP that leaves the path as it is.
  const sent = request({
    ...{ hostname, port, method: 'PUT', path: `${pathname}/layers/${path}` },
    headers: { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${own.accessKeyId}/x` },
  })
  const [answer]: [IncomingMessage] = (await once(sent.end(), 'response')) as never
  expect([answer.statusCode, await text(answer)]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')])
  expect([tally.entries, s3.objects('layers')]).toEqual([0, []])
})

const rights =
  's3:GetObject, s3:PutObject and s3:AbortMultipartUpload on the objects of layers, and s3:ListBucket on itself'
const always = (action: string, answer: FaultRule<S3Failure>['answer']) => ({ action, answer, times: 99 })

describe('what can’t be read is not there, with the cause in words', () => {
  it.each<[string, Parameters<S3['fault']>[0], string | undefined]>([
    ['that is busy for a moment is asked again', { action: 'GetObject', answer: 'slow-down', times: 2 }, undefined],
    ['that is busy', always('GetObject', 'slow-down'), 'it takes no more requests for now (503)'],
    [
      'that fails',
      always('GetObject', 'internal'),
      'it answered 500 InternalError: We encountered an internal error. Please try again.',
    ],
    ['that denies', always('GetObject', 'denied'), `it does not let us in (AccessDenied): the keys need ${rights}`],
    ['whose session ended', always('GetObject', 'expired'), 'the AWS credentials have ended (ExpiredToken)'],
    ['that cuts off', always('GetObject', 'cut'), 'it broke off: ECONNRESET'],
    ['that says nothing', always('GetObject', 'hang'), 'no byte within 0.3 s'],
  ])('an S3 %s', async (_, fault, trouble) => {
    const { ask, tally } = enter()
    await ask('PUT', index, { body: 'content' })
    using __ = s3.fault(fault)
    expect((await ask('GET', index)).code).toBe(trouble === undefined ? '' : 'NoSuchKey')
    expect([...tally.troubles]).toEqual(trouble === undefined ? [] : [trouble])
    expect([...tally.missed]).toEqual([])
  })

  it.each<[string, () => Parameters<typeof enter>[0], string]>([
    [
      'other secret',
      () => ({ keys: { ...s3.issue(), secretAccessKey: 'x' } }),
      'AWS_SECRET_ACCESS_KEY is not the secret of AWS_ACCESS_KEY_ID (SignatureDoesNotMatch)',
    ],
    [
      'unknown key',
      () => ({ keys: { ...s3.issue(), accessKeyId: 'AKIAUNKNOWN' } }),
      'it does not know the AWS credentials (InvalidAccessKeyId)',
    ],
    ['other bucket', () => ({ bucket: 'nowhere' }), 'there is no bucket nowhere'],
    ['other region', () => ({ region: 'us-east-1' }), 'the bucket layers is in another region than cache.region says'],
    [
      'right to write alone',
      () => ({ keys: s3.issue(allow('s3:PutObject')) }),
      `it does not let us in (AccessDenied): the keys need ${rights}`,
    ],
  ])('an %s', async (_, given, trouble) => {
    const { ask, tally } = enter(given())
    expect((await ask('GET', index)).code).toBe('NoSuchKey')
    expect([...tally.troubles]).toEqual([trouble])
  })

  it('one that said nothing is not asked again for a while', async () => {
    const { ask, tally } = enter()
    using _ = s3.fault(always('GetObject', 'hang'))
    await ask('GET', index)
    const before = s3.log.length
    expect((await ask('GET', layer)).code).toBe('NoSuchKey')
    expect((await ask('PUT', layer, { body: 'layer' })).status).toBe(503)
    expect(s3.log).toHaveLength(before)
    expect([...tally.troubles]).toEqual(['no byte within 0.3 s', 'it did not answer a moment ago'])
  })
})

it('what can’t be written is told as S3 told it', async () => {
  const { ask, tally } = enter({ keys: s3.issue(allow('s3:GetObject')) })
  expect((await ask('PUT', layer, { body: 'layer' })).code).toBe('AccessDenied')
  expect((await ask('HEAD', layer)).status).toBe(403)
  expect([...tally.troubles]).toEqual(
    ['AccessDenied', '403'].map(code => `it does not let us in (${code}): the keys need ${rights}`),
  )
})

it.each([
  ['bucket=a,region=eu-west-1', 'https://a.s3.eu-west-1.amazonaws.com'],
  ['bucket=a.b,region=eu-west-1', 'https://s3.eu-west-1.amazonaws.com/a.b'],
  ['bucket=a,region=cn-north-1', 'https://a.s3.cn-north-1.amazonaws.com.cn'],
  ['bucket=a,region=auto,endpoint_url=https://x.example.com/s3/,use_path_style=true', 'https://x.example.com/s3/a'],
  ['bucket=a,region=auto,endpoint_url=https://x.example.com:9000', 'https://a.x.example.com:9000'],
  ['bucket=a', undefined],
  ['bucket=a,region=auto,endpoint_url=x', undefined],
])('type=s3,%s is at %s', (attributes, address) => {
  expect(s3PlaceOf(`type=s3,${attributes}`)?.address).toBe(address)
})

it.each([
  ['web/blobs/sha256:0a', true],
  ['../vault/key', false],
  ['%2e%2e/vault/key', false],
])('nothing is signed that leads out of a container of Azure: %s', (rest, admitted) => {
  const place = { account: 'https://acme.blob.core.windows.net', container: 'layers' }
  expect(azureStore(place, { key: 'eA==' }).admits(rest, new IncomingMessage(new Socket()))).toBe(admitted)
})
