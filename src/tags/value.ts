import semver from 'semver'
import type { Facts } from '../run/facts.ts'
import { branchOf, expand, longSha, pullOf, shortSha, tagOf } from './expression.ts'
import { matched } from './match.ts'
import { parsePython } from './python.ts'
import type { Rule } from './rule.ts'

/** What a rule gives before prefix and suffix; a note where somebody may wonder why there is nothing. */
export type Value =
  | {
      readonly text: string
      /** true for a tag that will name another image one day */
      readonly moves: boolean
      readonly uses: ReadonlySet<string>
    }
  | { readonly note: string }
  | undefined

const plain = (text: string, moves: boolean): Value => (text === '' ? undefined : { text, moves, uses: new Set() })

/** Pure: the value of a rule at a revision; undefined where the rule is about something else. */
export function findValue(rule: Rule, facts: Facts): Value {
  switch (rule.type) {
    case 'schedule':
      return facts.event === 'schedule' ? { ...expand(rule.pattern, facts), moves: true } : undefined
    case 'sha':
      return plain(rule.format === 'long' ? longSha(facts) : shortSha(facts), false)
    case 'edge':
      return branchOf(facts) !== '' && branchOf(facts) === (rule.branch || facts.defaultBranch)
        ? plain('edge', true)
        : undefined
    case 'ref':
      return refOf(rule.event, facts)
    case 'raw':
    case 'reference':
      return rawOf(rule, facts)
    case 'match':
      return matchOf(rule, facts)
    default:
      return versionOf(rule, facts)
  }
}

function refOf(event: 'branch' | 'tag' | 'pr', facts: Facts): Value {
  if (event === 'branch') return plain(branchOf(facts), true)
  return event === 'tag' ? plain(tagOf(facts), false) : plain(pullOf(facts), true)
}

function rawOf({ text: written, value }: Extract<Rule, { type: 'raw' | 'reference' }>, facts: Facts): Value {
  const { text, uses } = expand(value, facts)
  return text === '' ? { note: `${written} has no value` } : { text, uses, moves: !uses.has('sha') }
}

/** What a rule about versions reads: a value of its own, or the tag of Git. */
export const subjectOf = ({ value }: { readonly value: string }, facts: Facts): string =>
  value === '' ? tagOf(facts) : expand(value, facts).text

function matchOf(rule: Extract<Rule, { type: 'match' }>, facts: Facts): Value {
  const subject = subjectOf(rule, facts)
  if (subject === '') return undefined
  const found = matched(subject, rule.pattern, rule.group)
  if (found === undefined) return { note: `${rule.text} finds nothing in ${subject}` }
  return plain(found.text, found.text !== subject.slice(found.before.length) || !/^v?$/i.test(found.before))
}

type VersionRule = Extract<Rule, { type: 'semver' | 'pep440' }>

function versionOf(rule: VersionRule, facts: Facts): Value {
  const subject = subjectOf(rule, facts)
  if (subject === '') return undefined
  const found = rule.match === '' ? { text: subject } : matched(subject, rule.match)
  if (found === undefined) return { note: `${rule.text} finds nothing in ${subject}` }
  const text = found.text.replaceAll('/', '-')
  const fields = rule.type === 'semver' ? semverFields(text) : pep440Fields(text)
  if (fields === undefined) return { note: `${subject} is no version, so ${rule.text} gives no tag` }
  return filled(rule, fields, facts)
}

interface Fields {
  readonly values: Readonly<Record<string, string>>
  /** a pre-release, or whatever else is not yet, or no more, what its numbers promise */
  readonly provisional: boolean
}

function filled({ text, pattern }: VersionRule, { values, provisional }: Fields, facts: Facts): Value {
  // A pre-release is not yet what 1.2 and 1 promise (semver.org, item 9): it is only itself.
  if (provisional && !/^\{\{\s*raw\s*\}\}$/.test(pattern)) return plain(values.version ?? '', false)
  const { text: tag, uses } = expand(pattern, facts, values)
  const isWhole = uses.has('version') || uses.has('raw') || ['major', 'minor', 'patch'].every(part => uses.has(part))
  // Before 1.0.0 anything may change at any time (item 4): a tag 0 would promise what nobody keeps.
  if (values.major === '0' && uses.has('major') && !isWhole && !uses.has('minor'))
    return { note: `${text} gives no tag before version 1, where nothing is promised` }
  return { text: tag, uses, moves: !isWhole }
}

function semverFields(text: string): Fields | undefined {
  const version = semver.parse(text)
  if (version === null) return undefined
  return {
    values: {
      raw: version.raw,
      version: version.version,
      major: String(version.major),
      minor: String(version.minor),
      patch: String(version.patch),
      prerelease: version.prerelease.join('.'),
      build: version.build.join('.'),
    },
    provisional: version.prerelease.length > 0,
  }
}

function pep440Fields(text: string): Fields | undefined {
  const found = parsePython(text)
  if (found === undefined) return undefined
  const { version, release, provisional } = found
  const [major = '0', minor = '0', patch = '0'] = release.map(String)
  return { values: { raw: text, version, major, minor, patch }, provisional }
}
