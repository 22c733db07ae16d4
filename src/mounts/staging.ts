import { createHash } from 'node:crypto'
import { createWriteStream, openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { OutsideError } from '../errors.ts'
import { type Digest, digestSchema } from '../record/image.ts'
import { readConfiguration, readManifest } from '../registry/registry.ts'
import { type Layer, layerFileOf, writeArchive } from './archive.ts'

/** The repository in staging that layers of mounts go through: the builder reads and writes there without a detour. */
export const repositoryOf = (host: string): string => `${host}/pce-mounts`

const urlOf = (host: string, path: string): string => `http://${host}/v2/pce-mounts/${path}`

interface Place {
  /** `127.0.0.1:32768` */
  readonly host: string
  readonly signal: AbortSignal
}

/** Puts an archive into staging as an image of one layer; gives its reference. @throws OutsideError */
export async function stageArchive(folder: string, layer: Layer, place: Place): Promise<string> {
  const { mediaType, digest, size, diffId } = layer
  await putBlob(digest, await openAsBlob(layerFileOf(folder)), place)
  const config = Buffer.from(
    JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] }, config: {} }),
  )
  await putBlob(digestOf(config), new Blob([config]), place)
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
      layers: [{ mediaType, digest, size }],
    }),
  )
  const headers = { 'content-type': manifestType }
  await ask(urlOf(place.host, `manifests/${digestOf(manifest)}`), { method: 'PUT', headers, body: manifest }, place)
  return `${repositoryOf(place.host)}@${digestOf(manifest)}`
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** OCI distribution-spec, "Pushing a blob monolithically", with POST then PUT. */
async function putBlob(digest: string, blob: Blob, place: Place): Promise<void> {
  const opened = await ask(urlOf(place.host, 'blobs/uploads/'), { method: 'POST' }, place)
  const location = new URL(opened.headers.get('location') ?? '', opened.url)
  location.searchParams.set('digest', digest)
  const headers = { 'content-type': 'application/octet-stream' }
  await ask(location.href, { method: 'PUT', headers, body: blob }, place)
}

const rootSchema = z.looseObject({ rootfs: z.object({ diff_ids: z.array(digestSchema) }) })

/** The layers of an image in staging, in their order. */
export async function readLayers(digest: Digest, { host, signal }: Place): Promise<readonly Layer[]> {
  const source = { repository: repositoryOf(host), digest }
  const [{ layers }, config] = await Promise.all([readManifest(source, signal), readConfiguration(source, signal)])
  const { diff_ids: ids } = rootSchema.parse(config).rootfs
  return layers.flatMap(({ mediaType, digest: own, size }, index) => {
    const diffId = ids[index]
    return diffId === undefined ? [] : [{ mediaType, digest: own, size, diffId }]
  })
}

/** Fetches a layer into a folder and describes it there: an archive. */
export async function fetchArchive(folder: string, layer: Layer, place: Place): Promise<void> {
  const { body } = await ask(urlOf(place.host, `blobs/${layer.digest}`), {}, place)
  if (body === null) throw new OutsideError(`Staging gave no content for ${layer.digest}`)
  await pipeline(Readable.fromWeb(body), createWriteStream(layerFileOf(folder)), { signal: place.signal })
  await writeArchive(folder, layer)
}

async function ask(url: string, request: RequestInit, { signal }: Place): Promise<Response> {
  const response = await fetch(url, { ...request, signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new OutsideError(`Staging does not answer on ${url}`, { cause })
  })
  if (!response.ok) throw new OutsideError(`Staging answered ${response.status} for ${url}`)
  return response
}
