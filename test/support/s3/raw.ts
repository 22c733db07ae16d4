import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Keys } from '../aws/keyring.ts'

interface Heard {
  readonly status: number
  /** `Code` of an error; empty without one */
  readonly code: string
  readonly text: string
  readonly headers: Headers
}

export interface Sent {
  readonly body?: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** what is changed once it is signed */
  readonly after?: Readonly<Record<string, string>>
}

/** What a client differs in. */
interface Manner {
  readonly region?: string
  readonly service?: string
  /** ms that its clock is ahead */
  readonly ahead?: number
}

type Ask = (method: string, path: string, sent?: Sent) => Promise<Heard>

/** Requests by hand, signed by the SDK's own signer. */
export function rawS3(
  origin: string,
  keys: Pick<Keys, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>,
  manner: Manner = {},
): Ask {
  const { region = 'eu-west-1', service = 's3', ahead = 0 } = manner
  const { accessKeyId, secretAccessKey, sessionToken } = keys
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, uriEscapePath: false })
  const { hostname, port, host } = new URL(origin)
  return async (method, path, { body, query = {}, headers = {}, after = {} } = {}) => {
    const request = {
      method,
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: encodePath(path),
      query,
      headers: { host, ...headers },
      ...(body === undefined ? {} : { body }),
    }
    const signed = await signer.sign(request, { signingDate: new Date(Date.now() + ahead) })
    const url = new URL(`${origin}${encodePath(path)}?${new URLSearchParams(query)}`)
    const answer = await fetch(url, {
      method,
      headers: { ...signed.headers, ...after },
      ...(body === undefined ? {} : { body }),
    })
    const text = await answer.text()
    return { status: answer.status, code: /<Code>(\w+)</.exec(text)?.[1] ?? '', text, headers: answer.headers }
  }
}

/** As the SDK does, by RFC 3986: the signature is over the path as it travels. */
const encodePath = (path: string): string =>
  path
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replaceAll(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

type Data = string | ArrayBuffer | ArrayBufferView
function bytesOf(data: Data): Buffer {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)
}

class Sha256 {
  readonly hash: Hash | Hmac
  constructor(key?: Data) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key))
  }
  update(data: Data) {
    this.hash.update(bytesOf(data))
  }
  async digest() {
    return new Uint8Array(this.hash.digest())
  }
  reset() {}
}
