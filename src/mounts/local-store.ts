import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Hit, Store } from './store.ts'

/** Archives of one mount that are kept: that of this branch's lock files, and that of another's. */
const kept = 2

/** A folder of this machine, for where no cache service is: one folder below it for each key. */
export const localStore = (root: string): Store => ({
  name: root,
  async fetch({ prefix, key }): Promise<Hit | undefined> {
    const keys = await keysIn(root, prefix)
    const found = keys.includes(key) ? key : keys[0]
    return found === undefined ? undefined : { key: found, folder: join(root, found) }
  },
  async save({ prefix, key }, folder) {
    await mkdir(root, { recursive: true })
    // A name of its own and a rename: nobody reads a half.
    const fresh = await mkdtemp(join(root, '.new-'))
    try {
      await cp(folder, fresh, { recursive: true })
      await rm(join(root, key), { recursive: true, force: true })
      await rename(fresh, join(root, key))
    } finally {
      await rm(fresh, { recursive: true, force: true })
    }
    const old = (await keysIn(root, prefix)).slice(kept)
    await Promise.all(old.map(name => rm(join(root, name), { recursive: true, force: true })))
  },
  drop: key => rm(join(root, basename(key)), { recursive: true, force: true }),
})

/** Keys with a prefix, the last written first. */
async function keysIn(root: string, prefix: string): Promise<readonly string[]> {
  const names = (await readdir(root).catch(() => [])).filter(name => name.startsWith(prefix))
  const times = await Promise.all(
    names.map(name =>
      stat(join(root, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  )
  return names
    .map((name, index) => ({ name, time: times[index] ?? 0 }))
    .sort((a, b) => b.time - a.time)
    .map(({ name }) => name)
}
