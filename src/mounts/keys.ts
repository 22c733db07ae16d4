import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type CacheMount, nameOf } from './find.ts'
import { findLockFiles, hashFiles } from './lock-files.ts'

/** Under what a mount is kept. */
export interface Keys {
  /** `pce-mounts-1-linux-amd64-npm-0a1b2c3d-`: with the same mount, and other lock files, the next best */
  readonly prefix: string
  /** the prefix and a hash of the lock files */
  readonly key: string
}

/** Where the builds that use a mount are: paths absolute, the Dockerfile for when there is no lock file. */
export interface Place {
  readonly context: string
  readonly dockerfile: string
}

/** A change here is another format: what older versions kept is not read. */
const format = 1

/**
 * The keys of a mount: its name, the platforms of the builds that use it, and the lock files of their contexts. The
 * cache service of GitHub Actions takes 512 characters and no comma.
 */
export async function keysOf(mount: CacheMount, platforms: readonly string[], places: readonly Place[]): Promise<Keys> {
  const name = nameOf(mount)
  const readable = name
    .replaceAll(/[^A-Za-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(-60)
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  const machines = [...new Set(platforms)].sort().join('+').replaceAll('/', '-').slice(0, 200)
  const prefix = `pce-mounts-${format}-${machines}-${readable}-${digest}-`
  return { prefix, key: `${prefix}${await locksOf(places)}` }
}

async function locksOf(places: readonly Place[]): Promise<string> {
  const contexts = [...new Set(places.map(({ context }) => context))].sort()
  const locks = await Promise.all(
    contexts.map(async (context, index) =>
      (await findLockFiles(context)).map(path => ({ name: `${index}/${path}`, path: join(context, path) })),
    ),
  )
  if (locks.flat().length > 0) return hashFiles(locks.flat())
  const files = [...new Set(places.map(({ dockerfile }) => dockerfile))].sort()
  return hashFiles(files.map((path, index) => ({ name: String(index), path })))
}
