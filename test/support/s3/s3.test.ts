import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { allow } from '../aws/policy.ts'
import { rawS3, type Sent } from './raw.ts'
import { openS3, type S3 } from './s3.ts'

let s3: S3
beforeAll(async () => {
  s3 = await openS3({ buckets: ['layers', 'other'] })
})
afterAll(() => s3[Symbol.asyncDispose]())
beforeEach(() => s3.clear())

const by = (keys = s3.issue()) => rawS3(s3.origin, keys)
const told = async (heard: ReturnType<ReturnType<typeof by>>): Promise<readonly [number, string]> => {
  const { status, code } = await heard
  return [status, code]
}

describe('objects', () => {
  it('are what was put, whole or in part, under keys with any sign', async () => {
    const ask = by()
    const key = "/layers/web/blobs/sha256:0a (1)+é'*"
    expect(await told(ask('PUT', key, { body: 'content' }))).toEqual([200, ''])
    const { text, headers } = await ask('GET', key)
    expect([text, headers.get('etag')]).toEqual(['content', '"9a0364b9e99bb480dd25e1f0284c8555"'])
    const part = await ask('GET', key, { headers: { range: 'bytes=3-' } })
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, 'tent', 'bytes 3-6/7'])
    expect(await told(ask('GET', key, { headers: { range: 'bytes=7-' } }))).toEqual([416, 'InvalidRange'])
    const about = await ask('HEAD', key)
    expect([about.status, about.headers.get('content-length')]).toEqual([200, '7'])
    expect(s3.objects('layers')).toEqual(["web/blobs/sha256:0a (1)+é'*"])
    expect(s3.objects('other')).toEqual([])
  })

  it('are copied, onto themselves where something changes, and are new then', async () => {
    const ask = by()
    await ask('PUT', '/layers/a', { body: 'content' })
    s3.age(48 * 3_600_000)
    const old = Date.parse((await ask('HEAD', '/layers/a')).headers.get('last-modified') ?? '')
    const copy = (headers: Sent['headers']) =>
      told(ask('PUT', '/layers/a', { headers: { 'x-amz-copy-source': 'layers/a', ...headers } }))
    expect(await copy({})).toEqual([400, 'InvalidRequest'])
    expect(await copy({ 'x-amz-metadata-directive': 'REPLACE' })).toEqual([200, ''])
    const fresh = Date.parse((await ask('HEAD', '/layers/a')).headers.get('last-modified') ?? '')
    expect(fresh - old).toBeGreaterThanOrEqual(48 * 3_600_000 - 1000)
  })

  it('come in parts', async () => {
    const ask = by()
    const begin = async () => {
      const { text } = await ask('POST', '/layers/big', { query: { uploads: '' } })
      return /<UploadId>(.*)<\/UploadId>/.exec(text)?.[1] ?? ''
    }
    const uploadId = await begin()
    const large = 'x'.repeat(5 * 1024 * 1024)
    const put = async (partNumber: string, body: string, id = uploadId) => {
      const { headers, status, code } = await ask('PUT', '/layers/big', { query: { partNumber, uploadId: id }, body })
      return headers.get('etag') ?? `${status} ${code}`
    }
    const complete = (parts: readonly (readonly [number, string])[], id = uploadId) => {
      const list = parts.map(([n, etag]) => `<Part><ETag>${etag}</ETag><PartNumber>${n}</PartNumber></Part>`).join('')
      const body = `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`
      return told(ask('POST', '/layers/big', { query: { uploadId: id }, body }))
    }
    const [one, two] = [await put('1', large), await put('2', 'end')]
    expect(await put('3', 'more', 'unknown')).toBe('404 NoSuchUpload')
    expect(await put('0', 'more')).toBe('400 InvalidRequest')
    expect(await complete([[1, two]])).toEqual([400, 'InvalidPart'])
    expect(
      await complete([
        [2, two],
        [1, one],
      ]),
    ).toEqual([400, 'InvalidPartOrder'])
    expect(await complete([])).toEqual([400, 'MalformedXML'])
    expect(s3.objects('layers')).toEqual([])
    expect(
      await complete([
        [1, one],
        [2, two],
      ]),
    ).toEqual([200, ''])
    expect((await ask('GET', '/layers/big')).text).toBe(`${large}end`)
    expect(await complete([[1, one]])).toEqual([404, 'NoSuchUpload'])

    const small = await begin()
    const [first, second] = [await put('1', 'a', small), await put('2', 'b', small)]
    expect(
      await complete(
        [
          [1, first],
          [2, second],
        ],
        small,
      ),
    ).toEqual([400, 'EntityTooSmall'])
    expect(await told(ask('DELETE', '/layers/big', { query: { uploadId: small } }))).toEqual([204, ''])
    expect(await told(ask('DELETE', '/layers/big', { query: { uploadId: small } }))).toEqual([404, 'NoSuchUpload'])
  })

  it.each<[string, string, string, readonly [number, string], Sent]>([
    ['an unknown bucket', 'GET', '/nowhere/a', [404, 'NoSuchBucket'], {}],
    ['an unknown key', 'GET', '/layers/a', [404, 'NoSuchKey'], {}],
    ['an unknown key of a HEAD', 'HEAD', '/layers/a', [404, ''], {}],
    ['what is not built here', 'GET', '/layers/a', [501, 'NotImplemented'], { query: { acl: '' } }],
    ['a list', 'GET', '/layers/', [501, 'NotImplemented'], {}],
    ['a delete', 'DELETE', '/layers/a', [501, 'NotImplemented'], {}],
    [
      'an MD5 of something else',
      'PUT',
      '/layers/a',
      [400, 'BadDigest'],
      { body: 'a', headers: { 'content-md5': 'x' } },
    ],
  ])('refuses %s', async (_, method, path, expected, sent) => {
    expect(await told(by()(method, path, sent))).toEqual(expected)
  })
})

