import { z } from 'zod'
import { listOf, pathSchema, secretNameSchema, textSchema, variableSchema } from '../schema/fields.ts'

/** The `build` section: inputs of the build action, flags of `pce build`. */
export const buildConfigSchema = z.strictObject({
  file: pathSchema
    .optional()
    .describe('Dockerfile, relative to the repository; Dockerfile in the context when not given'),
  context: pathSchema.default('.').describe('Build context, relative to the repository'),
  target: z.string().min(1).optional().describe('Stage of the image that ships; the last one when not given'),
  'build-args': z.record(variableSchema, textSchema).default({}).describe('Build arguments, one NAME=value a line'),
  secrets: listOf(secretNameSchema)
    .default([])
    .describe('Names of environment variables that the build may read as secrets (RUN --mount=type=secret,id=NAME)'),
  labels: z.record(z.string(), textSchema).default({}).describe('Labels besides the OCI ones, one name=value a line'),
})
export type BuildConfig = z.output<typeof buildConfigSchema>

export const cacheConfigSchema = z.strictObject({
  type: z.enum(['local', 'none']).default('local').describe('Where the layer cache is kept between runs'),
  path: z
    .string()
    .min(1)
    .optional()
    .describe('Folder of the local cache; the cache directory of the user when not given'),
})
export type CacheConfig = z.output<typeof cacheConfigSchema>
