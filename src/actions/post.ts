import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import type { GitHubHost } from '../host/github.ts'
import { closeRun } from '../run/close.ts'
import { scrub } from '../run/environment.ts'
import { readState } from '../run/run.ts'
import { exported } from './login.ts'

/** Closes what this step opened: a run, a login. Posts run in reverse order, so whoever opened the run closes it. */
export async function performPost(host: GitHubHost): Promise<void> {
  if (host.getState('credentials') !== undefined) for (const name of exported) host.exportVariable(name, '')
  const folder = host.getState('login')
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  const directory = host.getState('run')
  if (directory === undefined) return
  const id = basename(directory)
  // The main step closes what it can; then there is nothing left to do.
  if ((await readState(directory))?.open !== true) return
  const left = await closeRun({ id, directory }, { env: scrub(process.env) })
  for (const fault of left) host.warn(`Not taken down: ${fault}`)
}
