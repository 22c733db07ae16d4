import { randomBytes } from 'node:crypto'

/** A request to S3 without its body. */
interface Asked {
  readonly method: string
  readonly query: URLSearchParams
  readonly copies: boolean
  /** of the end of an upload in parts alone */
  readonly body: string
}

/** What it is for Azure: another request, and what its client is told when that went well. */
interface Translated {
  readonly method: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** in place of the body that came */
  readonly body?: string
  /** undefined: what Azure answers is right as it is */
  readonly tells?: string
}

/** Answered here: nothing has to be begun there. */
interface Begun {
  readonly begun: string
}

const blob = { 'x-ms-blob-type': 'BlockBlob' }

/**
 * Pure: what BuildKit asks of S3 in the words of the Blob service ("Operations on block blobs", Azure Storage REST API).
 * An upload in parts is one of blocks; a copy of an object onto itself, which makes it new, is one of its metadata.
 */
export function toAzure({ method, query, copies, body }: Asked): Translated | Begun | undefined {
  const [id, part] = [query.get('uploadId') ?? '', query.get('partNumber')]
  if (method === 'GET' || method === 'HEAD') return { method, query: {}, headers: {} }
  if (copies)
    return {
      method: 'PUT',
      query: { comp: 'metadata' },
      headers: { 'x-ms-meta-updated': new Date().toISOString() },
      body: '',
      tells: xml('CopyObjectResult', '<ETag>"copy"</ETag>'),
    }
  if (method === 'POST' && query.has('uploads')) {
    const upload = randomBytes(8).toString('hex')
    return { begun: xml('InitiateMultipartUploadResult', `<UploadId>${upload}</UploadId>`) }
  }
  if (method === 'PUT' && part !== null)
    return { method, query: { comp: 'block', blockid: blockId(id, part) }, headers: {}, tells: '' }
  if (method === 'POST')
    return {
      method: 'PUT',
      query: { comp: 'blocklist' },
      headers: {},
      body: blockList(id, body),
      tells: xml('CompleteMultipartUploadResult', '<ETag>"blocks"</ETag>'),
    }
  if (method === 'DELETE') return { begun: '' }
  return method === 'PUT' ? { method, query: {}, headers: blob, tells: '' } : undefined
}

/** Those of one blob are all as long. */
const blockId = (upload: string, part: string): string =>
  Buffer.from(`${upload}-${part.padStart(5, '0')}`).toString('base64')

const blockList = (upload: string, body: string): string => {
  const parts = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, part = '']) => blockId(upload, part))
  return `<BlockList>${parts.map(id => `<Latest>${id}</Latest>`).join('')}</BlockList>`
}

const xml = (name: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`
