import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { migrate } from '../../src/database/migrate.ts'
import { createPool } from '../../src/database/postgres.ts'
import { seed } from '../../src/database/seed.ts'
import { applyMigrations, openApp, quiet } from '../support/app.ts'
import { openStores, skip } from '../support/stores.ts'

const migration = (name: string, sql: string) => ({ name, sql, checksum: sql })

suite('migrate', { skip }, () => {
  test('two at once apply each migration once, a third has nothing to do', async () => {
    await using stores = await openStores()
    const both = await Promise.all([applyMigrations(stores), applyMigrations(stores)])
    const applied = both.map(names => names.length).sort()
    assert.equal(applied[0], 0)
    assert.ok(Number(applied[1]) > 0)
    assert.deepEqual(await applyMigrations(stores), [])
  })

  test('a migration that fails leaves nothing behind, those before it stay', async () => {
    await using stores = await openStores()
    const pool = createPool(stores.databaseUrl, quiet)
    try {
      const good = migration('001-good.sql', 'create table good ()')
      const bad = migration('002-bad.sql', 'create table half (); select 1 / 0')
      await assert.rejects(migrate(pool, [good, bad], quiet), {
        message: 'Migration 002-bad.sql failed, nothing of it was kept',
      })
      const { rows } = await pool.query(
        "select to_regclass('good') is not null as good, to_regclass('half') is not null as half",
      )
      assert.deepEqual(rows, [{ good: true, half: false }])
      assert.deepEqual(await migrate(pool, [good, migration('002-bad.sql', 'create table half ()')], quiet), [
        '002-bad.sql',
      ])
    } finally {
      await pool.end()
    }
  })

  test('the app is not ready before, and says why', async () => {
    await using stores = await openStores()
    const client = await openApp(stores)
    try {
      const response = await client.call('GET', '/readyz')
      const { checks } = (await response.json()) as { checks: Record<string, string> }
      assert.equal(response.status, 503)
      assert.match(checks.schema ?? '', /^not applied: 001-links\.sql.* Run bin\/migrate$/)
    } finally {
      await client.app.stop()
    }
  })

  test('seeds may be planted twice', async () => {
    await using stores = await openStores()
    await applyMigrations(stores)
    const pool = createPool(stores.databaseUrl, quiet)
    try {
      assert.ok((await seed(pool)) > 0)
      assert.equal(await seed(pool), 0)
    } finally {
      await pool.end()
    }
  })
})
