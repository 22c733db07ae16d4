import semver from 'semver'
import type { Facts } from '../run/facts.ts'
import { tagOf } from './expression.ts'
import { matched } from './match.ts'
import { parsePython } from './python.ts'
import type { Rule } from './rule.ts'
import { subjectOf } from './value.ts'

/** A release among those of its line: `p1/v1.2.3` is 1.2.3 of `p1/`, `v1.2.3` that of the repository itself. */
interface Release {
  readonly line: string
  /** from the most significant number */
  readonly order: readonly number[]
}

/**
 * Pure: the release that a tag of Git is to a rule; undefined for a pre-release, for what is no version, and for a rule
 * that is not about versions.
 */
function releaseOf(rule: Rule, tag: string): Release | undefined {
  if (rule.type === 'ref' && rule.event === 'tag') return anyRelease(tag)
  if (rule.type === 'match') {
    const found = matched(tag, rule.pattern, rule.group)
    const release = found === undefined ? undefined : anyRelease(found.text)
    return release && found && { ...release, line: lineOf(found.before) + release.line }
  }
  if (rule.type !== 'semver' && rule.type !== 'pep440') return undefined
  const found = rule.match === '' ? { text: tag, before: '' } : matched(tag, rule.match)
  const order = found === undefined ? undefined : orderOf(rule.type, found.text.replaceAll('/', '-'))
  return order && found && { line: lineOf(found.before), order }
}

export interface Latest {
  readonly due: boolean
  readonly note?: string
}

/**
 * Pure: whether the release that a rule tags is the highest of its line among the tags of Git. Where those are not all
 * known it counts as the highest, as most releases are; the note says what would make it certain.
 */
export function latestOf(rule: Rule, facts: Facts): Latest {
  const subject = 'value' in rule ? subjectOf(rule, facts) : tagOf(facts)
  const release = releaseOf(rule, subject)
  if (release === undefined) return { due: false }
  const higher = facts.tags.find(tag => isHigher(releaseOf(rule, tag), release))
  if (higher !== undefined) return { due: false, note: `latest stays where it is: ${higher} is higher than ${subject}` }
  return facts.tagsComplete ? { due: true } : { due: true, note: `latest goes to ${subject}: ${unknown}` }
}

const unknown =
  'this checkout does not have the tags of other releases, so nobody can say whether one is higher (actions/checkout: fetch-tags: true)'

const isHigher = (other: Release | undefined, than: Release): boolean =>
  other !== undefined && other.line === than.line && compare(other.order, than.order) > 0

const compare = (a: readonly number[], b: readonly number[]): number =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, n) => (a[n] ?? 0) - (b[n] ?? 0)).find(Boolean) ?? 0

const lineOf = (before: string): string => before.replace(/v$/i, '')

function orderOf(type: 'semver' | 'pep440', text: string): readonly number[] | undefined {
  if (type === 'semver') {
    const version = semver.parse(text)
    return version === null || version.prerelease.length > 0 ? undefined : [version.major, version.minor, version.patch]
  }
  const version = parsePython(text)
  return version === undefined || version.provisional ? undefined : [version.epoch, ...version.release]
}

const whole = /^(.*?)v?(\d+)\.(\d+)\.(\d+)([-+].*)?$/i
const loose = /^(|.*?[^\d.])v?(\d+)(?:\.(\d+))?(?:\.(\d+))?([-+].*)?$/i

function anyRelease(text: string): Release | undefined {
  const [, line = '', major, minor = '0', patch = '0', rest = ''] = whole.exec(text) ?? loose.exec(text) ?? []
  if (major === undefined || rest.startsWith('-')) return undefined
  return { line, order: [Number(major), Number(minor), Number(patch)] }
}
