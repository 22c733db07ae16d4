import { readFileSync } from 'node:fs'

/**
 * What a process has read and written so far, sockets included (proc(5), /proc/pid/io: rchar and wchar); undefined where
 * the system does not tell.
 */
function movedBy(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/io`, 'utf8').split('\n').slice(0, 2).join()
  } catch {
    return undefined
  }
}

/** Calls `end` once the process has moved no byte for `limit` ms. Where that can't be seen it never does. */
export function watchSilence(pid: number, limit: number, end: () => void): Disposable {
  let moved = movedBy(pid)
  let since = Date.now()
  const timer = setInterval(() => {
    const now = movedBy(pid)
    if (now === undefined || now !== moved) since = Date.now()
    moved = now
    if (Date.now() - since >= limit) end()
  }, limit / 20)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
