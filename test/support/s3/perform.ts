import { createHash } from 'node:crypto'
import type { Answer, Asked } from '../aws/server.ts'
import { plainAnswer, refusals, xmlAnswer } from './answers.ts'
import { type Bucket, beginUpload, findUpload, joinParts, readParts, type Stored, store } from './bucket.ts'
import type { Action, Route } from './route.ts'

export interface Scene {
  readonly asked: Asked
  readonly route: Route
  readonly bucket: Bucket
  /** of another bucket, or of this one; refuses what the caller may not read */
  readonly source: (bucket: string, key: string) => Stored
  /** whether the caller may be told that there is no such key */
  readonly lists: boolean
  /** ms since 1970 */
  readonly now: number
}

/** Performs what is asked for and allowed. @throws Refusal */
export const perform = (scene: Scene): Answer => performers[scene.route.action](scene)

const performers: Readonly<Record<Action, (scene: Scene) => Answer>> = {
  GetObject: scene => giveObject(findObject(scene), scene.asked),
  HeadObject: scene => giveObject(findObject(scene), scene.asked),
  PutObject({ asked, route, bucket, now }) {
    const stored = store(readBody(asked), now)
    bucket.objects.set(route.key, stored)
    return plainAnswer(200, { etag: stored.etag })
  },
  CopyObject({ asked, route, bucket, source, now }) {
    const { bucket: from, key } = sourceOf(String(asked.headers['x-amz-copy-source']))
    const replaces = asked.headers['x-amz-metadata-directive'] === 'REPLACE'
    if (from === route.bucket && key === route.key && !replaces)
      throw refusals.InvalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      )
    const stored = { ...source(from, key), modified: now }
    bucket.objects.set(route.key, stored)
    return xmlAnswer('CopyObjectResult', { ETag: stored.etag, LastModified: new Date(now).toISOString() })
  },
  CreateMultipartUpload({ route: { bucket: name, key }, bucket }) {
    return xmlAnswer('InitiateMultipartUploadResult', { Bucket: name, Key: key, UploadId: beginUpload(bucket, key) })
  },
  UploadPart({ asked, route: { key, query }, bucket, now }) {
    const { parts } = findUpload(bucket, query.get('uploadId'), key)
    const number = Number(query.get('partNumber'))
    if (!(Number.isInteger(number) && number >= 1 && number <= 10_000))
      throw refusals.InvalidRequest('Part number must be an integer between 1 and 10000, inclusive')
    const part = store(readBody(asked), now)
    parts.set(number, part)
    return plainAnswer(200, { etag: part.etag })
  },
  CompleteMultipartUpload({ asked, route: { bucket: name, key, query }, bucket, now }) {
    const id = query.get('uploadId')
    const stored = joinParts(findUpload(bucket, id, key), readParts(readBody(asked)), now)
    bucket.objects.set(key, stored)
    bucket.uploads.delete(id ?? '')
    return xmlAnswer('CompleteMultipartUploadResult', { Bucket: name, Key: key, ETag: stored.etag })
  },
  AbortMultipartUpload({ route: { key, query }, bucket }) {
    const id = query.get('uploadId')
    findUpload(bucket, id, key)
    bucket.uploads.delete(id ?? '')
    return plainAnswer(204, {})
  },
  ''() {
    throw refusals.NotImplemented()
  },
}

/** "If you don't have s3:ListBucket, Amazon S3 returns 403" for what is not there (API Reference, GetObject). */
function findObject({ route: { key }, bucket, lists }: Scene): Stored {
  const stored = bucket.objects.get(key)
  if (stored === undefined) throw lists ? refusals.NoSuchKey() : refusals.AccessDenied()
  return stored
}

function giveObject({ content, etag, modified }: Stored, { headers }: Asked): Answer {
  const about = {
    etag,
    'last-modified': new Date(modified).toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
  }
  if (headers.range === undefined) return plainAnswer(200, about, content)
  const [, from = '', to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range) ?? []
  const end = Math.min(to ? Number(to) : Number.POSITIVE_INFINITY, content.length - 1)
  if (from === '' || Number(from) > end) throw refusals.InvalidRange()
  const range = `bytes ${from}-${end}/${content.length}`
  return plainAnswer(206, { ...about, 'content-range': range }, content.subarray(Number(from), end + 1))
}

function sourceOf(header: string): { readonly bucket: string; readonly key: string } {
  const [bucket = '', ...key] = decodeURIComponent(header).replace(/^\//, '').split('/')
  return { bucket, key: key.join('/') }
}

/** The body, which is what its hashes say. */
function readBody({ headers, body }: Asked): Buffer {
  const hash = String(headers['x-amz-content-sha256'])
  const own = createHash('sha256').update(body).digest('hex')
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== own) throw refusals.XAmzContentSHA256Mismatch()
  const md5 = headers['content-md5']
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) throw refusals.BadDigest()
  return body
}
