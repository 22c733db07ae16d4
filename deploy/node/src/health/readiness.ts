import type { Pool } from 'pg'
import { type Applied, type Migration, planMigrations } from '../database/migrations.ts'
import type { Redis } from '../database/redis.ts'

/** Each check throws when the app cannot serve. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>

export interface Readiness {
  readonly ready: boolean
  /** `ok`, or what is wrong, for each check. */
  readonly checks: Readonly<Record<string, string>>
}

/** Asks every store at once. A store that does not answer within the limit (ms) is not ready. */
export async function checkReadiness(checks: Checks, limit = 2_000): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await describe(check, limit)] as const),
  )
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) }
}

async function describe(check: () => Promise<unknown>, limit: number): Promise<string> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${limit} ms`)), limit)
  try {
    await Promise.race([check(), promise])
    return 'ok'
  } catch (error) {
    // Node's error for a name with several addresses has an empty message: only its code says anything.
    const { message, code } = error as { message?: string; code?: string }
    return message || code || String(error)
  } finally {
    clearTimeout(timer)
  }
}

export function storeChecks(pool: Pool, redis: Redis, migrations: readonly Migration[]): Checks {
  return {
    postgres: () => pool.query('select 1'),
    redis: () => redis.ping(),
    schema: async () => {
      const { rows } = await pool.query<Applied>('select name, checksum from schema_migrations').catch(noTable)
      const pending = planMigrations(migrations, rows)
      if (pending.length > 0)
        throw new Error(`not applied: ${pending.map(({ name }) => name).join(', ')}. Run bin/migrate`)
    },
  }
}

const undefinedTable = '42P01'

function noTable(error: { code?: string }): { rows: Applied[] } {
  if (error.code === undefinedTable) return { rows: [] }
  throw error
}
