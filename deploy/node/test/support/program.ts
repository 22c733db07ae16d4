import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

const root = join(import.meta.dirname, '..', '..')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program of this app, as its users start it, with nothing in its environment but PATH and what is given. */
export function startProgram(path: string, env: Readonly<Record<string, string>>) {
  const options = {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
  }
  return spawn(process.execPath, [path], options)
}

export async function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

export const runToEnd = (path: string, env: Readonly<Record<string, string>>) => endOf(startProgram(path, env))

/** The server as a process on a free port. Leaving the scope kills it, in case the test did not stop it. */
export async function startServer(env: Readonly<Record<string, string>>) {
  const child = startProgram('src/main.ts', { PORT: '0', ...env })
  child.stderr.pipe(process.stderr)
  const exited = once(child, 'close').then(([code]) => code as number | null)
  for await (const line of createInterface(child.stdout)) {
    const { message, port } = JSON.parse(line)
    if (message !== 'listening') continue
    child.stdout.resume()
    return { url: `http://127.0.0.1:${port}`, child, exited, [Symbol.dispose]: () => void child.kill('SIGKILL') }
  }
  throw new Error(`The server ended with ${await exited} before it was listening`)
}
