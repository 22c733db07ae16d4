import { z } from 'zod'
import { severitySchema } from '../record/finding.ts'
import { listOf } from '../schema/fields.ts'

/** The `scan` section: inputs of the scan action, flags of `pce scan`. */
export const scanConfigSchema = z.strictObject({
  block: z
    .union([severitySchema.exclude(['unknown']), z.literal('none')])
    .default('high')
    .describe('Severity from which a finding keeps the image from shipping; none only reports'),
  'ignore-unfixed': z.boolean().default(false).describe('Let findings pass for which there is no fixed version'),
  ignore: listOf(z.string().min(1)).default([]).describe('Identifiers of findings to leave out, such as CVE-2026-1234'),
  source: z.boolean().default(true).describe('Scan the source: dependencies, secrets, misconfiguration'),
  image: z.boolean().default(true).describe('Scan the image, at the digest that ships'),
})
export type ScanConfig = z.output<typeof scanConfigSchema>
