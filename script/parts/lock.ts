import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Setup } from './part.ts'

/**
 * Two setups at once would start two engines: the second one waits. The lock is a socket in Linux's abstract namespace,
 * which ends with its process: a killed setup leaves nothing behind. Elsewhere no engine is started, and programs come
 * into place by a rename, so that nothing needs a lock.
 */
export async function withLock(setup: Setup, work: () => Promise<void>): Promise<void> {
  if (process.platform !== 'linux') return await work()
  const lock = await takeLock(setup)
  try {
    await work()
  } finally {
    lock.close()
  }
}

async function takeLock(setup: Setup): Promise<Server> {
  const name = `\0pce-actions-setup-${createHash('sha256').update(setup.tools).digest('hex').slice(0, 16)}`
  for (let tries = 0; ; tries++) {
    const server = createServer().listen(name)
    // `once` rejects when the server says `error`: the name is taken.
    const taken = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (taken) return server
    if (tries === 0) setup.say('Waiting for another setup')
    await wait(500, undefined, { signal: setup.signal })
  }
}
