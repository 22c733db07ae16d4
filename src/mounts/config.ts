import { z } from 'zod'
import { sizeSchema } from '../schema/fields.ts'

const settings = z.strictObject({
  'max-size': sizeSchema
    .prefault('2 GB')
    .describe('A mount that holds more is not kept: every run that meets it would move it'),
  path: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder to keep them in; the cache service of GitHub Actions, or the cache directory of the user, when not given',
    ),
  image: z
    .string()
    .min(1)
    .optional()
    .describe('Image with sh and tar that moves the files; that of the stage with the mounts when not given'),
})
export type MountsConfig = z.output<typeof settings>

/** The key `cache-mounts`: `true` is all by default, `false` is off. */
export const mountsConfigSchema = z
  .union([z.boolean(), settings])
  .transform(value => (value === true ? settings.parse({}) : value))
  .describe('Keeps what RUN --mount=type=cache mounts hold between runs')
