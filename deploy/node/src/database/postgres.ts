import pg from 'pg'
import type { Log } from '../log.ts'

/** ms. A request must not wait for a slow query for ever; a migration may need longer. */
export const queryLimit = { request: 5_000, migration: 600_000 } as const

/** A pool that gives up in time, so that nobody waits for a database that is gone. Times are in ms. */
export function createPool(connectionString: string, log: Log, limit: number = queryLimit.request): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: 'shortener',
    max: 10,
    connectionTimeoutMillis: 3_000,
    // The server ends the query; the client gives up when the server itself is gone.
    statement_timeout: limit,
    query_timeout: limit + 1_000,
  })
  // An idle connection that breaks is replaced at the next query; without a listener the process would end.
  pool.on('error', error => log.warn('postgres connection lost', { error }))
  return pool
}
