import { createHash } from 'node:crypto'
import { type Answer, blobAnswer, blobError } from './answer.ts'
import type { Entry } from './entries.ts'

export interface BlobRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
}

/** What a request to a blob does, in the names of the REST API ("Operations on blobs", Azure Storage). */
export const blobActionOf = ({ method, url: { searchParams } }: Pick<BlobRequest, 'method' | 'url'>): string => {
  const comp = searchParams.get('comp')
  if (method === 'GET' && comp === null) return 'GetBlob'
  if (method === 'HEAD' && comp === null) return 'GetBlobProperties'
  if (method !== 'PUT') return ''
  return { none: 'PutBlob', block: 'PutBlock', blocklist: 'PutBlockList' }[comp ?? 'none'] ?? ''
}

/** Performs it on an entry's blob. */
export function answerBlob(action: string, entry: Entry, request: BlobRequest): Answer {
  if (action === 'GetBlob' || action === 'GetBlobProperties') return giveContent(entry, request)
  const fault = refuseBody(entry, request)
  if (fault !== undefined) return fault
  if (action === 'PutBlock') return putBlock(entry, request)
  return action === 'PutBlockList' ? putBlockList(entry, request) : putBlob(entry, request)
}

function refuseBody({ final }: Entry, { headers, body }: BlobRequest): Answer | undefined {
  if (final)
    return blobError(409, 'BlobImmutableDueToPolicy', 'This operation is not permitted: the blob is immutable.')
  const { 'content-md5': md5, 'x-ms-version': version } = headers
  if (version === undefined) return blobError(400, 'MissingRequiredHeader', 'x-ms-version is not there.')
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
    return blobError(400, 'Md5Mismatch', 'The MD5 value in the request did not match with the one calculated.')
  return undefined
}

function putBlob(entry: Entry, { headers, body }: BlobRequest): Answer {
  if (headers['x-ms-blob-type'] !== 'BlockBlob')
    return blobError(400, 'MissingRequiredHeader', 'x-ms-blob-type is not BlockBlob.')
  return commit(entry, body)
}

function putBlock({ blocks }: Entry, { url, body }: BlobRequest): Answer {
  const id = url.searchParams.get('blockid') ?? ''
  const bytes = Buffer.from(id, 'base64')
  const [other = id] = blocks.keys()
  const asLong = Buffer.from(other, 'base64').length === bytes.length
  if (bytes.length === 0 || bytes.length > 64 || bytes.toString('base64') !== id || !asLong)
    return blobError(400, 'InvalidQueryParameterValue', 'blockid is not base64, or not as long as the others.')
  if (body.length === 0) return blobError(400, 'InvalidHeaderValue', 'A block may not be empty.')
  blocks.set(id, body)
  return blobAnswer(201)
}

function putBlockList(entry: Entry, { body }: BlobRequest): Answer {
  const text = body.toString('utf8').replace(/^<\?xml[^>]*\?>\s*/, '')
  const [, list] = /^<BlockList>([\s\S]*)<\/BlockList>\s*$/.exec(text) ?? []
  const rest = list?.replaceAll(/<(Latest|Uncommitted)>[^<]*<\/\1>/g, '').trim()
  if (list === undefined || rest !== '')
    return blobError(400, 'InvalidXmlDocument', 'The XML specified is not syntactically valid.')
  const ids = [...list.matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id = '']) => id)
  const blocks = ids.map(id => entry.blocks.get(id))
  if (blocks.includes(undefined)) return blobError(400, 'InvalidBlockList', 'The specified block list is invalid.')
  return commit(entry, Buffer.concat(blocks.filter(block => block !== undefined)))
}

function commit(entry: Entry, content: Buffer): Answer {
  entry.content = content
  entry.blocks.clear()
  return blobAnswer(201, undefined, { etag: etagOf(content), 'x-ms-request-server-encrypted': 'true' })
}

/** Whole, or the bytes that `x-ms-range` or `range` names ("Specifying the range header for Blob service operations"). */
function giveContent({ content }: Entry, { headers }: BlobRequest): Answer {
  if (content === undefined) return blobError(404, 'BlobNotFound', 'The specified blob does not exist.')
  const etag = etagOf(content)
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag)
    return blobError(412, 'ConditionNotMet', 'The condition specified using HTTP conditional header(s) is not met.')
  const common = { etag, 'accept-ranges': 'bytes', 'x-ms-blob-type': 'BlockBlob', 'last-modified': lastModified }
  const asked = headers['x-ms-range'] ?? headers.range
  if (asked === undefined) return blobAnswer(200, content, { ...common, 'content-type': 'application/octet-stream' })
  const [, from = '', to] = /^bytes=(\d+)-(\d*)$/.exec(String(asked)) ?? []
  const start = Number(from)
  const end = Math.min(to ? Number(to) : Number.POSITIVE_INFINITY, content.length - 1)
  if (from === '' || start > end)
    return blobError(416, 'InvalidRange', 'The range specified is invalid for the current size of the resource.')
  const range = { 'content-range': `bytes ${start}-${end}/${content.length}` }
  return blobAnswer(206, content.subarray(start, end + 1), { ...common, ...range })
}

const etagOf = (content: Buffer): string => `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`
const lastModified = 'Tue, 01 Sep 2026 08:00:00 GMT'
