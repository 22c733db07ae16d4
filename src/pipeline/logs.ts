import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { fileNameOf } from '../run/parts.ts'

/** Logs of a run's tasks: a file for each, and its last 20 lines for the record. */
export interface Logs {
  open(task: string): (line: string) => void
  tailOf(task: string): readonly string[]
  close(): Promise<void>
}

export function openLogs(directory: string): Logs {
  const open = new Map<string, { write(line: string): void; tail: string[]; close(): Promise<void> }>()
  return {
    open(id: string): (line: string) => void {
      const tail: string[] = []
      const file = createWriteStream(join(directory, 'logs', `${fileNameOf(id)}.log`), { flags: 'a' })
      // A full disk must not end the run by way of its log; what can't go on says so itself.
      file.on('error', () => {})
      const write = (line: string): void => {
        file.write(`${line}\n`)
        tail.push(line)
        if (tail.length > 20) tail.shift()
      }
      open.set(id, { write, tail, close: () => new Promise(resolve => file.end(() => resolve())) })
      return write
    },
    tailOf: (id: string): readonly string[] => open.get(id)?.tail ?? [],
    close: async (): Promise<void> => {
      await Promise.all([...open.values()].map(log => log.close()))
    },
  }
}
