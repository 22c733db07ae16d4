import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Setup } from './part.ts'

/** Two setups at once would start two engines: the second one waits. A killed setup's lock counts for nothing. */
export async function withLock(setup: Setup, work: () => Promise<void>): Promise<void> {
  const file = join(setup.tools, 'setup.lock')
  await mkdir(setup.tools, { recursive: true })
  for (let tries = 0; !(await take(file)); tries++) {
    if (tries === 0) setup.say(`Waiting for another setup, ${file}`)
    await wait(500, undefined, { signal: setup.signal })
  }
  try {
    await work()
  } finally {
    await rm(file, { force: true })
  }
}

async function take(file: string): Promise<boolean> {
  const taken = await writeFile(file, String(process.pid), { flag: 'wx' }).then(
    () => true,
    () => false,
  )
  if (!taken && !isAlive(Number(await readFile(file, 'utf8').catch(() => '')))) await rm(file, { force: true })
  return taken
}

function isAlive(pid: number): boolean {
  // Just being written, or just gone: ask again.
  if (!pid) return true
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
