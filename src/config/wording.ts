import { distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { isTokenLike } from '../schema/fields.ts'

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

/** Says what was expected, so that each message of zod's reads on after "expected"; a schema's own words go first. */
export const expectation: z.core.$ZodErrorMap = issue => {
  if (issue.code === 'invalid_type') return kinds[issue.expected] ?? issue.expected
  if (issue.code === 'too_small') return sizeOf(issue.origin, 'at least', issue.minimum)
  if (issue.code === 'too_big') return sizeOf(issue.origin, 'at most', issue.maximum)
  if (issue.code === 'invalid_format' && issue.format === 'starts_with') return `text that starts with ${issue.prefix}`
  return undefined
}

function sizeOf(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'string') return limit === 1 ? 'text that is not empty' : `text of ${bound} ${limit} characters`
  if (origin === 'array') return `a list of ${bound} ${limit}`
  return `${bound} ${limit}`
}

/** `a`, `a or b`, `a, b or c`; where all are values and there are more than two, `one of a, b, c`. */
export function anyOf(values: readonly unknown[], phrases: readonly string[]): string {
  const words = [...values.map(String), ...phrases]
  if (phrases.length === 0 && words.length > 2) return `one of ${words.join(', ')}`
  const last = words.at(-1) ?? 'something else'
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}

/** A value as a message may show it: short text and numbers as they are, anything that may be a secret not at all. */
export function show(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value !== 'string') return String(value)
  return isSecretive(value) ? `text of ${value.length} characters (not shown)` : JSON.stringify(value)
}

/** A URL with a user in it, and attributes with which BuildKit signs in. */
const credentials = /:\/\/[^/?#\s]*@|(token|access_key_id|secret_access_key)=/i

/** Text that may be a secret: a vendor's token, a URL or option that has one, or one long word of letters and digits without dots and slashes. */
const isSecretive = (text: string): boolean =>
  text.length > 100 ||
  isTokenLike(text) ||
  credentials.test(text) ||
  (/^[A-Za-z0-9+=_-]{24,}$/.test(text) && /\d/.test(text))

const spellings: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  true: true,
  no: false,
  off: false,
  false: false,
}

/** The value that was meant, among those that are possible: `hgih` is `high`, `yes` is `true`. */
export function meant(found: unknown, values: readonly unknown[]): unknown {
  if (typeof found !== 'string') return undefined
  const spelled = Object.hasOwn(spellings, found.toLowerCase()) ? spellings[found.toLowerCase()] : undefined
  if (spelled !== undefined && values.includes(spelled)) return spelled
  return nearest(
    found,
    values.filter(value => typeof value === 'string'),
  )
}

/** The nearest word, when it is near enough for a slip of the fingers. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const near = words
    .map(candidate => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(
      ({ candidate, steps }) =>
        steps <= Math.max(2, word.length / 3) && steps < Math.min(word.length, candidate.length),
    )
  return near.sort((a, b) => a.steps - b.steps)[0]?.candidate
}
