import { attributesOf } from '../schema/csv.ts'
import { isEcr } from './places.ts'
import type { CacheWish } from './wish.ts'

/** When a cache is asked to be written: after the gate, after a push has logged in, or when a job ends that had no gate. */
export type Moment = 'gate' | 'push' | 'end'

/**
 * Pure: which of these values of `--cache-to` are written now. What lies in a registry that is pushed to is written with
 * the login of the push; all else after the gate.
 */
export const dueAt = (when: Moment, to: readonly string[], repositories: readonly string[]): readonly string[] =>
  when === 'end' ? to : to.filter(item => isBeside(item, repositories) === (when === 'push'))

/** Pure: true where a cache may turn out to be in a registry that is pushed to. */
export function mayLieBeside({ cache, named, repositories }: CacheWish): boolean {
  const { type, ref, 'cache-from': from, 'cache-to': to } = cache
  if (from !== undefined || to !== undefined) return to?.some(item => isBeside(item, repositories)) ?? false
  if (type === 'registry') return ref === undefined ? repositories.length > 0 : isAt(ref, repositories)
  if (type !== 'auto') return false
  return repositories.some(isEcr) || (named?.to.some(item => isBeside(item, repositories)) ?? false)
}

const isBeside = (item: string, repositories: readonly string[]): boolean => {
  const attributes = attributesOf(item)
  return isAt(attributes === undefined ? item : (attributes.ref ?? ''), repositories)
}

const isAt = (reference: string, repositories: readonly string[]): boolean =>
  repositories.some(repository => reference.startsWith(`${hostOf(repository)}/`))

const hostOf = (repository: string): string => repository.split('/', 1)[0] ?? ''
