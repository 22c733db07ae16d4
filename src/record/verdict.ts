import { z } from 'zod'
import { digestSchema } from './image.ts'

/**
 * How a task ended. `failed`: it looked and said no. `broken`: it could not look. `cancelled`: it was not let to end,
 * or a need of it has no value. `skipped`: not asked for here, with a reason.
 */
export const statusSchema = z.enum(['passed', 'failed', 'broken', 'cancelled', 'skipped'])
export type Status = z.infer<typeof statusSchema>

/** What a verdict is about: the digest of an image, or the source of this revision. */
export const subjectSchema = z.union([z.literal('source'), digestSchema])
export type Subject = z.infer<typeof subjectSchema>

export const verdictSchema = z.object({
  task: z.string(),
  subject: subjectSchema,
  status: statusSchema,
  blocking: z.boolean(),
  reason: z.string().optional(),
})
export type Verdict = z.infer<typeof verdictSchema>
