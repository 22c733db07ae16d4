import { randomUUID } from 'node:crypto'
import { type CacheScope, canRead } from './tokens.ts'

/** One entry: reserved, then uploaded, then final, and from there on never changed. */
export interface Entry {
  readonly id: number
  readonly key: string
  readonly version: string
  readonly scope: string
  /** path of its blob */
  readonly path: string
  final: boolean
  /** counts up with every entry that becomes final: the newest has the highest */
  age: number
  /** counts up with every use: the least recently used has the lowest */
  used: number
  /** the whole blob, once it was committed */
  content: Buffer | undefined
  readonly blocks: Map<string, Buffer>
}

interface Named {
  readonly key: string
  readonly version: string
}

export interface Entries {
  readonly all: readonly Entry[]
  /** bytes of all final entries */
  readonly size: number
  find(named: Named, scope: string): Entry | undefined
  byPath(path: string): Entry | undefined
  reserve(named: Named, scope: string): Entry
  /** Makes it final; what was not used for longest goes when there is more than the repository may hold. */
  finish(entry: Entry): void
  lookUp(asked: Asked, scopes: readonly CacheScope[]): Entry | undefined
  /** Everything goes, as if nothing had been used for seven days. */
  clear(): void
}

interface Asked extends Named {
  readonly restoreKeys: readonly string[]
}

/** The entries of one repository, which may hold so many bytes (GitHub: 10 GB). */
export function createEntries(limit: number): Entries {
  let all: Entry[] = []
  let clock = 0
  let ids = 0
  const finals = () => all.filter(({ final }) => final)
  const sizeOf = () => finals().reduce((sum, { content }) => sum + (content?.length ?? 0), 0)

  return {
    get all() {
      return all
    },
    get size() {
      return sizeOf()
    },
    find: ({ key, version }, scope) =>
      all.find(entry => entry.key === key && entry.version === version && entry.scope === scope),
    byPath: path => all.find(entry => entry.path === path),
    reserve({ key, version }, scope) {
      ids += 1
      const path = `/actions-cache/blobs/${randomUUID()}`
      const entry: Entry = {
        ...{ id: ids, key, version, scope, path, final: false, age: 0, used: 0 },
        content: undefined,
        blocks: new Map(),
      }
      all.push(entry)
      return entry
    },
    finish(entry) {
      clock += 1
      Object.assign(entry, { final: true, age: clock, used: clock })
      while (sizeOf() > limit) {
        const [oldest] = finals().sort((a, b) => a.used - b.used)
        all = all.filter(one => one !== oldest)
      }
    },
    lookUp(asked, scopes) {
      const found = scopes
        .filter(canRead)
        .map(({ Scope }) =>
          search(
            asked,
            finals().filter(({ scope }) => scope === Scope),
          ),
        )
        .find(entry => entry !== undefined)
      clock += 1
      if (found !== undefined) found.used = clock
      return found
    },
    clear() {
      all = []
    },
  }
}

/**
 * In one scope: the very key, then what begins with each of the restore keys in turn, the newest of several
 * (docs.github.com, "Dependency caching reference", "Cache key matching"). A client that wants its key taken for a
 * prefix lists it among the restore keys, as BuildKit does.
 */
function search({ key, version, restoreKeys }: Asked, entries: readonly Entry[]): Entry | undefined {
  const mine = entries.filter(entry => entry.version === version).sort((a, b) => b.age - a.age)
  const matches = [
    mine.find(entry => entry.key === key),
    ...restoreKeys.map(prefix => mine.find(entry => entry.key.startsWith(prefix))),
  ]
  return matches.find(match => match !== undefined)
}
