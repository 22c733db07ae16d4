import { z } from 'zod'

/** A content address: `sha256:` and 64 hex digits (OCI image-spec, descriptor.md, "Digests"). */
export type Digest = `sha256:${string}`

const pattern = /^sha256:[0-9a-f]{64}$/

export const isDigest = (text: string): text is Digest => pattern.test(text)

export const digestSchema = z.custom<Digest>(value => typeof value === 'string' && isDigest(value), 'a sha256 digest')

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
})
export type Image = z.infer<typeof imageSchema>

/** `host:port/name@sha256:…`, the only form in which an image is handed on. */
export const referenceOf = ({ repository, digest }: Pick<Image, 'repository' | 'digest'>): string =>
  `${repository}@${digest}`
