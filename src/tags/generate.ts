import semver from 'semver'
import { UserError } from '../errors.ts'
import type { Facts } from '../run/facts.ts'
import { expand } from './expression.ts'
import type { Flavor } from './flavor.ts'
import type { Rule } from './rule.ts'
import { findValue } from './value.ts'

/** A tag that a rule gave. */
export interface Tag {
  readonly rule: Rule
  readonly tag: string
  /** true for a tag that will name another image one day */
  readonly moves: boolean
  /** false for one that the same commit would not have at another time */
  readonly timeless: boolean
}

export interface Note {
  readonly note: string
}

/**
 * Pure: the tag of a rule; a note where somebody may wonder why there is none, undefined where the rule is about
 * something else. @throws UserError for an expression that gives nothing of use
 */
export function generate(rule: Rule, flavor: Flavor, facts: Facts): Tag | Note | undefined {
  if (!isEnabled(rule, facts)) return undefined
  const value = findValue(rule, facts)
  if (value === undefined || 'note' in value) return value
  const prefix = expand(rule.prefix ?? flavor.prefix, facts)
  const suffix = expand(rule.suffix ?? flavor.suffix, facts)
  const tag = composeTag(prefix.text, value.text, suffix.text)
  if (tag === '') return { note: `${value.text} has no character that a tag may have` }
  // A branch must not take the name of a release, a commit or a pull request, which others trust.
  if (rule.type === 'ref' && rule.event === 'branch' && isReserved(tag))
    return { note: `the branch ${value.text} gets no tag: its name is that of a release, a commit or a pull request` }
  const uses = new Set([...value.uses, ...prefix.uses, ...suffix.uses])
  const moves = value.moves && !uses.has('sha')
  return { rule, tag, moves, timeless: rule.type !== 'schedule' && !uses.has('date') }
}

function isEnabled({ enable, text }: Rule, facts: Facts): boolean {
  const answer = expand(enable, facts).text
  if (answer === 'true' || answer === 'false') return answer === 'true'
  throw new UserError(`tags: ${text}: enable is ${JSON.stringify(answer)}, expected true or false`)
}

const isReserved = (tag: string): boolean =>
  /^(sha-[0-9a-f]+.*|pr-\d+|latest)$/.test(tag) || python.test(tag) || semver.valid(tag) !== null

/** A release by PEP 440, and with it all that are only numbers. */
const python = /^v?(\d+!)?\d+(\.\d+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview|dev|post|rev|r)[-_.]?\d*){0,3}$/i

/** Of a value that is too long the end goes, and not the suffix: that tells two images apart. */
export const composeTag = (prefix: string, value: string, suffix: string): string =>
  sanitised(`${prefix}${value.slice(0, Math.max(0, 128 - prefix.length - suffix.length))}${suffix}`)

/** A tag is `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}` (OCI distribution-spec, "Pulling manifests"). */
const sanitised = (text: string): string =>
  text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128)
