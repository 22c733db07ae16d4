import { createHash, randomBytes } from 'node:crypto'
import { refusals } from './answers.ts'

export interface Stored {
  readonly content: Buffer
  readonly etag: string
  /** ms since 1970 */
  readonly modified: number
}

interface Upload {
  readonly key: string
  readonly parts: Map<number, Stored>
}

export interface Part {
  readonly number: number
  readonly etag: string
}

/** A bucket: its objects, and the uploads in parts that are not complete. */
export interface Bucket {
  readonly objects: Map<string, Stored>
  readonly uploads: Map<string, Upload>
}

export const createBucket = (): Bucket => ({ objects: new Map(), uploads: new Map() })

const md5 = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest()

export const store = (content: Buffer, modified: number): Stored => ({
  content,
  etag: `"${md5(content).toString('hex')}"`,
  modified,
})

export function beginUpload({ uploads }: Bucket, key: string): string {
  const id = randomBytes(24).toString('base64url')
  uploads.set(id, { key, parts: new Map() })
  return id
}

/** @throws Refusal for an upload that is not there, or of another key */
export function findUpload({ uploads }: Bucket, id: string | null, key: string): Upload {
  const upload = uploads.get(id ?? '')
  if (upload === undefined || upload.key !== key) throw refusals.NoSuchUpload()
  return upload
}

/** Every part but the last one has 5 MiB at least ("Multipart upload limits", S3 user guide). */
const smallest = 5 * 1024 * 1024

/** One object of the parts that are named. @throws Refusal for other parts than came, or in another order */
export function joinParts({ parts }: Upload, named: readonly Part[], now: number): Stored {
  if (named.length === 0) throw refusals.MalformedXML()
  if (named.some(({ number }, at) => number <= (named[at - 1]?.number ?? 0))) throw refusals.InvalidPartOrder()
  const found = named.map(({ number, etag }) => {
    const part = parts.get(number)
    if (part === undefined || part.etag !== etag) throw refusals.InvalidPart()
    return part
  })
  if (found.slice(0, -1).some(({ content }) => content.length < smallest)) throw refusals.EntityTooSmall()
  const hashes = Buffer.concat(found.map(({ content }) => md5(content)))
  const content = Buffer.concat(found.map(part => part.content))
  return { content, etag: `"${md5(hashes).toString('hex')}-${found.length}"`, modified: now }
}

/** `<CompleteMultipartUpload><Part>…</Part></CompleteMultipartUpload>` */
export function readParts(body: Buffer): readonly Part[] {
  const parts = [...body.toString('utf8').matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: (/<ETag>(.*?)<\/ETag>/.exec(part)?.[1] ?? '').replaceAll(/&quot;|&#34;/g, '"'),
  }))
  if (parts.some(({ number }) => Number.isNaN(number))) throw refusals.MalformedXML()
  return parts
}
