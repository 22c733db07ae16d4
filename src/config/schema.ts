import { z } from 'zod'
import { buildConfigSchema, cacheConfigSchema } from '../build/config.ts'
import { checksConfigSchema, hadolintConfigSchema } from '../check/config.ts'
import { contractConfigSchema } from '../contract/config.ts'
import { registryHostSchema } from '../login/config.ts'
import { tagRuleSchema } from '../push/config.ts'
import { scanConfigSchema } from '../scan/config.ts'
import { listOf, pathSchema } from '../schema/fields.ts'
import { appConfigSchema, newmanConfigSchema, servicesConfigSchema, unitConfigSchema } from '../test/config.ts'

/** A repository path in a registry, without host, tag and digest (OCI distribution-spec, "Pulling manifests"). */
const imageNameSchema = z
  .string()
  .regex(
    /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/,
    'a repository name such as acme/web: lower case, without host, tag or digest',
  )

const platformSchema = z
  .string()
  .regex(/^(native|[a-z0-9]+\/[a-z0-9_]+(\/v\d+)?)$/, 'a platform such as linux/amd64, or native')

/** The keys that belong to one image; at the root they are the defaults of all. */
const imageKeys = {
  platforms: listOf(platformSchema).optional().describe('Platforms to build for; native is that of the engine'),
  build: buildConfigSchema.prefault({}).describe('How the image is built'),
  unit: unitConfigSchema.optional().describe('Unit tests in their own target, on the services'),
  app: appConfigSchema.optional().describe('How the image is started for its tests'),
  newman: newmanConfigSchema.optional().describe('Postman collections, run against the image that ships'),
  contract: contractConfigSchema.prefault({}).describe('What the image must be'),
  tags: listOf(tagRuleSchema).optional().describe('Tags and tag rules; type=ref and type=sha when not given'),
}

const oneImageSchema = z.strictObject({ image: imageNameSchema.optional(), ...imageKeys })

/** The whole of `pce.yml`. */
export const configSchema = z.strictObject({
  image: imageNameSchema.optional().describe('Repository name of the image: acme/web'),
  images: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a name of lower-case letters, digits, dashes'), oneImageSchema)
    .optional()
    .describe('Several images by name, each with the keys below; the root holds the defaults'),
  registries: listOf(registryHostSchema).default([]).describe('Registry hosts to push to, once every gate has passed'),
  checks: checksConfigSchema.default({}).describe('Source checks by name, side by side'),
  hadolint: hadolintConfigSchema.default(true),
  scan: scanConfigSchema.prefault({}).describe('Vulnerabilities, secrets, misconfiguration'),
  services: servicesConfigSchema.optional().describe('Services that the tests need, by name'),
  compose: pathSchema.optional().describe('Compose file with the services; app and tests in it are replaced'),
  cache: cacheConfigSchema.prefault({}).describe('Layer cache between runs'),
  ...imageKeys,
})
export type ConfigFile = z.output<typeof configSchema>
export type ConfigInput = z.input<typeof configSchema>
