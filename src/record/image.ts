import { z } from 'zod'

/** A content address: `sha256:` and 64 hex digits (OCI image-spec, descriptor.md, "Digests"). */
export type Digest = `sha256:${string}`

const pattern = /^sha256:[0-9a-f]{64}$/

export const isDigest = (text: string): text is Digest => pattern.test(text)

export const digestSchema = z.custom<Digest>(value => typeof value === 'string' && isDigest(value), 'a sha256 digest')

/** What points at content (OCI image-spec, descriptor.md). `size` in bytes. */
const descriptorSchema = z.object({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.number(),
  annotations: z.record(z.string(), z.string()).optional(),
})
export type Descriptor = z.infer<typeof descriptorSchema>

/**
 * One image of one platform, by digest. `repository` is where it can be read now (`127.0.0.1:5001/web`): staging while
 * the run lives. `digest` is the platform manifest's, never an index's, so what is tested is what is pushed.
 */
export const imageSchema = z.object({
  name: z.string(),
  target: z.string(),
  platform: z.string(),
  digest: digestSchema,
  repository: z.string(),
  /** that of its configuration, which Docker calls the id of an image */
  config: digestSchema.optional(),
  /** what was said about how it was made, beside it in staging: provenance, SBOM */
  attestations: z.array(descriptorSchema).optional(),
})
export type Image = z.infer<typeof imageSchema>

/**
 * What a tag will point at when one manifest is not enough: an image index over the platforms' manifests and what
 * attests them. It lies in staging beside them; `images` are the digests that were judged.
 */
export const indexSchema = z.object({
  name: z.string(),
  digest: digestSchema,
  repository: z.string(),
  images: z.array(digestSchema),
})
export type Index = z.infer<typeof indexSchema>

/** What a tag may point at: the only manifest of an image, or its index. */
export type Staged = Pick<Index, 'name' | 'digest' | 'repository'>

/** `host:port/name@sha256:…`, the only form in which an image is handed on. */
export const referenceOf = ({ repository, digest }: Pick<Image, 'repository' | 'digest'>): string =>
  `${repository}@${digest}`
