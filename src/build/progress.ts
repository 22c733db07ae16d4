import type { Vertex } from '../record/part.ts'
import { importedFrom } from '../record/steps.ts'
import { parseStatus, type ToldStatus, type ToldVertex, type ToldWarning } from './status.ts'

/** A rule of BuildKit that the Dockerfile breaks, without stopping the build. `line` is from 1. */
export interface Warning {
  readonly rule: string
  readonly message: string
  /** name of the Dockerfile in its folder */
  readonly file: string | undefined
  readonly line: number | undefined
  readonly url: string | undefined
}

/** What BuildKit said so far. */
export interface Progress {
  /** takes a line of output; gives lines for people */
  read(line: string): readonly string[]
  readonly vertices: readonly Vertex[]
  /** each once, in the order of lines */
  readonly warnings: readonly Warning[]
  /** the last log lines of the step that failed */
  readonly failure: { readonly name: string; readonly error: string; readonly log: readonly string[] } | undefined
  /** the image that a registry is asked about, where nothing else is under way */
  readonly asksFor: string | undefined
  /** lines that were not progress: buildx's own last words, with the place in the Dockerfile */
  readonly rest: readonly string[]
}

export function createProgress(): Progress {
  const vertices = new Map<string, Vertex>()
  const logs = new Map<string, string>()
  const moved = new Map<string, ToldStatus>()
  const warnings = new Map<string, Warning>()
  const rest: string[] = []
  return {
    read(line) {
      const status = parseStatus(line)
      if (status === undefined) {
        rest.push(line)
        return line.trim() === '' ? [] : [line]
      }
      const changes = (status.vertexes ?? []).flatMap(vertex => noteVertex(vertices, vertex))
      for (const told of status.statuses ?? []) moved.set(`${told.vertex} ${told.id}`, told)
      for (const told of status.warnings ?? []) noteWarning(warnings, told)
      return [...changes, ...(status.logs ?? []).flatMap(({ vertex, data }) => noteLog(logs, vertex, data ?? ''))]
    },
    get vertices() {
      const bytes = bytesOf(moved.values())
      return [...vertices.values()].map(vertex => ({ ...vertex, ...defined({ bytes: bytes.get(vertex.digest) }) }))
    },
    get warnings() {
      return [...warnings.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    },
    get failure() {
      const ended = [...vertices.values()].filter(({ error = 'canceled' }) => !/\bcanceled\b/.test(error))
      // A cache that can't be read ends no solve: as a rule nobody has written it yet.
      const failed = ended.find(({ name }) => importedFrom(name) === undefined) ?? ended[0]
      if (failed === undefined) return undefined
      const log = (logs.get(failed.digest) ?? '').trimEnd()
      return { name: failed.name, error: failed.error ?? '', log: log === '' ? [] : log.split('\n').slice(-20) }
    },
    get asksFor() {
      const running = [...vertices.values()].filter(({ started, completed }) => started && completed === undefined)
      const asked = running.map(({ name }) => asksRegistry.exec(name)?.[1])
      return asked.includes(undefined) ? undefined : asked[0]
    },
    rest,
  }
}

// Not the pull of layers itself: unpacking a large one may be silent for long.
const asksRegistry =
  /^(?:\[(?:(?:\S+ )?internal|context [^\]]+)\] load metadata for |resolve image config for docker-image:\/\/)(\S+)/

function noteVertex(vertices: Map<string, Vertex>, told: ToldVertex): string[] {
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
  const text = decode(data)
  logs.set(vertex, ((logs.get(vertex) ?? '') + text).slice(-20_000))
  return text.trimEnd().split('\n')
}

/** `FromAsCasing: 'as' and 'FROM' … do not match (line 1)`; of several places the first is named. */
function noteWarning(warnings: Map<string, Warning>, { short, url, sourceInfo, range }: ToldWarning): void {
  const text = decode(short).trim()
  const [, rule = 'Warning', message = text] = /^([A-Z]\w+): (.*)$/s.exec(text) ?? []
  const warning = {
    rule,
    message: message.replace(/ \(line \d+\)$/, ''),
    file: sourceInfo?.filename,
    line: range?.[0]?.start.line,
    url,
  }
  warnings.set(JSON.stringify(warning), warning)
}

/** What each vertex moved: files to the builder (`transferring context:`), layers from a registry (`sha256:…`). */
function bytesOf(moved: Iterable<ToldStatus>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { id, vertex, current = 0 } of moved)
    if (current > 0 && /^(transferring |sha256:)/.test(id)) sums.set(vertex, (sums.get(vertex) ?? 0) + current)
  return sums
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8')

function secondsOf({ started, completed, cached }: Vertex): string {
  if (cached || started === undefined || completed === undefined) return ''
  return `${((Date.parse(completed) - Date.parse(started)) / 1000).toFixed(1)}s `
}

const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
