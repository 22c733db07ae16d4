import type { Part, Vertex } from './part.ts'
import type { Record } from './record.ts'

type Mask = (text: string) => string

/**
 * Pure: a part with its free text masked: what people read. What the run itself reads again (digests, repositories,
 * states, times, the value for later tasks) stays, since a secret may be a word that is in there by chance, such as the
 * owner of an image, and none of it is made of one.
 */
export const maskPart = (part: Part, mask: Mask): Part => ({
  ...part,
  ...given('reason', part.reason, mask),
  ...given('fault', part.fault, fault => ({ ...fault, message: mask(fault.message) })),
  ...given('log', part.log, lines => lines.map(mask)),
  ...given('vertices', part.vertices, vertices => vertices.map(vertex => maskVertex(vertex, mask))),
  ...given('findings', part.findings, all =>
    all.map(finding => ({ ...maskDeep(finding, mask), severity: finding.severity })),
  ),
  ...given('tests', part.tests, all => all.map(test => ({ ...maskDeep(test, mask), status: test.status }))),
  ...given('cache', part.cache, cache => ({ ...maskDeep(cache, mask), type: cache.type })),
})

/** Pure: a record whose free text is masked, in its parts and in what is said of them. */
export const maskRecord = (record: Record, mask: Mask): Record => ({
  ...record,
  tasks: record.tasks.map(part => maskPart(part, mask)),
  verdicts: record.verdicts.map(verdict => ({ ...verdict, ...given('reason', verdict.reason, mask) })),
})

/** Which step it is stands in brackets before its text: `[web 2/5] RUN make`. */
function maskVertex({ name, error, ...rest }: Vertex, mask: Mask): Vertex {
  const [, place = '', text = ''] = /^(\[[^\]]*\] )?(.*)$/s.exec(name) ?? []
  return { ...rest, name: `${place}${mask(text)}`, ...given('error', error, mask) }
}

const given = <K extends string, V, W>(key: K, value: V | undefined, make: (value: V) => W) =>
  (value === undefined ? {} : { [key]: make(value) }) as { [P in K]?: W }

function maskDeep<T>(value: T, mask: Mask): T
function maskDeep(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value)
  if (Array.isArray(value)) return value.map(item => maskDeep(item, mask))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskDeep(member, mask)]))
}
