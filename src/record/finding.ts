import { z } from 'zod'

export const severitySchema = z.enum(['unknown', 'low', 'medium', 'high', 'critical'])
export type Severity = z.infer<typeof severitySchema>

export const severityRank = (severity: Severity): number => severitySchema.options.indexOf(severity)

/** A place in the repository: path relative to its root, lines and columns from 1. */
export const locationSchema = z.object({
  file: z.string(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
})
export type Location = z.infer<typeof locationSchema>

/** One thing that a tool found: in the source (with a location) or in an image (with a package). */
export const findingSchema = z.object({
  tool: z.string(),
  rule: z.string(),
  severity: severitySchema,
  message: z.string(),
  /** what helps to understand it: the last lines of a log */
  detail: z.string().optional(),
  location: locationSchema.optional(),
  package: z.object({ name: z.string(), installed: z.string(), fixed: z.string().optional() }).optional(),
  url: z.string().optional(),
  /** true where the configuration lets this finding turn the verdict red */
  blocking: z.boolean(),
})
export type Finding = z.infer<typeof findingSchema>