describe('a caller', () => {
  const keys = () => s3.issue(allow('s3:*'), 900)
  it.each<[string, () => Promise<readonly [number, string]>, readonly [number, string]]>([
    ['without a signature', async () => told(anonymous('/layers/a')), [403, 'AccessDenied']],
    [
      'with another secret',
      () => told(by({ ...keys(), secretAccessKey: 'x' })('GET', '/layers/a')),
      [403, 'SignatureDoesNotMatch'],
    ],
    [
      'with an unknown key',
      () => told(by({ ...keys(), accessKeyId: 'ASIAUNKNOWN' })('GET', '/layers/a')),
      [403, 'InvalidAccessKeyId'],
    ],
    [
      'with another session',
      () => told(by({ ...keys(), sessionToken: 'x' })('GET', '/layers/a')),
      [403, 'InvalidAccessKeyId'],
    ],
    [
      'of another region',
      () => told(rawS3(s3.origin, keys(), { region: 'us-east-1' })('GET', '/layers/a')),
      [400, 'AuthorizationHeaderMalformed'],
    ],
    [
      'of another service',
      () => told(rawS3(s3.origin, keys(), { service: 'ecr' })('GET', '/layers/a')),
      [400, 'AuthorizationHeaderMalformed'],
    ],
    [
      'whose clock is slow',
      () => told(rawS3(s3.origin, keys(), { ahead: -16 * 60_000 })('GET', '/layers/a')),
      [403, 'RequestTimeTooSkewed'],
    ],
    [
      'whose clock is fast',
      () => told(rawS3(s3.origin, keys(), { ahead: 16 * 60_000 })('GET', '/layers/a')),
      [403, 'RequestTimeTooSkewed'],
    ],
    [
      'who changes a header that is signed',
      () => told(by(keys())('GET', '/layers/a', { headers: { 'x-amz-a': '1' }, after: { 'x-amz-a': '2' } })),
      [403, 'SignatureDoesNotMatch'],
    ],
    [
      'who adds a header that should be',
      () => told(by(keys())('GET', '/layers/a', { after: { 'x-amz-acl': 'public-read' } })),
      [403, 'SignatureDoesNotMatch'],
    ],
    [
      'who signs another body',
      () => told(by(keys())('PUT', '/layers/a', { body: 'a', headers: { 'x-amz-content-sha256': 'e3b0' } })),
      [400, 'XAmzContentSHA256Mismatch'],
    ],
  ])('%s is refused', async (_, call, expected) => {
    expect(await call()).toEqual(expected)
    expect(s3.objects('layers')).toEqual([])
  })

  it('whose session is over is refused', async () => {
    const ended = keys()
    s3.keyring.expire(ended.accessKeyId)
    expect(await told(by(ended)('GET', '/layers/a'))).toEqual([400, 'ExpiredToken'])
  })

  it('may do what the policy says, and is not told what is there without s3:ListBucket', async () => {
    await by()('PUT', '/layers/a', { body: 'content' })
    const reads = by(s3.issue(allow('s3:GetObject', 's3:ListBucket')))
    const reader = by(s3.issue(allow('s3:GetObject')))
    expect((await reads('GET', '/layers/a')).text).toBe('content')
    expect(await told(reads('PUT', '/layers/b', { body: 'x' }))).toEqual([403, 'AccessDenied'])
    expect(await told(reads('GET', '/layers/b'))).toEqual([404, 'NoSuchKey'])
    expect(await told(reader('GET', '/layers/b'))).toEqual([403, 'AccessDenied'])
  })

  async function anonymous(path: string) {
    const answer = await fetch(`${s3.origin}${path}`)
    const text = await answer.text()
    return { status: answer.status, code: /<Code>(\w+)</.exec(text)?.[1] ?? '', text, headers: answer.headers }
  }
})

it('fails as a fault says, and is itself again', async () => {
  const ask = by()
  using _ = s3.fault({ action: 'PutObject', answer: 'slow-down' })
  expect(await told(ask('PUT', '/layers/a', { body: 'a' }))).toEqual([503, 'SlowDown'])
  expect(await told(ask('PUT', '/layers/a', { body: 'a' }))).toEqual([200, ''])
})
