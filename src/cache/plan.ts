import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { parseRegistryHost } from '../aws/registry-host.ts'
import { UserError } from '../errors.ts'
import { attributesOf } from '../schema/csv.ts'
import type { CacheConfig } from './config.ts'
import type { CacheFacts } from './facts.ts'

/** What a build wants of a cache. */
export interface CacheWish {
  readonly cache: CacheConfig
  /** key of the image in the configuration */
  readonly name: string
  readonly target: string | undefined
  /** `linux/amd64`, or `native` */
  readonly platform: string
  /** what else is built of this Dockerfile in the same run: its layers may serve here */
  readonly targets: readonly (string | undefined)[]
  /** repositories that it may be pushed to: `ghcr.io/acme/web` */
  readonly repositories: readonly string[]
}

/** Values of `--cache-from` and `--cache-to`. */
export interface CachePlan {
  readonly type: CacheConfig['type']
  readonly from: readonly string[]
  /** what is written once the gate has spoken */
  readonly to: readonly string[]
  /** for `local`: folders that are read where they are there, and the one that is written as a whole */
  readonly folders: readonly string[]
  readonly folder: string | undefined
  /** the cache goes into the image itself, so the build writes it */
  readonly inline: boolean
  /** in one line: what was chosen, and why */
  readonly why: string
}

/**
 * Pure: which caches a build reads and writes. One for each image, target and platform, since an index holds what was
 * written last; read from the own branch, then the base, then the default branch, written to the own alone.
 * @throws UserError where a type was asked for that lacks a place
 */
export function planCache(wish: CacheWish, facts: CacheFacts): CachePlan {
  const { cache } = wish
  if (cache['cache-from'] !== undefined || cache['cache-to'] !== undefined) return planRaw(cache)
  const { type, why } = chooseType(wish, facts)
  if (type === 'gha' && !facts.reaches) return nothing('no cache: the builder is elsewhere, and keeps its own layers')
  if (type === 'gha' && 'none' in facts.actions) return nothing(`no cache: ${facts.actions.none}`)
  if (type === 'none') return nothing(`no cache: ${why}`)
  const plan = { ...empty, ...places[type](wish, facts), type }
  const closed = whyNotWritten(type, facts)
  return {
    ...plan,
    ...(closed === undefined ? {} : { to: [], folder: undefined, inline: false }),
    why: `${type} cache: ${why}${closed === undefined ? '' : `; only read, since ${closed}`}`,
  }
}

const empty = { from: [], to: [], folders: [], folder: undefined, inline: false } as const

const nothing = (why: string): CachePlan => ({ ...empty, type: 'none', why })

/** As the user wrote them. */
function planRaw({ 'cache-from': from = [], 'cache-to': to = [] }: CacheConfig): CachePlan {
  const isInline = (item: string) => attributesOf(item)?.type === 'inline'
  const why = 'cache-from and cache-to as they are given'
  return { ...empty, type: 'auto', from, to: to.filter(item => !isInline(item)), inline: to.some(isInline), why }
}

type Kept = Exclude<CacheConfig['type'], 'auto' | 'none'>
type Choice = { readonly type: Kept | 'none'; readonly why: string }

function chooseType({ cache, repositories }: CacheWish, { host, actions, inAws }: CacheFacts): Choice {
  const { type } = cache
  if (type === 'none') return { type, why: 'turned off' }
  if (type === 'local' && cache.path === undefined && host !== 'laptop')
    return { type: 'none', why: 'a local cache needs a path here that outlives the job: cache: { path: … }' }
  if (type !== 'auto') return { type, why: 'as configured' }
  if (cache.path !== undefined) return { type: 'local', why: 'a path is named' }
  if (host === 'laptop') return { type: 'local', why: "this machine keeps the user's cache folder" }
  if (host === 'github-hosted' && 'none' in actions) return { type: 'none', why: actions.none }
  if (host === 'github-hosted') return { type: 'gha', why: 'this runner is hosted by GitHub, near to its cache' }
  if (inAws && repositories.some(isEcr))
    return { type: 'registry', why: 'this runner is in AWS, beside an ECR registry' }
  return {
    type: 'none',
    why: 'nothing is known of this runner that outlives a job; name a place with cache: { type: … }',
  }
}

export const isEcr = (repository: string): boolean =>
  parseRegistryHost(repository.split('/', 1)[0] ?? '').kind === 'ecr'

function whyNotWritten(type: Kept, { actions, tag }: CacheFacts): string | undefined {
  if (type === 'gha' && 'writes' in actions && !actions.writes) return 'this job may only read it'
  return tag && type !== 'inline' ? 'no other run reads the cache of a tag' : undefined
}

type Place = (wish: CacheWish, facts: CacheFacts) => Partial<CachePlan>

