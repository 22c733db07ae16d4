import { z } from 'zod'
import { builderConfigSchema } from '../build/builder-config.ts'
import { buildConfigSchema } from '../build/config.ts'
import { cacheConfigSchema } from '../cache/config.ts'
import { checksConfigSchema, hadolintConfigSchema } from '../check/config.ts'
import { contractConfigSchema } from '../contract/config.ts'
import { loginSectionSchema, registryHostSchema } from '../login/config.ts'
import { mountsConfigSchema } from '../mounts/config.ts'
import { scanConfigSchema } from '../scan/config.ts'
import { listOf, pathSchema, someOf } from '../schema/fields.ts'
import { annotationSchema, destinationSchema, flavorSchema, tagRuleSchema } from '../tags/config.ts'
import { appConfigSchema, newmanConfigSchema, servicesConfigSchema, unitConfigSchema } from '../test/config.ts'
import { matrixSchema } from './matrix-schema.ts'

/** An image's name, with or without a host (OCI distribution-spec, "Pulling manifests"). */
const imageNameSchema = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?\/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/,
    'an image name such as acme/web or ghcr.io/acme/web: lower case, without tag or digest',
  )

/** Of Linux those that Go has (go tool dist list): a slip there would be taken for something to emulate. */
const platformSchema = z
  .string()
  .regex(
    /^(native|(linux\/(386|amd64|arm|arm64|loong64|mips64|mips64le|ppc64le|riscv64|s390x)|(?!linux\/)[a-z0-9]+\/[a-z0-9_]+)(\/v\d+)?)$/,
    'a platform such as linux/amd64, or native',
  )

/** The keys that belong to one image; at the root they are the defaults of all. */
const imageKeys = {
  matrix: matrixSchema.optional(),
  platforms: someOf(platformSchema)
    .prefault(['native'])
    .describe('Platforms to build for, such as linux/amd64; native is that of the engine'),
  build: buildConfigSchema.prefault({}).describe('How the image is built'),
  unit: unitConfigSchema.optional().describe('Unit tests in their own target, on the services'),
  app: appConfigSchema.optional().describe('How the image is started for its tests'),
  newman: newmanConfigSchema.optional().describe('Postman collections, run against the image that ships'),
  contract: contractConfigSchema.prefault({}).describe('What the image must be'),
  destinations: listOf(destinationSchema, 'tags')
    .default([])
    .describe('Full names of the image, such as ghcr.io/acme/web, where it is pushed to; in place of registries'),
  tags: listOf(tagRuleSchema, 'tags')
    .refine(tags => tags.length > 0, 'at least one item')
    .prefault(['type=ref', 'type=sha'])
    .describe('Tags, full references (ghcr.io/acme/web:1.2), and rules: type=ref, type=semver,pattern={{version}}, …'),
  flavor: listOf(flavorSchema, 'tags')
    .default([])
    .describe('What holds for all tags: latest=auto, prefix=…, suffix=-alpine,onlatest=true'),
  annotations: listOf(annotationSchema, 'commented')
    .default([])
    .describe('Annotations besides the OCI ones: name=value, or with levels manifest,index:name=value'),
}

export type ImageKey = keyof typeof imageKeys
export const isImageKey = (key: PropertyKey | undefined): key is ImageKey =>
  key !== undefined && Object.hasOwn(imageKeys, key)

/** The keys that are the same for all images. */
const sharedKeys = {
  registries: listOf(registryHostSchema).default([]).describe('Registry hosts to push to, once every gate has passed'),
  login: loginSectionSchema.prefault({}).describe('How the pipeline becomes somebody in AWS, for ECR registries'),
  checks: checksConfigSchema.default({}).describe('Source checks by name, side by side'),
  hadolint: hadolintConfigSchema.default(true),
  scan: scanConfigSchema.prefault({}).describe('Vulnerabilities, secrets, misconfiguration'),
  services: servicesConfigSchema.optional().describe('Services that the tests need, by name'),
  compose: pathSchema.optional().describe('Compose file with the services; app and tests in it are replaced'),
  builder: builderConfigSchema.prefault({}).describe('What builds: the builder of BuildKit, and where it runs'),
  cache: cacheConfigSchema.prefault({}).describe('Layer cache between runs'),
  'cache-mounts': mountsConfigSchema.optional(),
}

const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a name of lower-case letters, digits, dashes')
const repository = imageNameSchema.describe('Name of the image: acme/web, or with a host ghcr.io/acme/web')
const off = z.literal(false)

/** One of several images, as it is written: a section that the root gives to all may be taken away with `false`. */
const oneImageSchema = z.strictObject({
  image: repository,
  ...imageKeys,
  unit: z.union([unitConfigSchema, off]).optional().describe('Unit tests of this image; false: none'),
  app: z.union([appConfigSchema, off]).optional().describe('How this image is started for its tests; false: it is not'),
  newman: z.union([newmanConfigSchema, off]).optional().describe('Postman collections for this image; false: none'),
  matrix: z.union([matrixSchema, off]).optional().describe('Combinations of this image; false: it is one alone'),
})

/** The whole of `pce.yml`, as it is written. */
export const configSchema = z.strictObject({
  image: repository.optional(),
  images: z
    .record(nameSchema, oneImageSchema)
    .optional()
    .describe('Several images by name, each with keys of its own; the root holds the defaults'),
  ...sharedKeys,
  ...imageKeys,
})

/** The configuration once the root's defaults have gone into each image: what the planner takes. */
export const resolvedSchema = z.strictObject({
  images: z
    .record(nameSchema, z.strictObject({ image: imageNameSchema, ...imageKeys }))
    .refine(images => Object.keys(images).length > 0, 'at least one image'),
  ...sharedKeys,
})
