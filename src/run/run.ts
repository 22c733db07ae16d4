import { createHash, randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { z } from 'zod'
import { codeOf, makeFolder, readIfThere, writeWhole } from '../disk/files.ts'
import { UserError } from '../errors.ts'
import { readRunFile } from './read-file.ts'

/** The label with a run's id, which each of its containers carries. */
const runLabel = 'dev.pce.run'
/** The label with the folder of a checkout's runs: `pce clean` touches only what carries its own. */
export const baseLabel = 'dev.pce.base'

/** Pure: the labels of what a run makes. */
export const labelsOf = ({ id, directory }: OpenRun): Record<string, string> => ({
  [runLabel]: id,
  [baseLabel]: dirname(directory),
})

const stateSchema = z.object({
  id: z.string(),
  /** the process that opened the run or works in it */
  pid: z.number().int(),
  opened: z.string(),
  open: z.boolean(),
})
export type RunState = z.infer<typeof stateSchema>

export interface OpenRun {
  readonly id: string
  readonly directory: string
}

/** `pce-` and 8 hex digits: the name of a run's Compose project and of its builder. */
export const projectOf = (id: string): string => `pce-${id}`

const stateFileOf = (directory: string): string => join(directory, 'state.json')
const currentFileOf = (base: string): string => join(base, 'current')

/**
 * Where the runs of a checkout live: the runner's temporary folder on GitHub, else the user's state folder. Never in
 * the checkout: a build would send it to BuildKit with the context, and each run would change the image. Each working
 * directory has its own, also where two of one job share the temporary folder.
 */
export function baseOf(context: string, env: Readonly<Record<string, string | undefined>>): string {
  const folders = [env.RUNNER_TEMP, env.XDG_STATE_HOME].filter(folder => folder !== undefined)
  const folder = folders.find(one => isAbsolute(one) && !isInside(one, context))
  const name = `${basename(context)}-${hashOf(context).slice(0, 8)}`
  return join(folder ?? join(homedir(), '.local', 'state'), 'pce', name)
}

const hashOf = (path: string): string => createHash('sha256').update(path).digest('hex')

/** What stands for `base` where a path can't: a driver's option is CSV, and the path may hold a comma or a quote. */
export const markOf = (base: string): string => hashOf(base).slice(0, 16)

function isInside(path: string, context: string): boolean {
  const way = relative(context, path)
  return way !== '..' && !way.startsWith(`..${sep}`)
}

/** Opens a new run below `base`. A `shared` run is the one that later commands and steps join. */
export async function openRun(base: string, { shared }: { shared: boolean }): Promise<OpenRun> {
  const id = randomBytes(4).toString('hex')
  const directory = join(base, id)
  await makeFolder(join(directory, 'logs'))
  await writeState(directory, { id, pid: process.pid, opened: new Date().toISOString(), open: true })
  if (shared) await writeWhole(currentFileOf(base), id)
  return { id, directory }
}

/** The open run that was shared last; undefined when there is none. */
export async function findRun(base: string): Promise<OpenRun | undefined> {
  const id = (await readIfThere(currentFileOf(base)))?.trim()
  if (id === undefined || id === '') return undefined
  const state = await readState(join(base, id))
  return state?.open === true ? { id, directory: join(base, id) } : undefined
}

/** @throws UserError for a state that can't be read */
export const readState = (directory: string): Promise<RunState | undefined> =>
  readRunFile(stateFileOf(directory), stateSchema)

export const writeState = (directory: string, state: RunState): Promise<void> =>
  writeWhole(stateFileOf(directory), JSON.stringify(state))

/** Marks a run as worked in by this process, so that `pce clean` in another terminal leaves it alone. */
export async function enter(run: OpenRun): Promise<void> {
  const state = await readState(run.directory)
  if (state === undefined) throw new UserError(`${run.directory} is not a run: there is no state.json in it`)
  await writeState(run.directory, { ...state, pid: process.pid })
}

/** True while a process with that id lives on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

export const forget = async (base: string, id: string): Promise<void> => {
  const current = await readFile(currentFileOf(base), 'utf8').catch(() => '')
  if (current.trim() === id) await rm(currentFileOf(base), { force: true })
}
