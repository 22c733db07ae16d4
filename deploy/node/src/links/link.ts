import { randomInt } from 'node:crypto'
import { type FieldError, Problem } from '../http/problem.ts'

export interface Link {
  /** A number as text: it may be larger than a JavaScript number can hold. */
  readonly id: string
  readonly slug: string
  readonly url: string
  readonly createdAt: Date
}

export interface NewLink {
  readonly url: string
  /** Undefined: the app chooses one. */
  readonly slug: string | undefined
}

const slugPattern = /^[a-z0-9](?:[a-z0-9-]{1,62})[a-z0-9]$/
const reservedSlugs = new Set(['api', 'assets', 'livez', 'readyz', 'metrics'])
const longestUrl = 2_048

/** Checks the body of a create request. Throws a Problem 422 that names every wrong field at once. */
export function parseNewLink(body: Readonly<Record<string, unknown>>, publicUrl: string): NewLink {
  const { url, slug, ...unknown } = body
  const errors = [
    ...Object.keys(unknown).map(field => ({ field, message: 'is not a known field' })),
    ...checkUrl(url, publicUrl),
    ...checkSlug(slug),
  ]
  if (errors.length > 0) throw new Problem(422, 'The link cannot be created as described.', { errors })
  return { url: new URL(String(url)).href, slug: slug === undefined ? undefined : String(slug) }
}

function checkUrl(url: unknown, publicUrl: string): FieldError[] {
  const fault = (message: string) => [{ field: 'url', message }]
  if (typeof url !== 'string' || url === '') return fault('is required and must be text')
  if (url.length > longestUrl) return fault(`must not be longer than ${longestUrl} characters`)
  const parsed = URL.parse(url)
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) return fault('must begin with http:// or https://')
  if (parsed.username || parsed.password) return fault('must not hold a user name or password')
  if (parsed.origin === new URL(publicUrl).origin) return fault('must not lead back to this shortener')
  return []
}

function checkSlug(slug: unknown): FieldError[] {
  const fault = (message: string) => [{ field: 'slug', message }]
  if (slug === undefined) return []
  if (typeof slug !== 'string' || !slugPattern.test(slug))
    return fault('must be 3 to 64 lower-case letters, digits or hyphens, with no hyphen at the ends')
  return reservedSlugs.has(slug) ? fault('is used by the app itself') : []
}

/** No vowels, and no characters that look alike: no words by accident, and it can be read out aloud. */
const alphabet = 'bcdfghjkmnpqrstvwxz23456789'

export function chooseSlug(length = 8): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}