const places: Readonly<Record<Kept, Place>> = {
  // GitHub itself keeps the branches apart, and says which of them a job may read (claim `ac` of its token).
  gha(wish, facts) {
    const of = (target: string | undefined) => `type=gha,scope=${nameOf(wish, target, facts)}`
    return { from: wish.targets.map(of), to: [`${of(wish.target)},mode=${wish.cache.mode}`] }
  },
  registry(wish, facts) {
    const at = (target: string | undefined, branch: string) =>
      `type=registry,ref=${cacheReference(wish, nameOf(wish, target, facts), branch)}`
    const attributes = `,image-manifest=true,oci-mediatypes=true,mode=${wish.cache.mode}`
    return onBranches(wish, facts, { read: at, write: branch => at(wish.target, branch) + attributes })
  },
  s3(wish, facts) {
    const { bucket, region, prefix, endpoint, mode } = wish.cache
    const where = [
      `type=s3,bucket=${bucket},region=${region}`,
      ...(prefix === undefined ? [] : [`prefix=${prefix}`]),
      ...(endpoint === undefined ? [] : [`endpoint_url=${endpoint},use_path_style=true`]),
    ].join(',')
    const at = (target: string | undefined, branch: string) =>
      `${where},name=${nameOf(wish, target, facts)}-${plain(branch)}`
    return onBranches(wish, facts, { read: at, write: branch => `${at(wish.target, branch)},mode=${mode}` })
  },
  azblob(wish, facts) {
    const { account, container, prefix, mode } = wish.cache
    const where = `type=azblob,account_url=${account},container=${container}${prefix === undefined ? '' : `,prefix=${prefix}`}`
    const at = (target: string | undefined, branch: string) =>
      `${where},name=${nameOf(wish, target, facts)}-${plain(branch)}`
    return onBranches(wish, facts, { read: at, write: branch => `${at(wish.target, branch)},mode=${mode}` })
  },
  local(wish, facts) {
    const at = (target: string | undefined, branch: string | undefined) =>
      join(facts.folder, localName(wish, target) + (branch === undefined ? '' : `@${plain(branch)}`))
    const branches = localBranches(facts)
    const [own] = branches
    return {
      folders: wish.targets.flatMap(target => branches.map(branch => at(target, branch))),
      folder: at(wish.target, own),
    }
  },
  inline(wish, { branches }) {
    const { ref } = wish.cache
    const repositories = ref === undefined ? wish.repositories : [ref]
    const tags = namesOf(branches).map(tagOf)
    return { from: repositories.flatMap(one => tags.map(tag => `type=registry,ref=${one}:${tag}`)), inline: true }
  },
}

interface Names {
  read(target: string | undefined, branch: string): string
  write(branch: string): string
}

function onBranches({ targets }: CacheWish, { branches }: CacheFacts, { read, write }: Names): Partial<CachePlan> {
  const names = namesOf(branches)
  return {
    from: targets.flatMap(target => names.map(branch => read(target, branch))),
    to: names.slice(0, 1).map(write),
  }
}

/** Own, base, default, each once; `main` where nobody says. */
const namesOf = ({ own, base, usual }: CacheFacts['branches']): readonly string[] => {
  const names = [own, base, usual].filter(name => name !== undefined)
  return names.length === 0 ? ['main'] : [...new Set(names)]
}

/**
 * A folder has one name on a laptop and on the default branch; elsewhere it bears the branch, so that a pull request
 * does not write what the default branch reads.
 */
function localBranches({ host, branches: { own, base, usual } }: CacheFacts): readonly (string | undefined)[] {
  if (host === 'laptop') return [undefined]
  const names = [own, base, undefined].map(name => (name === usual ? undefined : name))
  return [...new Set(own === undefined ? [undefined] : names)]
}

const plain = (text: string): string => text.replaceAll(/[^A-Za-z0-9.-]+/g, '-')

const localName = ({ name, platform, cache: { scope } }: CacheWish, target: string | undefined): string =>
  plain(`${scope === undefined ? '' : `${scope}-`}${name}-${target ?? 'default'}-${platform}`)

/** `web-prod-linux-amd64` */
const nameOf = (wish: CacheWish, target: string | undefined, { native }: CacheFacts): string =>
  localName({ ...wish, platform: wish.platform === 'native' ? native : wish.platform }, target)

/** A tag beside the image, or in a repository of its own. */
function cacheReference({ cache: { ref }, repositories }: CacheWish, name: string, branch: string): string {
  const repository = ref ?? repositories.find(isEcr) ?? repositories[0]
  if (repository === undefined)
    throw new UserError(
      'cache.ref: a registry cache needs a repository, or registries to push to\nName one: cache: { type: registry, ref: ghcr.io/acme/web-cache }',
    )
  const hasTag = /:[^/]+$/.test(repository)
  return `${repository}${hasTag ? '-' : ':'}${tagOf(hasTag ? `${name}-${branch}` : `buildcache-${name}-${branch}`)}`
}

/** At most 128 characters (OCI distribution-spec, "Pulling manifests"): the end of a longer one is told by a hash. */
function tagOf(text: string): string {
  const tag = plain(text).replace(/^[.-]+/, '')
  if (tag.length <= 100) return tag
  return `${tag.slice(0, 91)}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`
}
