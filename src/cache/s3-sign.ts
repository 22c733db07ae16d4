import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Keys } from '../aws/machine-keys.ts'

interface Signing {
  readonly target: URL
  readonly region: string
  readonly keys: Keys
}

/**
 * The headers with which a request that was signed for this process goes on to S3 ("Authenticating requests", S3 API
 * reference). The hash of the body is as the client gave it: the body is on its way still.
 */
export async function signedHeaders(
  { target, region, keys }: Signing,
  { method = 'GET', headers }: IncomingMessage,
): Promise<OutgoingHttpHeaders> {
  const { SignatureV4 } = await import('@smithy/signature-v4')
  const credentials = await keys()
  const signer = new SignatureV4({ credentials, region, service: 's3', sha256: Sha256, uriEscapePath: false })
  const signed = await signer.sign({
    method,
    protocol: target.protocol,
    hostname: target.hostname,
    path: target.pathname,
    query: Object.fromEntries(target.searchParams),
    headers: { ...headersOf(headers), host: target.host },
  })
  // It is no part of the signature, and without it the body would come in chunks, which S3 does not take.
  return { ...signed.headers, ...(headers['content-length'] && { 'content-length': headers['content-length'] }) }
}

/** The headers that are about the object; those about this connection, and the other signature, stay. */
const headersOf = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' &&
        (/^(content-(type|md5|encoding)|range|if-.*|accept-encoding)$/.test(entry[0]) ||
          (entry[0].startsWith('x-amz-') && !/^x-amz-(date|security-token)$/.test(entry[0]))),
    ),
  )

type Data = string | ArrayBuffer | ArrayBufferView

const bytesOf = (data: Data): Buffer => {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)
}

/** Node's own hash, as the signer wants to be given one. */
class Sha256 {
  readonly hash: Hash | Hmac
  constructor(key?: Data) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key))
  }
  update(data: Data): void {
    this.hash.update(bytesOf(data))
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest())
  }
  reset(): void {}
}
