import type { Image } from '../record/image.ts'
import type { Subject, Verdict } from '../record/verdict.ts'

declare const made: unique symbol

/**
 * Images that may ship, with the verdicts that say so. Only `gate()` makes one: the brand cannot be written elsewhere,
 * and `isCleared` knows the very objects that `gate()` gave out.
 */
export interface Cleared {
  readonly images: readonly Image[]
  readonly verdicts: readonly Verdict[]
  readonly [made]: true
}

/** A judgement that must be there: of the task `task`, about the source or about one image that ships. */
export interface Required {
  readonly task: string
  readonly subject: Subject
}

export type Decision =
  | { readonly passed: true; readonly cleared: Cleared }
  | { readonly passed: false; readonly refusals: readonly string[] }

interface Case {
  readonly images: readonly Image[]
  readonly verdicts: readonly Verdict[]
  readonly required: readonly Required[]
  /** true where nobody asked for a verdict: then an image that nothing judged may ship. A red verdict still refuses it */
  readonly unasked?: boolean
}

const cleared = new WeakSet<object>()

/** True for the very object that `gate()` made in this process. */
export const isCleared = (value: object): value is Cleared => cleared.has(value)

/**
 * Decides whether images may ship. Every required verdict must be there, about the very digest that ships, and have
 * passed (or been skipped with a reason); something must have judged each image, unless nobody asked for it; no other
 * blocking verdict may be red. Never throws: a red gate is a value.
 */
export function gate({ images, verdicts, required, unasked = false }: Case): Decision {
  const refusals = [
    ...(images.length === 0 ? ['there is no image to ship'] : []),
    ...images.filter(image => !unasked && !verdicts.some(verdict => isAbout(image, verdict))).map(unjudged),
    ...missingOf(required, verdicts),
    ...required.flatMap(need => refusalOf(need, verdicts)),
    ...describeAll(verdicts.filter(verdict => isRed(verdict) || isRedRequired(verdict, required))),
  ]
  if (refusals.length > 0) return { passed: false, refusals }
  const pass = { images, verdicts } as Cleared
  cleared.add(pass)
  return { passed: true, cleared: pass }
}

const unjudged = ({ name, platform, digest }: Image): string =>
  `nothing passed about ${name} (${platform}) ${digest}: at least one of scan, contract, newman must judge it`

// A red verdict about it is a judgement too, and refuses it by itself.
const isAbout = ({ digest }: Image, verdict: Verdict): boolean =>
  verdict.subject === digest && (verdict.status === 'passed' || isRed(verdict))

const isRed = ({ blocking, status }: Verdict): boolean => blocking && status !== 'passed' && status !== 'skipped'

// A task that is required counts, whatever its verdict says of blocking.
const isRedRequired = (verdict: Verdict, required: readonly Required[]): boolean =>
  isRed({ ...verdict, blocking: true }) && required.some(({ task }) => task === verdict.task)

/** Verdicts that are red for the same reason are told in one line. */
function describeAll(verdicts: readonly Verdict[]): string[] {
  const groups = Map.groupBy(verdicts, ({ status, reason }) => `${status}${reason === undefined ? '' : `: ${reason}`}`)
  return [...groups].map(([how, group]) => `${group.map(({ task }) => task).join(', ')} ${how}`)
}

const missingOf = (required: readonly Required[], verdicts: readonly Verdict[]): string[] =>
  required.filter(({ task }) => !verdicts.some(one => one.task === task)).map(({ task }) => `${task} gave no verdict`)

function refusalOf({ task, subject }: Required, verdicts: readonly Verdict[]): string[] {
  const verdict = verdicts.find(one => one.task === task)
  if (verdict?.status !== 'passed' || verdict.subject === subject) return []
  return [`${task} is about ${verdict.subject}, not about ${subject}, which would ship`]
}
