import { attributesOf } from './list.ts'
import { expressionOf } from './match.ts'
import { type Name, parseName } from './name.ts'

const types = ['schedule', 'semver', 'pep440', 'match', 'edge', 'ref', 'raw', 'sha'] as const
type Type = (typeof types)[number]

interface Common {
  /** as it was written */
  readonly text: string
  /** `true`, `false` or an expression that gives one */
  readonly enable: string
  readonly priority: number
  /** undefined: those of the flavor */
  readonly prefix: string | undefined
  readonly suffix: string | undefined
}

/** A rule that gives a tag, or a full reference, whose tag may hold expressions. */
export type Rule = Common &
  (
    | { readonly type: 'schedule'; readonly pattern: string }
    | { readonly type: 'semver' | 'pep440'; readonly pattern: string; readonly value: string; readonly match: string }
    | { readonly type: 'match'; readonly pattern: string; readonly group: number; readonly value: string }
    | { readonly type: 'edge'; readonly branch: string }
    | { readonly type: 'ref'; readonly event: 'branch' | 'tag' | 'pr' }
    | { readonly type: 'raw'; readonly value: string }
    | { readonly type: 'sha'; readonly format: 'short' | 'long' }
    | { readonly type: 'reference'; readonly name: Name; readonly value: string }
  )

/** docker/metadata-action, README, "priority attribute". */
const priorities: Readonly<Record<Type, number>> = {
  schedule: 1000,
  semver: 900,
  pep440: 900,
  match: 800,
  edge: 700,
  ref: 600,
  raw: 200,
  sha: 100,
}

const general = ['enable', 'priority', 'prefix', 'suffix']
const special: Readonly<Record<Type, readonly string[]>> = {
  schedule: ['pattern'],
  semver: ['pattern', 'value', 'match'],
  pep440: ['pattern', 'value', 'match'],
  match: ['pattern', 'group', 'value'],
  edge: ['branch'],
  ref: ['event'],
  raw: ['value'],
  sha: ['format'],
}

export interface Misread {
  /** what is wrong, to follow after "expected": `a number for priority` */
  readonly fault: string
}

/**
 * Pure: the rules of one item of `tags`. Most give one; `type=ref` without an event stands for branch, tag and pull
 * request, `type=semver` without a pattern for the whole version, `major.minor` and `major`.
 */
export function parseRules(text: string): readonly Rule[] | Misread {
  const attributes = attributesOf(text, 'value')
  const isRule = attributes.some(([key, value]) => key !== 'value' || `value=${value}` === text.trim())
  const [only] = attributes
  if (attributes.some(([, value]) => value.includes('"'))) return { fault: 'quotes that are closed' }
  if (only === undefined) return { fault: 'a tag or a rule, and not nothing' }
  return isRule ? parseAttributes(text, new Map(attributes)) : parsePlain(text, only[1])
}

function parsePlain(text: string, value: string): readonly Rule[] | Misread {
  const common = { text, enable: 'true', priority: priorities.raw, prefix: undefined, suffix: undefined }
  const fixed = value.replaceAll(/\{\{.*?\}\}/g, 'x')
  if (!/[:/@]/.test(fixed)) return [{ ...common, type: 'raw', value }]
  const [, repository = '', tag] = /^(.+?):([^:/]*\{\{.*|[^:/]*)$/.exec(value) ?? []
  if (tag === undefined || tag === '')
    return { fault: 'a tag; an image needs one too (acme/web:latest), and a tag with / or : is type=raw,value=…' }
  const name = parseName(repository)
  return 'fault' in name ? name : [{ ...common, type: 'reference', name, value: tag, prefix: '', suffix: '' }]
}

function parseAttributes(text: string, given: ReadonlyMap<string, string>): readonly Rule[] | Misread {
  const type = types.find(one => one === (given.get('type') ?? 'raw'))
  if (type === undefined) return { fault: `type=${types.join('|')}` }
  const known = [...general, ...special[type]]
  if ([...given.keys()].some(key => key !== 'type' && !known.includes(key)))
    return { fault: `type=${type} with ${known.join(', ')} and nothing else` }
  const priority = given.get('priority') ?? String(priorities[type])
  if (!/^-?\d+$/.test(priority)) return { fault: `a whole number for priority` }
  const common: Common = {
    text,
    enable: given.get('enable') ?? 'true',
    priority: Number(priority),
    prefix: given.get('prefix'),
    suffix: given.get('suffix'),
  }
  return parseSpecial(type, common, given)
}

function parseSpecial(type: Type, common: Common, given: ReadonlyMap<string, string>): readonly Rule[] | Misread {
  const value = given.get('value')
  if (type === 'schedule') return [{ ...common, type, pattern: given.get('pattern') ?? 'nightly' }]
  if (type === 'edge') return [{ ...common, type, branch: given.get('branch') ?? '' }]
  if (type === 'sha') return parseSha(common, given.get('format') ?? 'short')
  if (type === 'ref') return parseRef(common, given.get('event'))
  if (type === 'match') return parseMatch(common, given)
  if (type === 'semver' || type === 'pep440') return parseVersion(type, common, given)
  return value === undefined ? { fault: 'a value: type=raw,value=…' } : [{ ...common, type, value }]
}

function parseSha(common: Common, format: string): readonly Rule[] | Misread {
  if (format !== 'short' && format !== 'long') return { fault: `format=short or format=long` }
  return [{ ...common, type: 'sha', format, prefix: common.prefix ?? 'sha-' }]
}

const events = ['branch', 'tag', 'pr'] as const

function parseRef(common: Common, event: string | undefined): readonly Rule[] | Misread {
  const wanted = events.filter(one => event === undefined || event === one)
  if (wanted.length === 0) return { fault: `event=branch, event=tag or event=pr` }
  return wanted.map(one => ({
    ...common,
    type: 'ref',
    event: one,
    prefix: common.prefix ?? (one === 'pr' ? 'pr-' : undefined),
  }))
}

function parseMatch(common: Common, given: ReadonlyMap<string, string>): readonly Rule[] | Misread {
  const { pattern, group } = { pattern: given.get('pattern') ?? '', group: given.get('group') ?? '0' }
  if (pattern === '') return { fault: String.raw`a pattern: type=match,pattern=v(\d+),group=1` }
  if (!/^\d+$/.test(group)) return { fault: 'a number for group' }
  if (!isExpression(pattern)) return { fault: `a regular expression for pattern` }
  return [{ ...common, type: 'match', pattern, group: Number(group), value: given.get('value') ?? '' }]
}

const patterns = ['{{version}}', '{{major}}.{{minor}}', '{{major}}']

function parseVersion(
  type: 'semver' | 'pep440',
  common: Common,
  given: ReadonlyMap<string, string>,
): readonly Rule[] | Misread {
  const pattern = given.get('pattern')
  const match = given.get('match') ?? ''
  if (pattern === '') return { fault: `a pattern: type=${type},pattern={{version}}` }
  if (!isExpression(match)) return { fault: `a regular expression for match` }
  const all = pattern === undefined ? patterns : [pattern]
  return all.map(one => ({ ...common, type, pattern: one, value: given.get('value') ?? '', match }))
}

function isExpression(text: string): boolean {
  try {
    expressionOf(text)
    return true
  } catch {
    return false
  }
}
