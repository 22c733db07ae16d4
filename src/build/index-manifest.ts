import { createHash } from 'node:crypto'
import { OutsideError } from '../errors.ts'
import type { Descriptor, Digest } from '../record/image.ts'
import type { IndexManifest } from '../registry/registry.ts'

/** A manifest of one platform in an index, as the index names it. */
interface PlatformManifest extends Descriptor {
  /** `linux/arm64` or `linux/arm/v7` */
  readonly platform: string
}

interface Listed {
  readonly manifests: readonly PlatformManifest[]
  /** provenance and SBOM of those manifests, which name them in their annotations */
  readonly attestations: readonly Descriptor[]
  /** of the index itself */
  readonly annotations?: Readonly<Record<string, string>> | undefined
}

export const indexMediaType = 'application/vnd.oci.image.index.v1+json'

/**
 * Pure: an image index (OCI image-spec, image-index.md), the same bytes for the same members. Attestations come last, of
 * platform unknown/unknown, as BuildKit stores them (moby/buildkit docs/attestations/attestation-storage.md).
 */
export function renderIndex({ manifests, attestations, annotations = {} }: Listed): {
  readonly digest: Digest
  readonly text: string
} {
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: indexMediaType,
    manifests: [
      ...manifests.map(({ platform, ...manifest }) => entryOf(manifest, platformOf(platform))),
      ...attestations.map(one => entryOf(one, { architecture: 'unknown', os: 'unknown' })),
    ],
    ...(Object.keys(annotations).length === 0 ? {} : { annotations: sorted(annotations) }),
  })
  return { digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, text }
}

/**
 * Pure: the manifest of the platform, and what attests it, in the index that BuildKit makes of a build with attestations.
 * The manifest is the one that the build has without them, so it is what is tested, scanned and judged.
 */
export function splitIndex({ manifests }: IndexManifest): {
  readonly digest: Digest
  readonly attestations: readonly Descriptor[]
} {
  const [image, ...others] = manifests.filter(({ annotations = {} }) => !(referenceType in annotations))
  if (image === undefined || others.length > 0)
    throw new OutsideError(`BuildKit gave an index of ${manifests.length} manifests where one image was asked for`)
  return { digest: image.digest, attestations: manifests.filter(one => one !== image).map(descriptorOf) }
}

const referenceType = 'vnd.docker.reference.type'

const descriptorOf = ({ mediaType, digest, size, annotations }: IndexManifest['manifests'][number]): Descriptor => ({
  mediaType,
  digest,
  size,
  ...(annotations === undefined ? {} : { annotations }),
})

interface Platform {
  readonly architecture: string
  readonly os: string
  readonly variant?: string
}

const entryOf = ({ mediaType, digest, size, annotations = {} }: Descriptor, platform: Platform) => ({
  mediaType,
  digest,
  size,
  ...(Object.keys(annotations).length === 0 ? {} : { annotations: sorted(annotations) }),
  platform,
})

function platformOf(text: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/')
  return { architecture, os, ...(variant === undefined ? {} : { variant }) }
}

const sorted = (record: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
