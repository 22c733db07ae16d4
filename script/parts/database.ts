import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { OutsideError } from '../../src/errors.ts'
import { artifactVersion, pushArtifact } from '../../test/support/offline/artifact.ts'
import { DATABASE_REPOSITORY, standInEnvironment, trivyCache } from '../../test/support/offline/environment.ts'
import { HUB } from '../../test/support/offline/hub.ts'
import { databaseArchive, databaseVersion } from '../../test/support/offline/trivy-db.ts'
import type { Found, Part, Setup } from './part.ts'
import { run } from './run.ts'

const repository = { address: HUB, name: DATABASE_REPOSITORY }

export const database: Part = {
  name: 'Trivy database',
  goals: ['demo', 'test'],
  without: 'images are not scanned for vulnerabilities; tests that need it are skipped',
  async probe(setup) {
    if ((await setup.offline()) && (await artifactVersion(repository, '2')) !== databaseVersion) return undefined
    return await kept(setup, 'found')
  },
  async install(setup) {
    const offline = await setup.offline()
    if (offline) await publish(setup)
    const env = { ...setup.env, ...(offline ? await standInEnvironment(setup) : {}) }
    await run({ env, signal: setup.signal }, { argv: ['trivy', 'image', '--download-db-only', '--quiet'] })
    const found = await kept(setup, 'installed')
    if (!found) throw new OutsideError('Trivy said that it downloaded its database, but kept none')
    return found
  },
}

/** A database of a few synthetic advisories, where the makers' can't be had. */
async function publish(setup: Setup): Promise<void> {
  setup.say('Writing a small Trivy database: its makers’ can’t be had here')
  await pushArtifact(repository, {
    tag: '2',
    mediaType: 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip',
    title: 'db.tar.gz',
    version: databaseVersion,
    content: await databaseArchive(),
  })
}

/** Undefined when Trivy would fetch a newer one at its next scan: that is done here, once, before scans run at once. */
async function kept(setup: Setup, how: Found['how']): Promise<Found | undefined> {
  const folder = join(await cacheFolder(setup), 'db')
  const text = await readFile(join(folder, 'metadata.json'), 'utf8').catch(() => undefined)
  if (!text) return undefined
  const { NextUpdate, UpdatedAt }: { NextUpdate: string; UpdatedAt: string } = JSON.parse(text)
  const stale = Date.parse(NextUpdate) < Date.now()
  if (stale) return undefined
  const synthetic = (await setup.offline()) ? ' (synthetic)' : ''
  return { how, version: `${UpdatedAt.slice(0, 10)}${synthetic}`, where: folder }
}

async function cacheFolder(setup: Setup): Promise<string> {
  if (await setup.offline()) return trivyCache(setup)
  const { env } = setup
  if (env.TRIVY_CACHE_DIR) return env.TRIVY_CACHE_DIR
  const home = env.HOME ?? homedir()
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'trivy')
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'trivy')
}
