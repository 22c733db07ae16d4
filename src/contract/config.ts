import { z } from 'zod'
import { sizeSchema } from '../schema/fields.ts'

/** The `contract` section: what the image that ships must be. */
export const contractConfigSchema = z.strictObject({
  user: z.enum(['non-root', 'any']).default('non-root').describe('non-root: the image names a user other than root'),
  size: sizeSchema
    .optional()
    .describe('Largest size as a registry stores and sends it (compressed layers): 250 MB, 1 GiB'),
})
export type ContractConfig = z.output<typeof contractConfigSchema>
