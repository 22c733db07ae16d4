import { readFileSync } from 'node:fs'

/** Which of these processes live on; the kernel may take a moment for one that was killed. */
export async function left(ids: readonly number[]): Promise<readonly number[]> {
  for (let tries = 0; tries < 20 && ids.some(isRunning); tries += 1)
    await new Promise(resolve => setTimeout(resolve, 50))
  return ids.filter(isRunning)
}

/** True for a process that lives; one that has ended and waits to be collected does not. */
function isRunning(id: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${id}/stat`, 'utf8'))
  } catch {
    return false
  }
}
