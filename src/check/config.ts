import { z } from 'zod'
import { commandSchema, durationSchema } from '../schema/fields.ts'

const gateSchema = z.enum(['blocking', 'advisory'])

const full = z.strictObject({
  run: commandSchema.describe('Command, run in the repository; exit code 0 passes'),
  gate: gateSchema.default('blocking').describe('Whether a failure keeps the image from shipping'),
  weight: z.number().min(0).default(1).describe('Share of the CPUs'),
  timeout: durationSchema.prefault('10 m').describe('Time after which the check counts as broken'),
})

/** One source check: a command, or `{ run, gate, weight, timeout }`. */
const checkSchema = z.union([commandSchema.transform(run => full.parse({ run })), full])
export type Check = z.output<typeof checkSchema>

/** The `checks` section: checks by name, run side by side, each with its own verdict. */
export const checksConfigSchema = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'a name of letters, digits, dots, dashes'),
  checkSchema,
)
export type ChecksConfig = z.output<typeof checksConfigSchema>

/** The `hadolint` section: `true`, `false`, or the level from which it fails. */
export const hadolintConfigSchema = z
  .union([z.boolean(), z.strictObject({ threshold: z.enum(['error', 'warning', 'info', 'style']) })])
  .describe('Lint the Dockerfile: true (fails on warnings), false, or { threshold }')
export type HadolintConfig = z.output<typeof hadolintConfigSchema>
