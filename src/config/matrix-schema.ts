import { z } from 'zod'
import { someOf } from '../schema/fields.ts'
import { mention } from './mention.ts'

const valueSchema = z
  .union([z.string(), z.number(), z.boolean()])
  .refine(
    value => typeof value !== 'number' || Number.isInteger(value),
    'text: put it in quotes, since YAML takes 1.10 for 1.1',
  )
  .transform(String)

const combinationSchema = z
  .record(z.string(), valueSchema)
  .refine(values => Object.keys(values).length > 0, 'at least one key')

/** The values that an image is built in: one image for each combination of them. */
export const matrixSchema = z
  .object({
    include: z.array(combinationSchema).min(1).optional().describe('Further combinations, each with all its values'),
    exclude: z
      .array(combinationSchema)
      .min(1)
      .optional()
      .describe('Combinations that there are not: all that have these values'),
  })
  .catchall(someOf(valueSchema))
  .describe(`One image for each combination of values, which its other keys name as GitHub does: ${mention('os')}`)

export type Matrix = z.output<typeof matrixSchema>
