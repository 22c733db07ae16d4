import { join } from 'node:path'
import { parseRegistryHost } from '../aws/registry-host.ts'
import { UserError } from '../errors.ts'
import type { CacheConfig } from './config.ts'
import type { CacheFacts } from './facts.ts'
import { localName, nameOf, plain, tagBeside, tagOf } from './name.ts'
import type { CachePlan, CacheWish } from './wish.ts'

export type Kept = Exclude<CacheConfig['type'], 'auto' | 'none'>
type Place = (wish: CacheWish, facts: CacheFacts) => Partial<CachePlan>

/** Pure: what a cache of a type reads and writes. @throws UserError where it lacks a place */
export const places: Readonly<Record<Kept, Place>> = {
  // GitHub itself keeps the branches apart, and says which of them a job may read (claim `ac` of its token).
  gha(wish, facts) {
    const item = `type=gha,scope=${nameOf(wish, facts)}`
    return { from: [item], to: [`${item},mode=${wish.cache.mode}`] }
  },
  registry(wish, facts) {
    const at = (branch: string) => `type=registry,ref=${cacheReference(wish, nameOf(wish, facts), branch)}`
    return onBranches(facts, at, `image-manifest=true,oci-mediatypes=true,mode=${wish.cache.mode}`)
  },
  s3(wish, facts) {
    const { bucket, region, prefix, endpoint, mode } = wish.cache
    const where = [
      `type=s3,bucket=${bucket},region=${region}`,
      ...(prefix === undefined ? [] : [`prefix=${prefix}`]),
      ...(endpoint === undefined ? [] : [`endpoint_url=${endpoint},use_path_style=true`]),
    ].join(',')
    return onBranches(facts, branch => `${where},name=${nameOf(wish, facts)}-${plain(branch)}`, `mode=${mode}`)
  },
  azblob(wish, facts) {
    const { account, container, prefix, mode } = wish.cache
    const where = `type=azblob,account_url=${account},container=${container}${prefix === undefined ? '' : `,prefix=${prefix}`}`
    return onBranches(facts, branch => `${where},name=${nameOf(wish, facts)}-${plain(branch)}`, `mode=${mode}`)
  },
  local(wish, facts) {
    const folders = localBranches(facts).map(branch =>
      join(facts.folder, localName(wish) + (branch === undefined ? '' : `@${plain(branch)}`)),
    )
    return { folders, folder: folders[0] }
  },
  inline(wish, { branches }) {
    const { ref } = wish.cache
    const repositories = ref === undefined ? wish.repositories : [ref]
    const tags = namesOf(branches).map(tagOf)
    return { from: repositories.flatMap(one => tags.map(tag => `type=registry,ref=${one}:${tag}`)), inline: true }
  },
}

/** `at` names the cache of a branch; `how` it is written. */
function onBranches({ branches }: CacheFacts, at: (branch: string) => string, how: string): Partial<CachePlan> {
  const from = namesOf(branches).map(at)
  return { from, to: from.slice(0, 1).map(item => `${item},${how}`) }
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

/** A tag beside the image, or in a repository of its own. */
function cacheReference({ cache: { ref }, repositories }: CacheWish, name: string, branch: string): string {
  const repository = ref ?? repositories.find(isEcr) ?? repositories[0]
  if (repository === undefined)
    throw new UserError(
      'cache.ref: a registry cache needs a repository, or registries to push to\nName one: cache: { type: registry, ref: ghcr.io/acme/web-cache }',
    )
  return tagBeside(repository, `${name}-${branch}`)
}

export const isEcr = (repository: string): boolean =>
  parseRegistryHost(repository.split('/', 1)[0] ?? '').kind === 'ecr'
