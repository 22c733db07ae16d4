import type { Pool, PoolClient } from 'pg'
import type { Log } from '../log.ts'
import { type Applied, type Migration, planMigrations } from './migrations.ts'

/** Any number, the same in every release: it stands for "the schema of this app" in pg_advisory_lock. */
const lock = 7_365_172

/**
 * Applies what is missing, each migration in a transaction of its own. Safe to run again and to run twice at once:
 * the second one waits, then finds nothing to do. Gives the names that were applied.
 */
export async function migrate(pool: Pool, migrations: readonly Migration[], log: Log): Promise<readonly string[]> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lock])
    await client.query(`create table if not exists schema_migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`)
    const { rows } = await client.query<Applied>('select name, checksum from schema_migrations')
    const pending = planMigrations(migrations, rows)
    for (const migration of pending) {
      await apply(client, migration)
      log.info('migration applied', { name: migration.name })
    }
    return pending.map(({ name }) => name)
  } finally {
    // The connection is closed, not reused: that also gives back the lock.
    client.release(true)
  }
}

async function apply(client: PoolClient, { name, sql, checksum }: Migration) {
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`Migration ${name} failed, nothing of it was kept`, { cause })
  }
}
