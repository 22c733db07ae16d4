import semver from 'semver'
import { UserError } from '../errors.ts'
import type { Revision } from '../record/record.ts'

/**
 * Pure: the tags that rules give for a revision, those that never move first, so that a moving tag never points at
 * something that has no fixed name yet.
 * @throws UserError when no rule gives a tag, or a rule asks for a commit where there is none.
 */
export function tagsOf(rules: readonly string[], revision: Revision): readonly string[] {
  const found = rules.flatMap(rule => tagsOfRule(rule, revision))
  const tags = [
    ...new Set([...found.filter(({ moves }) => !moves), ...found.filter(({ moves }) => moves)].map(({ tag }) => tag)),
  ]
  if (tags.length > 0) return tags
  throw new UserError(
    `tags: ${rules.join(', ')} give no tag for ${revision.ref || 'a detached checkout'}\nAdd type=sha, or type=raw,value=…`,
  )
}

interface Tag {
  readonly tag: string
  readonly moves: boolean
}

function tagsOfRule(rule: string, revision: Revision): readonly Tag[] {
  if (rule === 'type=sha') return [{ tag: shaTag(revision), moves: false }]
  if (rule === 'type=ref') return refTags(revision.ref)
  if (rule === 'type=semver') return semverTags(revision.ref)
  const [, value] = /^type=raw,value=(.+)$/.exec(rule) ?? [undefined, rule]
  return value === undefined ? [] : [{ tag: value, moves: true }]
}

function shaTag({ commit, dirty }: Revision): string {
  if (commit === '')
    throw new UserError(
      'tags: type=sha needs a Git commit, and this is not a Git checkout\nName a tag instead: tags: [type=raw,value=…]',
    )
  // A changed checkout is not what the commit says: its image must not carry the commit's name.
  return `sha-${commit.slice(0, 12)}${dirty ? '-dirty' : ''}`
}

function refTags(ref: string): readonly Tag[] {
  const [, kind, name] = /^refs\/(heads|tags|pull)\/(.+)$/.exec(ref) ?? []
  if (name === undefined) return []
  if (kind === 'pull') return [{ tag: `pr-${name.split('/', 1)[0]}`, moves: true }]
  const tag = sanitised(name)
  // A branch must not take the name of a release, a commit or a pull request, which others trust.
  if (tag === '' || (kind === 'heads' && reserved.test(tag))) return []
  return [{ tag, moves: kind === 'heads' }]
}

const reserved = /^(v?\d+(\.\d+)*([.+-].*)?|sha-[0-9a-f]+.*|pr-\d+)$/

function semverTags(ref: string): readonly Tag[] {
  const version = semver.parse(/^refs\/tags\/(.+)$/.exec(ref)?.[1])
  if (version === null) return []
  const full = { tag: sanitised(version.version), moves: false }
  // A pre-release is not yet what 1.2 and 1 promise (semver.org, item 9).
  if (version.prerelease.length > 0) return [full]
  const minor = { tag: `${version.major}.${version.minor}`, moves: true }
  // Before 1.0.0 anything may change at any time (item 4): a tag 0 would promise what nobody keeps.
  return version.major === 0 ? [full, minor] : [full, minor, { tag: `${version.major}`, moves: true }]
}

/** A tag is `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}` (OCI distribution-spec, "Pulling manifests"). */
const sanitised = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128)
