import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { ActionName } from '../config/inputs.ts'
import type { GitHubHost } from '../host/github.ts'
import { closeRun } from '../run/close.ts'
import { scrub } from '../run/environment.ts'
import { type OpenRun, readState } from '../run/run.ts'
import { exported, pointers, regions } from './exported.ts'
import type { Around } from './stage.ts'

/** Closes what this step opened: a run, a login. Posts run in reverse order, so whoever opened the run closes it. */
export async function performPost(name: ActionName, around: Around): Promise<void> {
  const { host } = around
  await closeLogin(host)
  const directory = host.getState('run')
  if (directory === undefined) return
  const id = basename(directory)
  // The main step closes what it can; then there is nothing left to do.
  if ((await readState(directory))?.open !== true) return
  if (name !== 'login') await writeCaches(name, { id, directory }, around).catch(error => host.warn(noCache(error)))
  const left = await closeRun({ id, directory }, { env: scrub(process.env) })
  for (const fault of left) host.warn(`Not taken down: ${fault}`)
}

/** A chunk of the bundle of its own: most posts have nothing to write. */
async function writeCaches(name: Exclude<ActionName, 'login'>, run: OpenRun, around: Around): Promise<void> {
  return (await import('./post-cache.ts')).exportCaches(name, run, around)
}

const noCache = (error: unknown): string =>
  `Layer caches are not written: ${error instanceof Error ? error.message : String(error)}`

const leftOver = (folder: string, error: unknown): string =>
  `Not all of the login is removed: ${error instanceof Error ? error.message : String(error)}\nRemove ${folder} by hand.`

const regionsSchema = z.record(z.enum(regions), z.string())
const stateSchema = z.object({ folder: z.string(), before: z.record(z.enum(pointers), z.string()) })

/** Removes the login, and gives the post steps of earlier steps their own Docker configuration back. */
async function closeLogin(host: GitHubHost): Promise<void> {
  const credentials = host.getState('credentials')
  if (credentials !== undefined) {
    const before: Readonly<Record<string, string>> = regionsSchema.parse(JSON.parse(credentials))
    for (const name of exported) host.exportVariable(name, before[name] ?? '')
  }
  const saved = host.getState('login')
  if (saved === undefined) return
  const { folder, before } = stateSchema.parse(JSON.parse(saved))
  for (const name of pointers) host.exportVariable(name, before[name])
  // The login itself first: whatever else can't be removed, that is gone.
  await rm(join(folder, 'config.json'), { force: true }).catch(() => {})
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => host.warn(leftOver(folder, error)))
}
