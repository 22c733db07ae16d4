import { z } from 'zod'

/**
 * A line of `--progress=rawjson`: BuildKit's SolveStatus (moby/buildkit client/graph.go). Times are ISO 8601, log data
 * and words of warnings are base64, `current` is in bytes where bytes are moved. Unknown members are left alone.
 */
const statusSchema = z.looseObject({
  vertexes: z
    .array(
      z.looseObject({
        digest: z.string(),
        name: z.string(),
        started: z.string().optional(),
        completed: z.string().optional(),
        cached: z.boolean().optional(),
        error: z.string().optional(),
      }),
    )
    .optional(),
  statuses: z
    .array(
      z.looseObject({
        id: z.string(),
        vertex: z.string(),
        name: z.string().optional(),
        current: z.number().optional(),
        completed: z.string().optional(),
      }),
    )
    .optional(),
  logs: z.array(z.looseObject({ vertex: z.string(), data: z.string().optional() })).optional(),
  warnings: z
    .array(
      z.looseObject({
        short: z.string(),
        url: z.string().optional(),
        sourceInfo: z.looseObject({ filename: z.string().optional() }).nullish(),
        range: z.array(z.looseObject({ start: z.looseObject({ line: z.number().optional() }) })).nullish(),
      }),
    )
    .optional(),
})

type Status = z.infer<typeof statusSchema>
export type ToldVertex = NonNullable<Status['vertexes']>[number]
export type ToldStatus = NonNullable<Status['statuses']>[number]
export type ToldWarning = NonNullable<Status['warnings']>[number]

/** A line of progress; undefined for any other line. */
export function parseStatus(line: string): Status | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return statusSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
