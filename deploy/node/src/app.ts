import type { AddressInfo } from 'node:net'
import type { Config } from './config.ts'
import { readMigrations } from './database/migrations.ts'
import { createPool } from './database/postgres.ts'
import { closeRedis, createRedis } from './database/redis.ts'
import { storeChecks } from './health/readiness.ts'
import { healthRoutes } from './health/routes.ts'
import { createHttpServer } from './http/server.ts'
import { createHits } from './links/hits.ts'
import { linkRoutes } from './links/routes.ts'
import { createLinkStore } from './links/store.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import type { Assets } from './web/assets.ts'
import { webRoutes } from './web/routes.ts'

export interface App {
  readonly port: number
  /** Lets requests under way finish, then closes the stores. */
  readonly stop: () => Promise<void>
}

/** ms. Requests that take longer are cut off when the app stops; Docker kills after 10 s. */
const drainLimit = 7_000

/** Starts to listen. It does not wait for the stores: until they answer, `/readyz` says which one is missing. */
export async function startApp(config: Config, assets: Assets, log: Log): Promise<App> {
  const pool = createPool(config.databaseUrl, log)
  const redis = createRedis(config.redisUrl, log)
  const metrics = createMetrics()
  let stopping = false
  const routes = [
    ...healthRoutes({ checks: storeChecks(pool, redis, readMigrations()), metrics, isStopping: () => stopping }),
    ...webRoutes(assets),
    ...linkRoutes({ links: createLinkStore(pool), hits: createHits(redis), publicUrl: config.publicUrl, log, metrics }),
  ]
  const server = createHttpServer({ routes, log, metrics })
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject).listen(config.port, listening.resolve)
  await listening.promise
  // Never ends by itself: the client tries again until it is closed, and says so in the log.
  redis.connect().catch(error => log.debug('redis connect given up', { error }))

  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      stopping = true
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      const timer = setTimeout(() => server.closeAllConnections(), drainLimit)
      await closed.promise
      clearTimeout(timer)
      await Promise.all([pool.end(), closeRedis(redis)])
    },
  }
}
