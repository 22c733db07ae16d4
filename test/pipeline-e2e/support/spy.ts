import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A process of this machine. */
interface Process {
  /** its command line; arguments are parted by a zero byte */
  readonly command: string
  /** what it was started with: `NAME=value`, parted by a zero byte; empty where only another user may read it */
  readonly environment: string
}

/** What was seen while a command ran. */
export interface Spied {
  /** command lines of all processes */
  readonly commands: ReadonlySet<string>
  /** all processes of the machine */
  readonly processes: readonly Process[]
  /** for each time that a file held the login: the tasks that had started and not ended */
  readonly withLogin: readonly string[]
}

interface Watched {
  /** how the login may be written */
  readonly forms: readonly string[]
  readonly until: Promise<unknown>
}

/** Looks, every few ms, at all command lines and at the files below a folder, until a command has ended. */
export async function spy(folder: string, { forms, until }: Watched): Promise<Spied> {
  const processes = new Map<string, Process>()
  const withLogin: string[] = []
  let over = false
  const ended = until.finally(() => {
    over = true
  })
  while (!over) {
    await lookAround(processes)
    if (await holds(folder, forms)) withLogin.push(...(await unfinished(folder)))
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  await ended
  const seen = [...processes.values()]
  return { commands: new Set(seen.map(({ command }) => command)), processes: seen, withLogin }
}

/** Adds the processes that are new, and those that have become another program. */
async function lookAround(processes: Map<string, Process>): Promise<void> {
  const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const look = async (id: string): Promise<void> => {
    const command = await textOf(`/proc/${id}/cmdline`)
    const key = `${id} ${command}`
    if (processes.has(key)) return
    const environment = await textOf(`/proc/${id}/environ`)
    // Between fork and exec a child shows the environment of its parent: then the command is about to change.
    if ((await textOf(`/proc/${id}/cmdline`)) === command) processes.set(key, { command, environment })
  }
  await Promise.all(ids.map(look))
}

const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '')

async function holds(folder: string, forms: readonly string[]): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8').catch(() => '')))
  return texts.some(text => forms.some(form => text.includes(form)))
}

/** Tasks of the plan that have no end in the record yet and whose needs have: those that may be running. */
async function unfinished(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const file = entries.find(entry => entry.name === 'run.json')
  if (file === undefined) return []
  const { plan, tasks } = JSON.parse(await readFile(join(file.parentPath, file.name), 'utf8'))
  const done = new Set(tasks.map(({ task }: { task: string }) => task))
  return plan.tasks
    .filter(({ id, needs }: { id: string; needs: string[] }) => !done.has(id) && needs.every(need => done.has(need)))
    .map(({ id }: { id: string }) => id)
}
