import { createHash } from 'node:crypto'
import { z } from 'zod'
import { OutsideError } from '../errors.ts'
import { type Digest, digestSchema, type Image } from '../record/image.ts'

const descriptor = z.looseObject({ mediaType: z.string(), digest: digestSchema, size: z.number() })

/** An image manifest (OCI image-spec, manifest.md; Docker's schema 2 has the same members). Sizes in bytes. */
const manifestSchema = z.looseObject({
  mediaType: z.string().optional(),
  config: descriptor,
  layers: z.array(descriptor),
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

const accept = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

type Source = Pick<Image, 'repository' | 'digest'>

/** The manifest of an image in staging. @throws OutsideError when staging does not have it. */
export async function readManifest(image: Source, signal: AbortSignal): Promise<Manifest> {
  return manifestSchema.parse(
    await read(image.repository, { path: `manifests/${image.digest}`, digest: image.digest }, signal),
  )
}

/** The configuration of an image in staging. */
export async function readConfiguration(image: Source, signal: AbortSignal): Promise<ImageConfiguration> {
  const { config } = await readManifest(image, signal)
  return configSchema.parse(await readBlob(image.repository, config.digest, signal))
}

const readBlob = (repository: string, digest: Digest, signal: AbortSignal) =>
  read(repository, { path: `blobs/${digest}`, digest }, signal)

interface Wanted {
  readonly path: string
  readonly digest: Digest
}

// Staging speaks plain HTTP on the loopback and asks for no login (OCI distribution-spec, "Pulling manifests").
async function read(repository: string, { path, digest }: Wanted, signal: AbortSignal): Promise<unknown> {
  const slash = repository.indexOf('/')
  const url = `http://${repository.slice(0, slash)}/v2${repository.slice(slash)}/${path}`
  const response = await fetch(url, { headers: { accept }, signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new OutsideError(`Staging does not answer on ${url}: is the run still open?`, { cause })
  })
  if (!response.ok) throw new OutsideError(`Staging answered ${response.status} for ${url}`)
  const bytes = Buffer.from(await response.arrayBuffer())
  // A verdict is about a digest: the bytes that it was read from must have it.
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (found !== digest) throw new OutsideError(`Staging gave other bytes (${found}) for ${url}`)
  return JSON.parse(bytes.toString('utf8'))
}
