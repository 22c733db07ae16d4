import { randomUUID } from 'node:crypto'
import pg from 'pg'

const { DATABASE_URL, REDIS_URL, INTEGRATION } = process.env
const missing = Object.entries({ DATABASE_URL, REDIS_URL }).flatMap(([name, value]) => (value ? [] : [name]))
const reason = `not set: ${missing.join(', ')}`

// Where the tests must run, skipping them would look like a success.
if (INTEGRATION === '1' && missing.length > 0) throw new Error(`INTEGRATION=1, but ${reason}`)

/** For the option `skip` of a suite: a visible reason, or false. */
export const skip = missing.length > 0 && reason

export interface Stores extends AsyncDisposable {
  readonly databaseUrl: string
  readonly redisUrl: string
}

/** A Postgres schema of its own, so that test files may run side by side and leave nothing behind. */
export async function openStores(): Promise<Stores> {
  const schema = `test_${randomUUID().replaceAll('-', '')}`
  const url = new URL(DATABASE_URL ?? '')
  await query(url.href, `create schema ${schema}`)
  const scoped = new URL(url)
  scoped.searchParams.set('options', `-c search_path=${schema}`)
  return {
    databaseUrl: scoped.href,
    redisUrl: REDIS_URL ?? '',
    async [Symbol.asyncDispose]() {
      await query(url.href, `drop schema ${schema} cascade`)
    },
  }
}

async function query(connectionString: string, sql: string) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
