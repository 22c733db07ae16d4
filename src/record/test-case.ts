import { z } from 'zod'
import { locationSchema } from './finding.ts'

/** One test or assertion. `error`: the test could not say (request refused, script threw). Times in ms. */
export const testCaseSchema = z.object({
  suite: z.string(),
  name: z.string(),
  status: z.enum(['passed', 'failed', 'error', 'skipped']),
  duration: z.number().nonnegative(),
  message: z.string().optional(),
  /** what helps to understand a failure: request, response excerpt, server log lines */
  detail: z.string().optional(),
  location: locationSchema.optional(),
})
export type TestCase = z.infer<typeof testCaseSchema>
