import type { z } from 'zod'
import type { Path } from './tree.ts'

/** What a schema has against a configuration, reduced to what a message needs. */
export type Complaint =
  /** no such key; the path ends with it */
  | { readonly type: 'unknown'; readonly path: Path }
  /** a name that may not be; the path ends with it */
  | { readonly type: 'name'; readonly path: Path; readonly phrases: readonly string[] }
  /** `unlike`: it is something else altogether, rather than the right thing with a fault */
  | {
      readonly type: 'value'
      readonly path: Path
      readonly values: readonly unknown[]
      readonly phrases: readonly string[]
      readonly unlike: boolean
    }

const pathOf = (issue: z.core.$ZodIssue): Path => issue.path.map(key => (typeof key === 'number' ? key : String(key)))

/** The complaints in one issue of zod's: of a union, those of the alternative that was meant. */
export function complaintsOf(issue: z.core.$ZodIssue): readonly Complaint[] {
  const path = pathOf(issue)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => ({ type: 'unknown', path: [...path, key] }))
    case 'invalid_key':
      return [{ type: 'name', path, phrases: issue.issues.slice(0, 1).map(({ message }) => message) }]
    case 'invalid_union':
      return chooseOf(issue.errors.map(errors => errors.flatMap(complaintsOf))).map(complaint => ({
        ...complaint,
        path: [...path, ...complaint.path],
      }))
    default:
      return [wrongOf(issue, path)]
  }
}

function wrongOf(issue: z.core.$ZodIssue, path: Path): Complaint {
  const value = { type: 'value', path, values: [], phrases: [], unlike: true } as const
  if (issue.code === 'invalid_value') return { ...value, values: issue.values }
  if (issue.code !== 'invalid_type') return { ...value, phrases: [issue.message], unlike: false }
  return issue.expected === 'boolean' ? { ...value, values: [true, false] } : { ...value, phrases: [issue.message] }
}

const isUnlike = (complaint: Complaint): boolean =>
  complaint.type === 'value' && complaint.unlike && complaint.path.length === 0

/** The alternative that was meant is one of the right kind, with the fewest faults; else all of them are told. */
function chooseOf(alternatives: readonly (readonly Complaint[])[]): readonly Complaint[] {
  const alike = alternatives.filter(complaints => !complaints.some(isUnlike))
  const [best] = alike.toSorted((a, b) => a.length - b.length)
  return best ?? [together(alternatives.flat())]
}

function together(complaints: readonly Complaint[]): Complaint {
  const unlike = complaints.filter(complaint => complaint.type === 'value' && complaint.path.length === 0)
  const values = unlike.flatMap(complaint => (complaint.type === 'value' ? complaint.values : []))
  const phrases = unlike.flatMap(complaint => (complaint.type === 'value' ? complaint.phrases : []))
  return { type: 'value', path: [], values, phrases: [...new Set(phrases)], unlike: true }
}
