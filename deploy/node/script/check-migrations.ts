// Migrations are numbered 001, 002, 003… without a gap. Needs Node alone: it runs on a fresh checkout.
import { basename } from 'node:path'
import { readFiles, report } from './files.ts'

export function findNumberFaults(names: readonly string[]): string[] {
  return names.flatMap((name, index) => {
    const number = String(index + 1).padStart(3, '0')
    if (new RegExp(`^${number}-[a-z0-9]+(-[a-z0-9]+)*\\.sql$`).test(name)) return []
    return [`migrations/${name}: must be called ${number}-words-with-hyphens.sql`]
  })
}

/** bin/migrate opens the transaction: a file that ends it would be applied by half. */
export function findTransactionFaults(name: string, sql: string): string[] {
  const code = sql.replaceAll(/--.*$/gm, '')
  const word = code.match(/^\s*(begin|commit|rollback)\b/im)?.[1]
  return word ? [`migrations/${name}: leave out "${word}", bin/migrate has a transaction open`] : []
}

if (import.meta.main) {
  const files = readFiles('migrations/*').map(({ path, text }) => ({ name: basename(path), text }))
  const faults = [
    ...findNumberFaults(files.map(({ name }) => name)),
    ...files.flatMap(({ name, text }) => findTransactionFaults(name, text)),
  ]
  report(`${files.length} migrations`, faults)
}
