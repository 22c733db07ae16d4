import { UserError } from '../errors.ts'
import type { Facts } from '../run/facts.ts'
import { type Annotations, checkLevels, parseAnnotation, renderAnnotations } from './annotations.ts'
import { expand } from './expression.ts'
import { type Flavor, parseFlavor } from './flavor.ts'
import { composeTag, generate, type Tag } from './generate.ts'
import { latestOf } from './latest.ts'
import { type Name, renderName } from './name.ts'
import { type Misread, parseRules, type Rule } from './rule.ts'

/** What is asked for one image. */
export interface Wish {
  /** where tags go: all of them get each */
  readonly names: readonly Name[]
  /** rules, tags, full references */
  readonly tags: readonly string[]
  readonly flavor: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: readonly string[]
  /** what the image says its version is, where it is built already */
  readonly version?: string | undefined
}

/** A tag to be set. */
export interface Reference extends Name {
  readonly tag: string
}

/** What an image is called, and what it says of itself. Plain data. */
export interface Metadata {
  /** the first tag; empty where there is none */
  readonly version: string
  /** what the image says of itself: the first tag that is the same at another time; empty where there is none */
  readonly ownVersion: string
  /** full references, the first of them by priority */
  readonly tags: readonly string[]
  readonly tagNames: readonly string[]
  /** repositories that it may go to, whatever the branch */
  readonly places: readonly Name[]
  /** where the image goes now, in the order in which tags are set: of each repository those that stay first */
  readonly references: readonly Reference[]
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Annotations
  /** what somebody may wonder about, one line each */
  readonly notes: readonly string[]
}

/**
 * Pure: tags, labels and annotations of an image, by the rules of docker/metadata-action (README, v6).
 * @throws UserError for a rule or an expression that can't be read
 */
export function metadataOf(wish: Wish, facts: Facts): Metadata {
  const flavor = orThrow('flavor', parseFlavor(wish.flavor))
  const rules = wish.tags.flatMap(tag => orThrow('tags', parseRules(tag))).sort((a, b) => b.priority - a.priority)
  const made = rules.map(rule => generate(rule, flavor, facts))
  const tags = made.flatMap(one => (one === undefined || 'note' in one ? [] : [one]))
  const latest = decideLatest(tags, flavor, facts)
  const all = [...tags, ...latest.tags]
  const tagNames = unique(all.map(({ tag }) => tag))
  const places = placesOf(wish.names, rules)
  const ownVersion = wish.version ?? tags.find(({ timeless }) => timeless)?.tag ?? ''
  const own = describe(ownVersion, facts)
  return {
    version: tags[0]?.tag ?? '',
    tags: places.length === 0 ? tagNames : unique(tagged(wish.names, all).map(renderReference)),
    tagNames,
    places,
    references: inOrder(wish.names, all),
    ownVersion,
    labels: sorted({ ...own, ...expandAll(wish.labels, facts) }),
    annotations: annotationsOf(wish, own, facts),
    notes: unique([
      ...made.flatMap(one => (one !== undefined && 'note' in one ? [one.note] : [])),
      ...latest.notes,
      ...(facts.revision.dirty && tagNames.some(tag => tag.includes('-dirty')) ? [dirtyNote] : []),
    ]),
  }
}

const dirtyNote =
  'the checkout differs from its commit (git status tells how), so what is named after the commit ends in -dirty; a file that a step writes belongs into .gitignore'

function orThrow<T extends object>(key: string, read: T | Misread): T {
  if ('fault' in read) throw new UserError(`${key}: expected ${read.fault}`)
  return read
}

/** What is tagged, before it is known whether it stays where it is. */
type Made = Pick<Tag, 'tag' | 'moves'> & { readonly rule?: Rule }

interface Decision {
  readonly tags: readonly Made[]
  readonly notes: readonly string[]
}

function decideLatest(tags: readonly Tag[], flavor: Flavor, facts: Facts): Decision {
  const mine = tags.filter(({ rule }) => rule.type !== 'reference')
  const found = flavor.latest === 'auto' ? mine.map(({ rule }) => latestOf(rule, facts)) : []
  const due = found.find(one => one.due)
  const isDue = flavor.latest === 'true' ? mine.length > 0 : due !== undefined
  const notes = (due === undefined ? found : [due]).flatMap(({ note }) => note ?? [])
  if (!isDue) return { tags: [], notes }
  const prefix = flavor.prefixOnLatest ? expand(flavor.prefix, facts).text : ''
  const suffix = flavor.suffixOnLatest ? expand(flavor.suffix, facts).text : ''
  return { tags: [{ tag: composeTag(prefix, 'latest', suffix), moves: true }], notes }
}

