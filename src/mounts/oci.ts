import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Digest, digestSchema } from '../record/image.ts'
import type { Layer } from './archive.ts'

export const manifestType = 'application/vnd.oci.image.manifest.v1+json'

/** A document of an image, by its digest. */
export interface Blob {
  readonly digest: Digest
  readonly bytes: Buffer
}

/** An image of one layer (OCI image-spec, manifest.md, config.md). Its platform does not matter: nothing runs in it. */
export function imageOf({ mediaType, digest, size, diffId }: Layer): { manifest: Blob; config: Blob } {
  const rootfs = { type: 'layers', diff_ids: [diffId] }
  const config = blobOf({ architecture: 'amd64', os: 'linux', config: {}, rootfs })
  const about = { mediaType: 'application/vnd.oci.image.config.v1+json', ...pointerTo(config) }
  return {
    config,
    manifest: blobOf({
      schemaVersion: 2,
      mediaType: manifestType,
      config: about,
      layers: [{ mediaType, digest, size }],
    }),
  }
}

export const pointerTo = ({ digest, bytes }: Blob) => ({ digest, size: bytes.length })

function blobOf(value: object): Blob {
  const bytes = Buffer.from(JSON.stringify(value))
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` }
}

const pointer = z.looseObject({ mediaType: z.string(), digest: digestSchema, size: z.number() })
export const manifestSchema = z.looseObject({ config: pointer, layers: z.array(pointer) })
const configSchema = z.looseObject({ rootfs: z.object({ diff_ids: z.array(digestSchema) }) })

/** The layers of an image by its manifest and configuration, in their order. */
export function layersIn(
  { layers }: Pick<z.infer<typeof manifestSchema>, 'layers'>,
  config: unknown,
): readonly Layer[] {
  const ids = configSchema.parse(config).rootfs.diff_ids
  return layers.flatMap(({ mediaType, digest, size }, index) => {
    const diffId = ids[index]
    return diffId === undefined ? [] : [{ mediaType, digest, size, diffId }]
  })
}
