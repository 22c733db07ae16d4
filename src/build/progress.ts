import { z } from 'zod'
import type { Vertex } from '../record/part.ts'

/**
 * A line of `--progress=rawjson`: BuildKit's SolveStatus (moby/buildkit client/graph.go). Times are ISO 8601, log data
 * is base64. Unknown members are left alone.
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
  logs: z.array(z.looseObject({ vertex: z.string(), data: z.string().optional() })).optional(),
})

/** What BuildKit said so far. */
export interface Progress {
  /** takes a line of output; gives lines for people */
  read(line: string): readonly string[]
  readonly vertices: readonly Vertex[]
  /** the last log lines of the step that failed */
  readonly failure: { readonly name: string; readonly error: string; readonly log: readonly string[] } | undefined
  /** lines that were not progress: buildx's own last words, with the place in the Dockerfile */
  readonly rest: readonly string[]
}

export function createProgress(): Progress {
  const vertices = new Map<string, Vertex>()
  const logs = new Map<string, string>()
  const rest: string[] = []
  return {
    read(line) {
      const status = parse(line)
      if (status === undefined) {
        rest.push(line)
        return line.trim() === '' ? [] : [line]
      }
      const changes = (status.vertexes ?? []).flatMap(vertex => noteVertex(vertices, vertex))
      return [...changes, ...(status.logs ?? []).flatMap(({ vertex, data }) => noteLog(logs, vertex, data ?? ''))]
    },
    get vertices() {
      return [...vertices.values()]
    },
    get failure() {
      const failed = [...vertices.values()].find(({ error }) => error !== undefined && !/\bcanceled\b/.test(error))
      if (failed === undefined) return undefined
      const log = (logs.get(failed.digest) ?? '').trimEnd().split('\n').slice(-20)
      return { name: failed.name, error: failed.error ?? '', log }
    },
    rest,
  }
}

type Status = z.infer<typeof statusSchema>
type Told = NonNullable<Status['vertexes']>[number]

function parse(line: string): Status | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return statusSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

function noteVertex(vertices: Map<string, Vertex>, told: Told): string[] {
  const before = vertices.get(told.digest)
  const { digest, name, completed, error } = { ...before, ...told }
  // A step may start anew, a pull for each layer: it goes from the first start to the last end.
  const started = before?.started ?? told.started
  const cached = told.cached ?? before?.cached ?? false
  const vertex = { digest, name, cached, ...defined({ started, completed, error: error === '' ? undefined : error }) }
  vertices.set(digest, vertex)
  if (completed === undefined || before?.completed !== undefined) return []
  return [`${cached ? 'CACHED' : error ? 'ERROR' : 'DONE'} ${secondsOf(vertex)}${name}`]
}

function noteLog(logs: Map<string, string>, vertex: string, data: string): string[] {
  const text = Buffer.from(data, 'base64').toString('utf8')
  logs.set(vertex, ((logs.get(vertex) ?? '') + text).slice(-20_000))
  return text.trimEnd().split('\n')
}

function secondsOf({ started, completed, cached }: Vertex): string {
  if (cached || started === undefined || completed === undefined) return ''
  return `${((Date.parse(completed) - Date.parse(started)) / 1000).toFixed(1)}s `
}

const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
