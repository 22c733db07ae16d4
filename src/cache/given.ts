import { join } from 'node:path'
import { attributesOf, fieldOf } from '../schema/csv.ts'
import type { CacheFacts } from './facts.ts'
import { nameOf, tagBeside } from './name.ts'
import type { CachePlan, Caches, CacheWish } from './wish.ts'

/** Caches in the user's own words. */
export interface Given extends Caches {
  /** who gave them, in words */
  readonly of: string
}

/**
 * Pure: caches in the user's own words, less those that are not to be had here. Where several builds of the run are told
 * to write to one place, each has its own beside it: an index holds what was written last, and nothing else.
 */
export function planGiven(
  wish: CacheWish,
  { from, to, of }: Given,
  facts: CacheFacts,
): Pick<CachePlan, 'from' | 'to' | 'inline' | 'why'> {
  const name = nameOf(wish, facts)
  const isShared = (item: string) => wish.shared.includes(placeOf(item) ?? '')
  const [unread, unwritten] = [whyNotRead(facts), whyNotWritten(facts)]
  const read = unread === undefined ? from : from.filter(item => !isGha(item))
  const written = unwritten === undefined ? to : to.filter(item => !isGha(item))
  const shared = [...new Set(written.filter(isShared).map(item => placeOf(item)))]
  const why = [
    `cache-from and cache-to ${of}`,
    ...(read.length < from.length ? [`no gha: ${unread}`] : []),
    ...(written.length < to.length && unwritten !== unread ? [`gha is only read, since ${unwritten}`] : []),
    ...(shared.length > 0 ? [`several builds write to ${shared.join(', ')}, so each has a name of its own there`] : []),
  ].join('; ')
  return {
    // What was written there before serves as well.
    from: read.flatMap(item => (isShared(item) ? [besideOthers(item, name), item] : [item])),
    to: written.filter(item => !isInline(item)).map(item => (isShared(item) ? besideOthers(item, name) : item)),
    inline: written.some(isInline),
    why,
  }
}

function whyNotRead({ reaches, actions }: CacheFacts): string | undefined {
  if (!reaches) return 'the builder is elsewhere, and keeps its own layers'
  return 'none' in actions ? actions.none : undefined
}

const whyNotWritten = (facts: CacheFacts): string | undefined =>
  whyNotRead(facts) ?? ('writes' in facts.actions && !facts.actions.writes ? 'this job may only read it' : undefined)

type Attributes = Readonly<Record<string, string>>

/** A reference alone is a registry (docker/buildx, docs/reference/buildx_build.md, "--cache-to"). */
const attributesIn = (item: string): Attributes => attributesOf(item) ?? { type: 'registry', ref: item }

export const typeOf = (item: string): string => attributesIn(item).type ?? ''

const isGha = (item: string): boolean => typeOf(item) === 'gha'

const isInline = (item: string): boolean => typeOf(item) === 'inline'

interface Kind {
  /** attributes that say where it is, the last of them its name there */
  readonly place: readonly string[]
  /** the name where none is given (moby/buildkit README, "Export cache") */
  readonly usual?: string
  /** a name of its own, beside one that others have as well */
  beside(name: string | undefined, own: string): string
}

const behind = (name: string | undefined, own: string): string => (name === undefined ? own : `${name}-${own}`)

const kinds: Readonly<Record<string, Kind>> = {
  gha: { place: ['scope'], usual: 'buildkit', beside: behind },
  registry: { place: ['ref'], beside: (ref = '', own) => tagBeside(ref, own) },
  s3: { place: ['bucket', 'prefix', 'name'], usual: 'buildkit', beside: behind },
  azblob: { place: ['account_url', 'container', 'prefix', 'name'], usual: 'buildkit', beside: behind },
  local: { place: ['dest'], beside: (dest = '', own) => join(dest, own) },
}

/** Pure: where a cache is, the same whatever else is said of it: `gha buildkit`; undefined where it is in the image. */
export function placeOf(item: string): string | undefined {
  const { type = '', ...attributes } = withDest(attributesIn(item))
  const { place, usual } = kinds[type] ?? {}
  if (place === undefined) return undefined
  return [
    type,
    ...place.flatMap((name, at) => attributes[name] ?? (at === place.length - 1 ? (usual ?? []) : [])),
  ].join(' ')
}

/** Pure: a cache in a place of its own beside what several write; all else that is said of it stays. */
function besideOthers(item: string, own: string): string {
  const attributes = attributesIn(item)
  const { place = [], beside = behind } = kinds[attributes.type ?? ''] ?? {}
  const last = place.at(-1) ?? ''
  const name = last === 'dest' && attributes.dest === undefined ? 'src' : last
  return Object.entries({ ...attributes, [name]: beside(attributes[name], own) })
    .map(([key, value]) => fieldOf(`${key}=${value}`))
    .join(',')
}

/** A folder is `src` where it is read. */
const withDest = ({ src, ...attributes }: Attributes): Attributes =>
  src === undefined ? attributes : { dest: src, ...attributes }
