import { createHash } from 'node:crypto'
import type { CacheFacts } from './facts.ts'
import type { CacheWish } from './wish.ts'

/** Pure: a part of a name that every kind of cache takes. */
export const plain = (text: string): string => text.replaceAll(/[^A-Za-z0-9.-]+/g, '-')

/** `web-prod-native`: a folder of this machine, which knows what is native. */
export const localName = ({ name, target, platform, cache: { scope } }: CacheWish): string =>
  plain(`${scope === undefined ? '' : `${scope}-`}${name}-${target ?? 'default'}-${platform}`)

/** `web-prod-linux-amd64` */
export const nameOf = (wish: CacheWish, { native }: CacheFacts): string =>
  localName({ ...wish, platform: wish.platform === 'native' ? native : wish.platform })

/** The tag of a cache in a repository, `acme/web:buildcache-…`, or behind a tag that is there. */
export const tagBeside = (repository: string, name: string): string =>
  /:[^/]+$/.test(repository) ? `${repository}-${tagOf(name)}` : `${repository}:${tagOf(`buildcache-${name}`)}`

/** At most 128 characters (OCI distribution-spec, "Pulling manifests"): the end of a longer one is told by a hash. */
export function tagOf(text: string): string {
  const tag = plain(text).replace(/^[.-]+/, '')
  if (tag.length <= 100) return tag
  return `${tag.slice(0, 91)}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`
}
