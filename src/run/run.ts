import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../errors.ts'
import { readIfThere, writeWhole } from './files.ts'

/** The label that every container, network and volume of a run carries. */
export const label = 'dev.pce.run'

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

/** Opens a new run below `base`. A `shared` run is the one that later commands and steps join. */
export async function openRun(base: string, { shared }: { shared: boolean }): Promise<OpenRun> {
  const id = randomBytes(4).toString('hex')
  const directory = join(base, id)
  await mkdir(join(directory, 'logs'), { recursive: true })
  // A repository's own ignore file must not have to know of runs.
  await writeWhole(join(base, '.gitignore'), '*\n')
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

export async function readState(directory: string): Promise<RunState | undefined> {
  const text = await readIfThere(stateFileOf(directory))
  return text === undefined ? undefined : stateSchema.parse(JSON.parse(text))
}

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
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

export const forget = async (base: string, id: string): Promise<void> => {
  const current = await readFile(currentFileOf(base), 'utf8').catch(() => '')
  if (current.trim() === id) await rm(currentFileOf(base), { force: true })
}
