import { createClient } from 'redis'
import type { Log } from '../log.ts'

export type Redis = ReturnType<typeof createRedis>

/** A client that fails at once while Redis is away, and comes back by itself. Times are in ms. */
export function createRedis(url: string, log: Log) {
  const redis = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: 2_000 },
    socket: { connectTimeout: 3_000, reconnectStrategy: retries => Math.min(100 * 2 ** retries, 2_000) },
  })
  redis.on('error', error => log.warn('redis connection lost', { error }))
  return redis
}

/** Lets the commands under way finish. A client that was still connecting is dropped. */
export async function closeRedis(redis: Redis) {
  if (redis.isReady) await redis.close()
  else if (redis.isOpen) redis.destroy()
}
