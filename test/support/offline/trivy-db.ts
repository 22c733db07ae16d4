import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import advisories from './advisories.json' with { type: 'json' }
import { type Bucket, boltFile } from './bolt.ts'

/** Changes with the advisories: says which database a host has. */
export const databaseVersion: string = createHash('sha256')
  .update(JSON.stringify(advisories))
  .digest('hex')
  .slice(0, 12)

/** As `advisories.json`: by bucket the source, by bucket and package and id the advisory, by id the vulnerability. */
export interface Advisories {
  readonly sources: Readonly<Record<string, object>>
  readonly advisories: Readonly<Record<string, object>>
  readonly vulnerabilities: Readonly<Record<string, object>>
}

/** Never stale: Trivy fetches a database again when this is past. */
const NEXT_UPDATE = '2099-01-01T00:00:00Z'

/**
 * Writes a small vulnerability database, schema 2, into a folder: `trivy.db` and `metadata.json`. Bucket names are
 * Trivy's (github.com/aquasecurity/trivy-db): a distribution or `ecosystem::source`, then the package, then the id.
 */
export async function writeDatabase(folder: string, content: Advisories = advisories): Promise<void> {
  const { sources, advisories: bySource, vulnerabilities } = content
  const buckets: Bucket = {
    ...encode(bySource, 2),
    'data-source': encode(sources, 0),
    vulnerability: encode(vulnerabilities, 0),
  }
  await writeFile(join(folder, 'trivy.db'), boltFile(buckets))
  const now = new Date().toISOString()
  const metadata = { Version: 2, NextUpdate: NEXT_UPDATE, UpdatedAt: now, DownloadedAt: now }
  await writeFile(join(folder, 'metadata.json'), JSON.stringify(metadata))
}

/** The same as one file: the layer that Trivy downloads. */
export async function databaseArchive(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'trivy-db-'))
  try {
    await writeDatabase(folder)
    await execa('tar', ['-czf', 'db.tar.gz', 'trivy.db', 'metadata.json'], { cwd: folder, stdin: 'ignore' })
    return await readFile(join(folder, 'db.tar.gz'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Objects `depth` levels below become buckets, what is below those becomes JSON text. */
function encode(value: object, depth: number): Bucket {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, depth > 0 ? encode(inner, depth - 1) : JSON.stringify(inner)]),
  )
}
