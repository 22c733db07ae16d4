import { createHash } from 'node:crypto'

/** A repository in a registry that takes pushes from anybody, over plain HTTP. */
export interface Repository {
  readonly address: string
  readonly name: string
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const EMPTY = 'application/vnd.oci.empty.v1+json'

interface Artifact {
  readonly tag: string
  readonly mediaType: string
  readonly title: string
  readonly version: string
  readonly content: Buffer
}

/** Pushes one file as an OCI artifact: one layer, an empty configuration. */
export async function pushArtifact(repository: Repository, { tag, mediaType, title, version, content }: Artifact) {
  const config = { mediaType: EMPTY, ...(await pushBlob(repository, Buffer.from('{}'))) }
  const annotations = { 'org.opencontainers.image.title': title }
  const layer = { mediaType, ...(await pushBlob(repository, content)), annotations }
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config,
    layers: [layer],
    annotations: { 'org.opencontainers.image.version': version },
  }
  await request(url(repository, `manifests/${tag}`), {
    method: 'PUT',
    headers: { 'content-type': MANIFEST },
    body: JSON.stringify(manifest),
  })
}

/** The version that `pushArtifact` noted, or undefined when there is no such artifact. */
export async function artifactVersion(repository: Repository, tag: string): Promise<string | undefined> {
  const options = { headers: { accept: MANIFEST }, signal: AbortSignal.timeout(2000) }
  const response = await fetch(url(repository, `manifests/${tag}`), options).catch(() => undefined)
  if (!response?.ok) return undefined
  const manifest: { annotations?: Record<string, string> } = JSON.parse(await response.text())
  return manifest.annotations?.['org.opencontainers.image.version']
}

async function pushBlob(repository: Repository, content: Buffer) {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
  const started = await request(url(repository, 'blobs/uploads/'), { method: 'POST' })
  const location = new URL(started.headers.get('location') ?? '', url(repository, ''))
  location.searchParams.set('digest', digest)
  const headers = { 'content-type': 'application/octet-stream' }
  await request(location.href, { method: 'PUT', headers, body: new Uint8Array(content) })
  return { digest, size: content.length }
}

async function request(address: string, init: RequestInit): Promise<Response> {
  const response = await fetch(address, { ...init, signal: AbortSignal.timeout(20_000) })
  if (!response.ok) throw new Error(`${init.method} ${address} answered ${response.status}: ${await response.text()}`)
  return response
}

const url = ({ address, name }: Repository, path: string): string => `http://${address}/v2/${name}/${path}`
