import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { z } from 'zod'
import { OutsideError } from '../errors.ts'
import { type Descriptor, type Digest, digestSchema, type Image } from '../record/image.ts'
import { type Entry, readTar } from './tar.ts'

const descriptor = z.looseObject({ mediaType: z.string(), digest: digestSchema, size: z.number() })

/** An image manifest (OCI image-spec, manifest.md; Docker's schema 2 has the same members). Sizes in bytes. */
const manifestSchema = z.looseObject({
  mediaType: z.string().optional(),
  config: descriptor,
  // BuildKit writes null for an image without any.
  layers: z
    .array(descriptor)
    .nullable()
    .transform(layers => layers ?? []),
  annotations: z.record(z.string(), z.string()).optional(),
})
export type Manifest = z.infer<typeof manifestSchema>

/** An image configuration (OCI image-spec, config.md), as far as we read it. */
const configSchema = z.looseObject({
  architecture: z.string(),
  os: z.string(),
  variant: z.string().optional(),
  config: z
    .looseObject({
      User: z.string().optional(),
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .optional(),
})
export type ImageConfiguration = z.infer<typeof configSchema>

/** An image index (OCI image-spec, image-index.md; Docker's manifest list has the same members). */
const indexSchema = z.looseObject({
  manifests: z.array(
    z.looseObject({
      mediaType: z.string(),
      digest: digestSchema,
      size: z.number(),
      annotations: z.record(z.string(), z.string()).optional(),
      platform: z.looseObject({ architecture: z.string(), os: z.string(), variant: z.string().optional() }).optional(),
    }),
  ),
})
export type IndexManifest = z.infer<typeof indexSchema>

const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]

const accept = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  ...indexTypes,
].join(', ')

export const isIndexType = (mediaType: string): boolean => indexTypes.includes(mediaType)

type Source = Pick<Image, 'repository' | 'digest'>

/** The manifest of an image in staging. @throws OutsideError when staging does not have it. */
export async function readManifest(image: Source, signal: AbortSignal): Promise<Manifest> {
  return manifestSchema.parse(JSON.parse((await readBytes(manifestOf(image), signal)).toString('utf8')))
}

/** The index of that digest in staging. @throws OutsideError when staging does not have it. */
export async function readIndex(index: Source, signal: AbortSignal): Promise<IndexManifest> {
  return indexSchema.parse(JSON.parse((await readBytes(manifestOf(index), signal)).toString('utf8')))
}

/** What a manifest in staging is, for an index that lists it. */
export async function describeManifest(image: Source, signal: AbortSignal): Promise<Descriptor> {
  const bytes = await readBytes(manifestOf(image), signal)
  const { mediaType } = manifestSchema.parse(JSON.parse(bytes.toString('utf8')))
  // A manifest of OCI need not name its type (image-spec, manifest.md).
  return {
    mediaType: mediaType ?? 'application/vnd.oci.image.manifest.v1+json',
    digest: image.digest,
    size: bytes.length,
  }
}

/** Puts a manifest or an index into staging, by digest (OCI distribution-spec, "Pushing Manifests"). */
export async function putManifest(
  { repository, digest }: Source,
  { mediaType, text }: { readonly mediaType: string; readonly text: string },
  signal: AbortSignal,
): Promise<void> {
  const url = addressOf({ repository, path: `manifests/${digest}` })
  const response = await ask(url, { method: 'PUT', headers: { 'content-type': mediaType }, body: text, signal })
  if (!response.ok) throw new OutsideError(`Staging answered ${response.status} to ${url}: ${await response.text()}`)
}

/** The configuration of an image in staging. */
export async function readConfiguration(image: Source, signal: AbortSignal): Promise<ImageConfiguration> {
  const { config } = await readManifest(image, signal)
  return configSchema.parse(await readBlob(image.repository, config.digest, signal))
}

/** The entries of a layer in staging, each path as its last entry has it. @throws OutsideError */
export async function readLayer(
  repository: string,
  { digest, mediaType }: Pick<Descriptor, 'digest' | 'mediaType'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Entry>> {
  const url = addressOf({ repository, path: `blobs/${digest}` })
  const { ok, status, body } = await ask(url, { signal })
  if (!ok || body === null) throw new OutsideError(`Staging answered ${status} for ${url}`)
  const entries = new Map<string, Entry>()
  for await (const entry of readTar(unpacked(Readable.fromWeb(body), mediaType))) entries.set(entry.path, entry)
  return entries
}

/** Media types of layers end with their compression (OCI image-spec, layer.md). */
function unpacked(stream: Readable, mediaType: string): AsyncIterable<Uint8Array> {
  const unpack = /[+.]gzip$/.test(mediaType)
    ? createGunzip()
    : /\+zstd$/.test(mediaType)
      ? createZstdDecompress()
      : undefined
  return unpack === undefined ? stream : pipeline(stream, unpack, () => {})
}

/** A blob of JSON in staging, such as an attestation. */
export const readBlob = async (repository: string, digest: Digest, signal: AbortSignal): Promise<unknown> =>
  JSON.parse((await readBytes({ repository, path: `blobs/${digest}`, digest }, signal)).toString('utf8'))

interface Wanted {
  readonly repository: string
  readonly path: string
  readonly digest: Digest
}

const manifestOf = ({ repository, digest }: Source): Wanted => ({ repository, path: `manifests/${digest}`, digest })

// Staging speaks plain HTTP on the loopback and asks for no login (OCI distribution-spec, "Pulling manifests").
function addressOf({ repository, path }: Pick<Wanted, 'repository' | 'path'>): string {
  const slash = repository.indexOf('/')
  return `http://${repository.slice(0, slash)}/v2${repository.slice(slash)}/${path}`
}

function ask(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  return fetch(url, init).catch((cause: unknown) => {
    init.signal.throwIfAborted()
    throw new OutsideError(`Staging does not answer on ${url}: is the run still open?`, { cause })
  })
}

async function readBytes({ repository, path, digest }: Wanted, signal: AbortSignal): Promise<Buffer> {
  const url = addressOf({ repository, path })
  const response = await ask(url, { headers: { accept }, signal })
  if (!response.ok) throw new OutsideError(`Staging answered ${response.status} for ${url}`)
  const bytes = Buffer.from(await response.arrayBuffer())
  // A verdict is about a digest: the bytes that it was read from must have it.
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (found !== digest) throw new OutsideError(`Staging gave other bytes (${found}) for ${url}`)
  return bytes
}
