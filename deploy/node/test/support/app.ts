import { type App, startApp } from '../../src/app.ts'
import { migrate } from '../../src/database/migrate.ts'
import { readMigrations } from '../../src/database/migrations.ts'
import { createPool } from '../../src/database/postgres.ts'
import { createLog } from '../../src/log.ts'
import type { Stores } from './stores.ts'

export const quiet = createLog('error')

export async function applyMigrations({ databaseUrl }: Stores) {
  const pool = createPool(databaseUrl, quiet)
  try {
    return await migrate(pool, readMigrations(), quiet)
  } finally {
    await pool.end()
  }
}

export interface Client {
  readonly app: App
  readonly call: (method: string, path: string, body?: unknown) => Promise<Response>
}

/** The app in this process, on a free port, once its stores are there. */
export async function openApp({ databaseUrl, redisUrl }: Stores): Promise<Client> {
  const config = { databaseUrl, redisUrl, port: 0, publicUrl: 'https://sho.rt', logLevel: 'error' } as const
  const app = await startApp(config, { page: '<!doctype html>', files: new Map() }, quiet)
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`http://127.0.0.1:${app.port}${path}`, {
      method,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  return { app, call }
}

/** Redis connects after the start: asks until the app is ready, for 5 s at most. */
export async function untilReady({ call }: Client) {
  const deadline = performance.now() + 5_000
  for (;;) {
    const response = await call('GET', '/readyz')
    if (response.status === 200) return
    if (performance.now() > deadline) throw new Error(`Not ready: ${await response.text()}`)
  }
}
