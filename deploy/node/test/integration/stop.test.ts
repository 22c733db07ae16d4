import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { applyMigrations } from '../support/app.ts'
import { startServer } from '../support/program.ts'
import { openStores, skip } from '../support/stores.ts'

suite('SIGTERM', { skip }, () => {
  test('lets the request under way finish, takes no new one, and ends with 0', async () => {
    await using stores = await openStores()
    await applyMigrations(stores)
    const blocker = new pg.Client({ connectionString: stores.databaseUrl })
    await blocker.connect()
    using server = await startServer({ DATABASE_URL: stores.databaseUrl, REDIS_URL: stores.redisUrl })
    try {
      await blocker.query('begin; lock table links in access exclusive mode')
      const slow = fetch(`${server.url}/api/links`)
      await untilWaiting(blocker)
      server.child.kill('SIGTERM')
      await wait(100)
      await assert.rejects(fetch(`${server.url}/livez`))
      await blocker.query('commit')
      assert.equal((await slow).status, 200)
      assert.equal(await server.exited, 0)
    } finally {
      await blocker.end()
    }
  })
})

/** Returns once another connection waits for a lock of this one. */
async function untilWaiting(client: pg.Client) {
  const sql = 'select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))'
  while ((await client.query(sql)).rowCount === 0) await wait(10)
}
