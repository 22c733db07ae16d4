import { createHash } from 'node:crypto'
import { accept } from './stored.ts'

export interface RawClient {
  /** A request below `/v2/`, with the password. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Pushes a blob as ECR wants it: POST, PATCH, PUT. Gives its digest. */
  blob(repository: string, bytes: Buffer): Promise<string>
  /** Pushes an image of one layer with this text under a tag or digest. */
  image(repository: string, reference: string, layer: string): Promise<Response>
}

export const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

export const basic = (token: string, user = 'AWS'): string =>
  `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`

/** A registry client without any manners of its own: no retry, no HEAD first. */
export function rawClient(host: string, token: string): RawClient {
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, `http://${host}/v2/`), {
      ...init,
      headers: { authorization: basic(token), accept, ...init.headers },
    })

  async function blob(repository: string, bytes: Buffer): Promise<string> {
    const begun = await expectStatus(202, ask(`${repository}/blobs/uploads/`, { method: 'POST' }))
    const sent = await expectStatus(202, ask(locationOf(begun), { method: 'PATCH', body: new Uint8Array(bytes) }))
    const end = new URL(locationOf(sent))
    end.searchParams.set('digest', digestOf(bytes))
    await expectStatus(201, ask(end.href, { method: 'PUT' }))
    return digestOf(bytes)
  }

  async function image(repository: string, reference: string, layer: string): Promise<Response> {
    const config = Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}')
    const content = Buffer.from(layer)
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: await describe('application/vnd.oci.image.config.v1+json', config),
      layers: [await describe('application/vnd.oci.image.layer.v1.tar', content)],
    }
    return ask(`${repository}/manifests/${reference}`, {
      method: 'PUT',
      headers: { 'content-type': manifest.mediaType },
      body: JSON.stringify(manifest),
    })

    async function describe(mediaType: string, bytes: Buffer) {
      return { mediaType, digest: await blob(repository, bytes), size: bytes.length }
    }
  }

  return { ask, blob, image }
}

async function expectStatus(status: number, answer: Promise<Response>): Promise<Response> {
  const response = await answer
  if (response.status === status) return response
  throw new Error(`${response.status} in place of ${status} from ${response.url}: ${await response.text()}`)
}

export const locationOf = (response: Response): string => response.headers.get('location') ?? ''
