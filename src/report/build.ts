import type { Finding } from '../record/finding.ts'
import type { Part, Vertex } from '../record/part.ts'
import { cacheHitRatio, stepsOf } from '../record/steps.ts'
import { code, details, link, table, text } from './markdown.ts'
import type { Address } from './red.ts'
import { durationOf, isRed, placeOf } from './rows.ts'
import { count, cut, sizeOf, timeOf } from './text.ts'

const most = { steps: 10, warnings: 50, message: 300 }

/** What a build did: its hits and misses, what took long, what was moved. Empty for a task that built nothing. */
export function renderBuild(part: Part): string[] {
  const { task, vertices = [], bases = [], cache } = part
  if (vertices.length === 0) return []
  const worked = vertices.filter(({ cached }) => !cached).sort((a, b) => timeOfStep(b) - timeOfStep(a))
  const rows = worked
    .slice(0, most.steps)
    .map(vertex => [code(cut(vertex.name, most.message)), stepTime(vertex), moved(vertex), text(vertex.error ?? '')])
  const all =
    rows.length === 0 ? 'Every step came from the cache.' : table(['slowest steps', 'time', 'moved', 'error'], rows)
  const lines = [
    ...movedLine(vertices),
    ...(cache?.miss === undefined ? [] : [`First step that was done anew: ${text(cache.miss)}`]),
    ...(cache?.notices ?? []).map(notice => `Cache: ${text(cut(notice, most.message))}`),
    ...(bases.length === 0
      ? []
      : [`Built on ${bases.map(({ image, digest }) => code(`${image}@${digest}`)).join(', ')}`]),
  ]
  return [details(`${task}: ${headlineOf(vertices)}`, [...lines, all].join('\n\n'))]
}

/** `3 of 5 steps from the cache (60 %), the others took 12.0 s`. */
export function headlineOf(vertices: readonly Vertex[]): string {
  const steps = stepsOf(vertices)
  const done = steps.filter(({ cached }) => !cached)
  const time = timeOf(done.reduce((all, vertex) => all + timeOfStep(vertex), 0))
  if (steps.length === 0) return 'no step of the Dockerfile was done'
  if (done.length === 0) return `all of ${count(steps.length, 'step')} from the cache`
  if (done.length === steps.length) return `none of ${count(steps.length, 'step')} from the cache, ${time} of work`
  const share = Math.floor((cacheHitRatio(vertices) ?? 0) * 100)
  return `${steps.length - done.length} of ${count(steps.length, 'step')} from the cache (${share} %), ${time} of work`
}

const sum = (vertices: readonly Vertex[]): number => vertices.reduce((all, { bytes = 0 }) => all + bytes, 0)

function movedLine(vertices: readonly Vertex[]): string[] {
  const sent = sum(
    vertices.filter(({ name }) => /\bload (build context|build definition|\.dockerignore|from client)/.test(name)),
  )
  const all = sum(vertices)
  if (all === 0) return []
  return [`Sent to the builder: ${sizeOf(sent)}. Pulled by it: ${sizeOf(all - sent)}.`]
}

const moved = ({ bytes = 0 }: Vertex): string => (bytes === 0 ? '' : sizeOf(bytes))

const timeOfStep = ({ started, completed }: Vertex): number =>
  started === undefined || completed === undefined ? 0 : durationOf({ started, ended: completed })

const stepTime = (vertex: Vertex): string =>
  vertex.started === undefined
    ? 'not started'
    : vertex.completed === undefined
      ? 'not ended'
      : timeOf(timeOfStep(vertex))

/** What tools warned of in tasks that only work and went well, each once: two platforms are warned of the same. */
export function warningsOf(parts: readonly Part[]): readonly Finding[] {
  const findings = parts.filter(part => part.kind === 'work' && !isRed(part)).flatMap(part => part.findings ?? [])
  return [...new Map(findings.map(finding => [JSON.stringify(finding), finding])).values()]
}

export function renderWarnings(parts: readonly Part[], addressOf: Address): string[] {
  const warnings = warningsOf(parts)
  if (warnings.length === 0) return []
  const rows = warnings.slice(0, most.warnings).map(finding => {
    const { rule, message, url, location } = finding
    const source = location === undefined ? undefined : addressOf(location.file, location.line)
    return [link(code(rule), url), link(code(placeOf(finding)), source), text(cut(message, most.message))]
  })
  const rest = warnings.length - rows.length
  const all = table(['rule', 'where', 'what'], rows)
  const title = `${count(warnings.length, 'build warning')}`
  return [details(title, rest === 0 ? all : `${all}\n\nAnd ${count(rest, 'more warning')}.`)]
}