/** Each tag in each place that it goes to: a full reference has its own. */
const tagged = (names: readonly Name[], tags: readonly Made[]): readonly (Reference & Pick<Made, 'moves'>)[] => [
  ...names.flatMap(name => tags.filter(isShared).map(({ tag, moves }) => ({ ...name, tag, moves }))),
  ...tags.flatMap(({ rule, tag, moves }) => (rule?.type === 'reference' ? [{ ...rule.name, tag, moves }] : [])),
]

const placesOf = (names: readonly Name[], rules: readonly Rule[]): readonly Name[] => {
  const named = rules.flatMap(rule => (rule.type === 'reference' ? [rule.name] : []))
  return [...new Map([...names, ...named].map(name => [renderName(name), name])).values()]
}

const isShared = ({ rule }: Made): boolean => rule?.type !== 'reference'

/** Pure: `ghcr.io/acme/web:1.2` */
export const renderReference = (reference: Reference): string => `${renderName(reference)}:${reference.tag}`

/** Those that stay first, so that a moving tag never points at something that has no fixed name yet. */
function inOrder(names: readonly Name[], tags: readonly Made[]): readonly Reference[] {
  const all = tagged(names, tags)
  const places = unique(all.map(renderName))
  const ordered = places.flatMap(place => {
    const here = all.filter(one => renderName(one) === place)
    return [...here.filter(({ moves }) => !moves), ...here.filter(({ moves }) => moves)]
  })
  const byName = Map.groupBy(ordered, renderReference)
  return [...byName.values()].flatMap(([first]) =>
    first === undefined ? [] : [{ registry: first.registry, repository: first.repository, tag: first.tag }],
  )
}

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)]

const oci = 'org.opencontainers.image'

/**
 * What the image says of itself (OCI image-spec, annotations.md): the same for the same commit, whenever and wherever it
 * is built, or the same source would not give the same image.
 */
function describe(version: string, { repository, revision, sha }: Facts): Readonly<Record<string, string>> {
  const commit = sha === '' ? '' : `${sha}${revision.dirty ? '-dirty' : ''}`
  const known = {
    [`${oci}.title`]: repository?.name,
    [`${oci}.url`]: repository?.url,
    [`${oci}.source`]: repository?.url,
    [`${oci}.version`]: version,
    [`${oci}.created`]: revision.committed,
    [`${oci}.revision`]: commit,
  }
  return Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  )
}

const expandAll = (values: Readonly<Record<string, string>>, facts: Facts): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, expandIn('labels', value, facts)]))

/** Text of another key than `tags`. @throws UserError that names it */
function expandIn(key: string, text: string, facts: Facts): string {
  try {
    return expand(text, facts).text
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(error.message.replace(/^tags: /, `${key}: `), { cause: error })
  }
}

const sorted = <T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Those that are asked for, with what the image says of itself beside them; none where none is asked for. */
function annotationsOf({ annotations }: Wish, own: Readonly<Record<string, string>>, facts: Facts): Annotations {
  if (annotations.length === 0) return {}
  const usual = checkLevels(facts.levels)
  const all: Record<string, Record<string, string>> = Object.fromEntries(usual.map(level => [level, { ...own }]))
  for (const text of annotations) {
    const { levels, key, value } = orThrow('annotations', parseAnnotation(text))
    for (const level of levels.length > 0 ? levels : usual)
      all[level] = { ...all[level], [key]: expandIn('annotations', value, facts) }
  }
  return sorted(Object.fromEntries(Object.entries(all).map(([level, values]) => [level, sorted(values)])))
}

/** Pure: the `json` output: what metadata-action's has. */
export const renderJson = ({ tags, tagNames, labels, annotations }: Metadata) => ({
  tags,
  'tag-names': tagNames,
  labels,
  annotations: renderAnnotations(annotations),
})

/** Pure: a bake file whose target others inherit from (docker/metadata-action, README, "Bake definition"). */
export function renderBakeFile({ tags, labels, annotations, version, places }: Metadata) {
  const lines = renderAnnotations(annotations)
  return {
    target: {
      'docker-metadata-action': {
        tags,
        labels,
        ...(lines.length === 0 ? {} : { annotations: lines }),
        args: { DOCKER_META_IMAGES: places.map(renderName).join(','), DOCKER_META_VERSION: version },
      },
    },
  }
}
