import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

export interface Migration {
  /** The file name, which begins with the number: `001-links.sql`. */
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

export type Applied = Readonly<Pick<Migration, 'name' | 'checksum'>>

const directory = new URL('../../migrations/', import.meta.url)

/** Reads `migrations/*.sql` in the order of their numbers. */
export function readMigrations(from: URL = directory): readonly Migration[] {
  const names = readdirSync(from).filter(name => name.endsWith('.sql'))
  return names.sort().map(name => {
    const sql = readFileSync(new URL(name, from), 'utf8')
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
}

/**
 * What is still to be applied. A migration that has run is history: throws when its file was changed since.
 * Applied migrations without a file are fine, they belong to a newer release that was rolled back.
 */
export function planMigrations(migrations: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]))
  const changed = migrations.filter(({ name, checksum }) => checksums.has(name) && checksums.get(name) !== checksum)
  if (changed.length > 0) {
    const names = changed.map(({ name }) => name).join(', ')
    throw new Error(`Changed after it was applied: ${names}. Restore the file and write a new migration instead.`)
  }
  return migrations.filter(({ name }) => !checksums.has(name))
}
