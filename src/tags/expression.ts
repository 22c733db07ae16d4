import Handlebars from 'handlebars'
import { UserError } from '../errors.ts'
import type { Facts } from '../run/facts.ts'
import { formatDate } from './date.ts'

/** Text with its expressions filled in, and the names of those that were in it. */
export interface Expanded {
  readonly text: string
  readonly uses: ReadonlySet<string>
}

/**
 * Only what fills in a value, or leaves it out: Handlebars' `log` would write to standard output, where a runner takes
 * `::set-output …` for a command of this action, and loops and partials could work without end.
 */
const handlebars = Handlebars.create()
for (const helper of ['log', 'each', 'with']) handlebars.unregisterHelper(helper)
handlebars.unregisterDecorator('inline')

/**
 * Pure: fills in `{{branch}}`, `{{date 'YYYYMMDD' tz='UTC'}}` and their like, and whatever `more` names.
 * @throws UserError for text that is no template, and for an expression that there is none of
 */
export function expand(text: string, facts: Facts, more: Readonly<Record<string, string>> = {}): Expanded {
  if (!text.includes('{{')) return { text, uses: new Set() }
  const uses = new Set<string>()
  const values = { ...valuesOf(facts), ...more }
  const noted = Object.defineProperties(
    // No names but ours: `{{constructor}}` is as unknown as any other.
    Object.create(null),
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, { enumerable: true, get: noting(name, value, uses) }]),
    ),
  )
  const helpers = {
    date: dateHelper('date', facts.now, uses),
    commit_date: dateHelper('commit_date', facts.revision.committed || facts.now, uses),
  }
  try {
    // Without `noEscape` a branch called a&b would be a&amp;b.
    return { text: handlebars.compile(text, { noEscape: true, strict: true })(noted, { helpers }), uses }
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    const known = [...Object.keys(values), ...Object.keys(helpers)].join(', ')
    throw new UserError(`tags: ${text} can't be filled in\nExpressions are {{…}} with one of ${known}`, { cause })
  }
}

const noting = (name: string, value: string, uses: Set<string>) => (): string => {
  uses.add(name)
  return value
}

interface Options {
  readonly hash: Readonly<Record<string, unknown>>
}

/** `{{date 'YYYYMMDD' tz='Asia/Tokyo'}}` */
const dateHelper =
  (name: string, time: string, uses: Set<string>) =>
  (...given: [...string[], Options]): string => {
    const { hash } = given.at(-1) as Options
    const unknown = Object.keys(hash).find(key => key !== 'tz')
    if (unknown !== undefined) throw new UserError(`tags: {{${name}}} takes tz='…', not ${unknown}`)
    const [format] = given.length > 1 ? given : ['YYYY-MM-DDTHH:mm:ss[Z]']
    uses.add(name)
    return formatDate(time, String(format), String(hash.tz ?? 'UTC'))
  }

function valuesOf(facts: Facts): Readonly<Record<string, string>> {
  const branch = branchOf(facts)
  const isDefault = branch !== '' && branch === facts.defaultBranch
  return {
    branch,
    tag: tagOf(facts),
    sha: shortSha(facts),
    base_ref: facts.base,
    is_default_branch: String(isDefault),
    is_not_default_branch: String(!isDefault),
  }
}

const nameIn = ({ revision }: Facts, kind: string): string =>
  revision.ref.startsWith(`refs/${kind}/`) ? revision.ref.slice(`refs/${kind}/`.length) : ''

/** The branch that is built; empty for anything else. */
export const branchOf = (facts: Facts): string => nameIn(facts, 'heads')

/** The tag of Git that is built; empty for anything else. */
export const tagOf = (facts: Facts): string => nameIn(facts, 'tags')

/** The number of the pull request that is built; empty for anything else. */
export const pullOf = (facts: Facts): string => nameIn(facts, 'pull').split('/', 1)[0] ?? ''

// A changed checkout is not what the commit says: its image must not carry the commit's name.
const dirt = ({ revision }: Facts): string => (revision.dirty ? '-dirty' : '')

/** A commit as a tag names it; empty where there is none. */
export const shortSha = (facts: Facts): string =>
  facts.sha === '' ? '' : `${facts.sha.slice(0, facts.shortSha)}${dirt(facts)}`
export const longSha = (facts: Facts): string => (facts.sha === '' ? '' : `${facts.sha}${dirt(facts)}`)
