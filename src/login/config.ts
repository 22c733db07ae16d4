import { z } from 'zod'
import { faultOfHost } from '../aws/registry-host.ts'
import { listOf, pathSchema, someOf } from '../schema/fields.ts'

/** A registry host, with a port where it needs one: `ghcr.io`, `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
export const registryHostSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i, 'a registry host such as ghcr.io, without a scheme or a path')
  .superRefine((host, context) => {
    const fault = faultOfHost(host)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  })

const roleSchema = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'the ARN of a role: arn:aws:iam::123456789012:role/ci')
const policySchema = z.string().regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/, 'the ARN of a policy')
const accountSchema = z
  .string()
  .regex(/^\d{12}$/, 'an account of 12 digits, in quotes: YAML takes a bare 012345678901 for a number')

const repositorySchema = z.union([
  z.boolean(),
  z.strictObject({
    immutable: z.boolean().default(false).describe('Whether its tags stay where they are'),
    'scan-on-push': z.boolean().default(false).describe('Whether ECR scans each push'),
    lifecycle: pathSchema.optional().describe('File with its lifecycle policy (JSON)'),
    'kms-key': z.string().min(1).optional().describe('KMS key that encrypts it'),
    tags: z.record(z.string(), z.string()).default({}).describe('Its tags'),
  }),
])

const region = /^[a-z]{2,}(-[a-z0-9]+)+-\d+$/
export const isRegion = (text: string): boolean => region.test(text)

/** The `login` section: how the pipeline becomes somebody in AWS. Names as in configure-aws-credentials. */
export const loginSectionSchema = z.strictObject({
  'role-to-assume': roleSchema
    .optional()
    .describe('Role for ECR registries; without one the AWS credentials that are there serve'),
  'aws-region': z
    .string()
    .regex(region, 'a region such as eu-west-1')
    .optional()
    .describe('Region of STS; that of the first ECR registry when not given'),
  'role-session-name': z.string().min(1).optional().describe('Name of the session; which run it is when not given'),
  'role-duration-seconds': z.number().int().min(900).max(43_200).optional().describe('Life of the session in seconds'),
  'role-external-id': z
    .string()
    .min(2)
    .max(1224)
    .optional()
    .describe('External id that the role asks for (with role-chaining)'),
  'role-chaining': z
    .boolean()
    .default(false)
    .describe('Assume the role with the AWS credentials that are there, not with an ID token'),
  'inline-session-policy': z
    .string()
    .min(2)
    .max(2048)
    .optional()
    .describe('Policy (JSON) that limits the session further'),
  'managed-session-policies': listOf(policySchema)
    .refine(items => items.length <= 10, 'ten at most, which is what STS takes')
    .default([])
    .describe('ARNs of policies that limit the session further'),
  audience: z.string().min(1).default('sts.amazonaws.com').describe('Audience of the ID token'),
  'allowed-account-ids': someOf(accountSchema).default([]).describe('Accounts that may be used; any when not given'),
  'action-timeout-s': z.number().int().min(1).max(3600).default(60).describe('Seconds that a whole login may take'),
  'create-repository': repositorySchema
    .default(false)
    .describe('Make a missing repository in ECR: true, or { immutable, scan-on-push, lifecycle, kms-key, tags }'),
})
export type LoginSection = z.output<typeof loginSectionSchema>

/** Basic authentication ends the name at the first colon (RFC 7617, section 2). */
const usernameSchema = z
  .string()
  .min(1)
  .regex(/^[^:]*$/, 'a user name, which has no colon in it')

/** Inputs of the login action besides the keys of the `login` section. */
export const loginConfigSchema = z.strictObject({
  registries: someOf(registryHostSchema),
  username: usernameSchema.optional(),
  password: z.string().min(1).optional(),
  'export-credentials': z.enum(['true', 'false']).default('false'),
  section: loginSectionSchema,
})
export type LoginConfig = z.output<typeof loginConfigSchema>
