import { type Finding, severityRank } from '../record/finding.ts'
import type { Image } from '../record/image.ts'
import type { Part } from '../record/part.ts'
import type { Record } from '../record/record.ts'
import type { TestCase } from '../record/test-case.ts'
import type { Status, Verdict } from '../record/verdict.ts'
import { cut, firstLine } from './text.ts'

/** What a report tells of one task: its verdict, or the bad end of a task that only works (a build, a push). */
export interface Row {
  readonly task: string
  readonly kind: Part['kind']
  readonly status: Status
  /** `source`, `web linux/amd64 sha256:0123456789ab`, or empty for a task that only works */
  readonly about: string
  /** whole, as the task gave it */
  readonly reason: string | undefined
  /** ms; undefined when the task never ran */
  readonly duration: number | undefined
  /** the worst first; `blocking` is false for those of an advisory task */
  readonly findings: readonly Finding[]
  readonly tests: readonly TestCase[]
  readonly part: Part | undefined
}

export const isRed = ({ status }: Pick<Row, 'status'>): boolean => status !== 'passed' && status !== 'skipped'

/** True where the row makes the run red. */
export const counts = (row: Pick<Row, 'kind' | 'status'>): boolean => isRed(row) && row.kind !== 'advisory'

export const isRedTest = ({ status }: TestCase): boolean => status === 'failed' || status === 'error'

/** Every verdict, and every other task that ended badly; what stops the run first, then what is odd, then the good. */
export function rowsOf(record: Record): readonly Row[] {
  const parts = new Map(record.tasks.map(part => [part.task, part]))
  const judged = record.verdicts.map(verdict => rowOfVerdict(verdict, record, parts.get(verdict.task)))
  const worked = record.tasks
    .filter(part => part.kind === 'work' && isRed(part))
    .map(part => rowOf({ ...part, reason: part.reason ?? part.fault?.message, about: '' }, part))
  return [...judged, ...worked].sort((a, b) => rankOf(a) - rankOf(b))
}

function rowOfVerdict(verdict: Verdict, { images }: Record, part: Part | undefined): Row {
  const kind = verdict.blocking ? 'blocking' : 'advisory'
  return rowOf({ ...verdict, kind, about: hasLooked(verdict, part) ? aboutOf(verdict, images) : '' }, part)
}

/** A task that never came to look at an image names none; its verdict must not read as one about the source. */
const hasLooked = ({ status, subject }: Verdict, part: Part | undefined): boolean =>
  status === 'passed' || status === 'failed' || subject !== 'source' || part?.subject === 'source'

type Told = Pick<Row, 'task' | 'kind' | 'status' | 'about'> & { readonly reason?: string | undefined }

const rowOf = ({ task, kind, status, about, reason }: Told, part: Part | undefined): Row => ({
  task,
  kind,
  status,
  about,
  reason,
  duration: part === undefined || (status !== 'passed' && !hasRun(part)) ? undefined : durationOf(part),
  findings: (part?.findings ?? [])
    .map(found => ({ ...found, blocking: found.blocking && kind !== 'advisory' }))
    .sort(worstFirst),
  tests: part?.tests ?? [],
  part,
})

const order: readonly Status[] = ['failed', 'broken', 'cancelled', 'skipped', 'passed']
const rankOf = (row: Row): number => (counts(row) ? 0 : isRed(row) ? 10 : 20) + order.indexOf(row.status)

const worstFirst = (a: Finding, b: Finding): number =>
  Number(b.blocking) - Number(a.blocking) || severityRank(b.severity) - severityRank(a.severity)

/** ms from start to end of a task. */
export const durationOf = ({ started, ended }: Pick<Part, 'started' | 'ended'>): number =>
  Math.max(0, Date.parse(ended) - Date.parse(started))

/** A task that was skipped or cancelled before it began starts and ends at one moment. */
export const hasRun = (part: Part): boolean => durationOf(part) > 0

/** A subject in words: `source`, or the image of that digest. */
function aboutOf({ task, subject }: Pick<Verdict, 'task' | 'subject'>, images: readonly Image[]): string {
  if (subject === 'source') return subject
  // Two images may be the same bytes: then the task says which of them it was about.
  const same = images.filter(({ digest }) => digest === subject)
  const image = same.find(({ name }) => task.split(':').includes(name)) ?? same[0]
  return image === undefined ? shortDigest(subject) : `${nameOf(image)} ${shortDigest(subject)}`
}

export const nameOf = ({ name, platform }: Image): string => `${name} ${platform}`

const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12)

/** The images that the run is about: those that a verdict names, else all of them. */
export function subjectsOf({ images, verdicts }: Record): readonly Image[] {
  const each = [...new Map(images.map(image => [`${nameOf(image)} ${image.digest}`, image])).values()]
  const judged = each.filter(({ digest }) => verdicts.some(({ subject }) => subject === digest))
  return judged.length > 0 ? judged : each
}

/** `failed`, `failed (advisory)`. */
export const stateOf = (row: Pick<Row, 'kind' | 'status'>): string =>
  isRed(row) && row.kind === 'advisory' ? `${row.status} (advisory)` : row.status

/** The reason as one line. A tool that could not look must never read as one that found nothing. */
export function headline(row: Row): string {
  const reason = cut(firstLine(row.reason ?? ''), 300)
  if (row.status !== 'broken') return reason
  return `${row.kind === 'work' ? 'could not be done' : 'could not look'}: ${reason || 'no reason is known'}`
}

/** Where a finding is: `openssl 3.0.1 → 3.0.2`, `src/app.ts:3`, or nothing. */
export function placeOf({ package: found, location }: Finding): string {
  if (found !== undefined)
    return `${found.name} ${found.installed}${found.fixed ? ` → ${found.fixed}` : ' (no fix yet)'}`
  if (location === undefined) return ''
  return [location.file, location.line].filter(part => part !== undefined).join(':')
}
