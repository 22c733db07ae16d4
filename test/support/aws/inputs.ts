import { z } from 'zod'
import { Refusal } from './refusal.ts'

/** Inputs of ECR's API, by the limits of its reference. Unknown members are refused: a client has mistyped them. */

const nameSource = '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*'
const repositoryName = z
  .string()
  .regex(new RegExp(`^${nameSource}$`), `must satisfy regular expression '${nameSource}'`)
  .min(2, 'must have length greater than or equal to 2')
  .max(256, 'must have length less than or equal to 256')
const registryId = z
  .string()
  .regex(/^\d{12}$/, "must satisfy regular expression '[0-9]{12}'")
  .optional()
const tags = z.array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) })).max(200)
const filters = z
  .array(z.strictObject({ filterType: z.literal('WILDCARD'), filter: z.string().regex(/^[0-9a-zA-Z._*-]{1,128}$/) }))
  .min(1)
  .max(5)
  .optional()
const mutability = z.enum(['MUTABLE', 'IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION', 'MUTABLE_WITH_EXCLUSION'])
const scanning = z.strictObject({ scanOnPush: z.boolean().default(false) })

interface Mutability {
  imageTagMutability?: string | undefined
  imageTagMutabilityExclusionFilters?: readonly object[] | undefined
}
const together = ({ imageTagMutability, imageTagMutabilityExclusionFilters: filters }: Mutability): boolean =>
  imageTagMutability?.endsWith('_WITH_EXCLUSION') === true ? filters !== undefined : filters === undefined
const apart = { path: ['imageTagMutabilityExclusionFilters'], error: 'must come with a mutability that has exclusions' }

export const inputs = {
  getAuthorizationToken: z.strictObject({
    registryIds: z
      .array(z.string().regex(/^\d{12}$/))
      .min(1)
      .max(10)
      .optional(),
  }),
  describeRepositories: z
    .strictObject({
      registryId,
      repositoryNames: z.array(repositoryName).min(1).max(100).optional(),
      nextToken: z.string().optional(),
      maxResults: z.int().min(1).max(1000).optional(),
    })
    .refine(({ repositoryNames, nextToken, maxResults }) => !repositoryNames || (!nextToken && !maxResults), {
      path: ['maxResults'],
      error: 'must not come with repositoryNames',
    }),
  createRepository: z
    .strictObject({
      registryId,
      repositoryName,
      tags: tags.optional(),
      imageTagMutability: mutability.default('MUTABLE'),
      imageTagMutabilityExclusionFilters: filters,
      imageScanningConfiguration: scanning.optional(),
      encryptionConfiguration: z
        .strictObject({
          encryptionType: z.enum(['AES256', 'KMS', 'KMS_DSSE']),
          kmsKey: z.string().min(1).max(2048).optional(),
        })
        .optional(),
    })
    .refine(together, apart),
  putImageTagMutability: z
    .strictObject({
      registryId,
      repositoryName,
      imageTagMutability: mutability,
      imageTagMutabilityExclusionFilters: filters,
    })
    .refine(together, apart),
  putLifecyclePolicy: z.strictObject({
    registryId,
    repositoryName,
    lifecyclePolicyText: z.string().min(100).max(30_720),
  }),
  oneRepository: z.strictObject({ registryId, repositoryName }),
  tagResource: z.strictObject({ resourceArn: z.string(), tags }),
  oneResource: z.strictObject({ resourceArn: z.string() }),
  nothing: z.strictObject({}),
}

const tagSelection = z.strictObject({
  tagStatus: z.enum(['tagged', 'untagged', 'any']),
  tagPrefixList: z.array(z.string()).min(1).optional(),
  tagPatternList: z.array(z.string()).min(1).optional(),
  countType: z.enum(['imageCountMoreThan', 'sinceImagePushed']),
  countUnit: z.literal('days').optional(),
  countNumber: z.int().positive(),
})
const lifecyclePolicySchema = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        rulePriority: z.int().positive(),
        description: z.string().optional(),
        selection: tagSelection,
        action: z.strictObject({ type: z.literal('expire') }),
      }),
    )
    .min(1)
    .max(50)
    .refine(rules => new Set(rules.map(rule => rule.rulePriority)).size === rules.length, 'priorities must be unique'),
})

/** Throws an InvalidParameterException about the first violation, as ECR does. */
export function readInput<T>(schema: z.ZodType<T>, body: unknown): T {
  const { data, error } = schema.safeParse(body)
  if (data !== undefined) return data
  const [issue] = error?.issues ?? []
  throw invalidParameter(issue?.path.join('.') ?? '', issue?.message ?? '')
}

export function checkLifecyclePolicy(text: string): void {
  const fail = (why: string) => invalidParameter('LifecyclePolicyText', `Lifecycle policy validation failure: ${why}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw fail('Could not map policyString into LifecyclePolicy.')
  }
  const { error } = lifecyclePolicySchema.safeParse(value)
  if (error) throw fail(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
}

export const invalidParameter = (name: string, constraint: string): Refusal =>
  new Refusal(
    'InvalidParameterException',
    `Invalid parameter at '${name}' failed to satisfy constraint: '${constraint}'`,
  )
