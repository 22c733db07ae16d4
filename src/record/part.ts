import { z } from 'zod'
import { cacheUseSchema } from './cache-use.ts'
import { findingSchema } from './finding.ts'
import { imageSchema, indexSchema } from './image.ts'
import { testCaseSchema } from './test-case.ts'
import { statusSchema, subjectSchema } from './verdict.ts'

/** A program that a task used. */
export const programSchema = z.object({
  name: z.string(),
  version: z.string(),
  path: z.string().describe('Where it is; of BuildKit (buildkit) its builder, one entry for each node'),
  image: z
    .string()
    .optional()
    .describe(
      'Of a BuildKit in a container the image, with its digest where the engine pulled it: moby/buildkit@sha256:…; pce lock pins that',
    ),
})
export type Used = z.infer<typeof programSchema>

/** One step of a build as BuildKit tells it. Times are ISO 8601; `cached` steps did no work. */
const vertexSchema = z.object({
  name: z.string(),
  digest: z.string(),
  cached: z.boolean(),
  started: z.string().optional(),
  completed: z.string().optional(),
  error: z.string().optional(),
  /** what was sent to the builder or pulled for it */
  bytes: z.number().optional(),
})
export type Vertex = z.infer<typeof vertexSchema>

/** An image that another was built on: `docker.io/library/debian:bookworm-slim`, and what that was then. */
const baseSchema = z
  .object({ image: z.string(), digest: z.string() })
  .describe(
    'An image that a build stood on, by tag and digest: of FROM, COPY --from, # syntax=, the SBOM; pce lock pins it',
  )
export type Base = z.infer<typeof baseSchema>

/** A tag in a target registry and what it points at. */
export const pushedSchema = z.object({ reference: z.string(), digest: z.string() })
export type Pushed = z.infer<typeof pushedSchema>

/** Why a task is `broken`: `user` can be mended here, `outside` elsewhere, `bug` is ours. */
const faultSchema = z.object({ kind: z.enum(['user', 'outside', 'bug']), message: z.string() })
export type Fault = z.infer<typeof faultSchema>

/** What a task found out besides its value. All of it goes into the record. */
const evidenceSchema = z.object({
  reason: z.string().optional(),
  subject: subjectSchema.optional(),
  images: z.array(imageSchema).optional(),
  indexes: z.array(indexSchema).optional(),
  findings: z.array(findingSchema).optional(),
  tests: z.array(testCaseSchema).optional(),
  programs: z.array(programSchema).optional(),
  vertices: z.array(vertexSchema).optional(),
  bases: z.array(baseSchema).optional(),
  pushed: z.array(pushedSchema).optional(),
  cache: cacheUseSchema.optional(),
})
export type Evidence = z.infer<typeof evidenceSchema>

/** The end of one task, as `parts/<id>.json` keeps it. `value` is what later tasks take; it never holds a secret. */
export const partSchema = evidenceSchema.extend({
  task: z.string(),
  kind: z.enum(['work', 'blocking', 'advisory']),
  status: statusSchema,
  started: z.string(),
  ended: z.string(),
  /** a hash of the task's request, so that a part is taken over only for the same question */
  request: z.string(),
  /** the source that it was done on (16 hex digits); empty where Git can't say */
  source: z.string().optional(),
  value: z.json().optional(),
  fault: faultSchema.optional(),
  /** the last lines of the task's log, kept when it did not pass */
  log: z.array(z.string()).optional(),
})
export type Part = z.infer<typeof partSchema>
