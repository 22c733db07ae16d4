import { z } from 'zod'

/** What the worker gets on standard input: one line of JSON. Paths are absolute, times in ms. */
export interface WorkerRequest {
  readonly collection: string
  readonly environment?: string
  readonly data?: string
  readonly iterations?: number
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
  readonly timeoutRequest: number
  readonly timeoutScript: number
}

// `ref` names one execution of one item: a loop by setNextRequest runs an item twice under the same position.
const at = { ref: z.string(), position: z.number(), iteration: z.number() }
const count = z.object({ total: z.number(), failed: z.number() })

/** Newman's own counts at the end of a run, to compare ours with. */
const statsSchema = z.object({ requests: count, assertions: count, scripts: count, failures: z.number() })
export type Stats = z.infer<typeof statsSchema>

/** What the worker tells on its pipe, a line of JSON each. Texts hold no secret and no more than 2 kB. */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    /** Newman's */
    version: z.string(),
    iterations: z.number(),
    items: z.array(z.object({ name: z.string(), suite: z.string() })),
  }),
  z.object({ type: z.literal('item'), ...at }),
  z.object({
    type: z.literal('request'),
    ...at,
    /** sent by a script through pm.sendRequest */
    nested: z.boolean(),
    method: z.string(),
    url: z.string(),
    status: z.number().optional(),
    reason: z.string().optional(),
    ms: z.number(),
    excerpt: z.string().optional(),
    error: z.string().optional(),
    /** variables that still stood in the address or the headers when the request was sent */
    unresolved: z.array(z.string()),
  }),
  z.object({
    type: z.literal('assertion'),
    ...at,
    name: z.string(),
    skipped: z.boolean(),
    error: z.string().optional(),
  }),
  z.object({ type: z.literal('script'), ...at, listen: z.string(), error: z.string() }),
  z.object({ type: z.literal('exception'), ...at, error: z.string() }),
  z.object({ type: z.literal('console'), level: z.string(), text: z.string() }),
  z.object({ type: z.literal('done'), error: z.string().optional(), stats: statsSchema.optional() }),
])
export type NewmanEvent = z.infer<typeof eventSchema>
export type EventOf<T extends NewmanEvent['type']> = Extract<NewmanEvent, { type: T }>
