import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { OutsideError } from '../../src/errors.ts'
import type { Setup } from './part.ts'

interface Daemon {
  readonly argv: readonly [string, ...string[]]
  readonly log: string
  readonly env?: Readonly<Record<string, string>>
  /** ms until `ready` must have said yes. */
  readonly deadline: number
  ready(): Promise<boolean>
}

/**
 * Starts a program that outlives us, and waits until it is ready. It has a session, an input and an output of its own:
 * whoever reads setup's output would else wait until the daemon ends. Throws OutsideError with the end of its log.
 */
export async function startDaemon(setup: Setup, { argv: [program, ...args], log, env, deadline, ready }: Daemon) {
  mkdirSync(dirname(log), { recursive: true })
  const output = openSync(log, 'w')
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...setup.env, ...env },
    cwd: '/',
  })
  closeSync(output)
  let ended: string | undefined
  child.once('error', error => (ended = error.message))
  child.once('exit', (code, signal) => (ended = `ended with ${signal ?? `exit code ${code}`}`))
  child.unref()
  const end = Date.now() + deadline
  while (!(await ready())) {
    setup.signal.throwIfAborted()
    if (ended || Date.now() > end) {
      throw new OutsideError(
        `${program} ${ended ?? `is not ready after ${deadline} ms`}; ${log} ends with:\n${await tail(log)}`,
      )
    }
    await wait(100)
  }
}

/** Removes a pid file whose process is gone, or is another program by now: a killed daemon leaves it behind. */
export async function dropStalePid(file: string, program: string): Promise<void> {
  if (!(await isRunning(file, program))) await rm(file, { force: true })
}

export async function isRunning(pidFile: string, program: string): Promise<boolean> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  const stat = pid > 0 ? await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '') : ''
  // `pid (name) state …`; Z is a process that ended, and that nobody has waited for.
  return stat.startsWith(`${pid} (${program}) `) && !stat.startsWith(`${pid} (${program}) Z`)
}

const tail = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-20).join('\n')
