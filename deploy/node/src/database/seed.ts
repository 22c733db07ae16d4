import type { Pool } from 'pg'

const links = [
  ['node-docs', 'https://nodejs.org/docs/latest/api/'],
  ['postgres-docs', 'https://www.postgresql.org/docs/current/'],
  ['redis-docs', 'https://redis.io/docs/latest/'],
  ['dockerfile', 'https://docs.docker.com/reference/dockerfile/'],
  ['problem-json', 'https://www.rfc-editor.org/rfc/rfc9457'],
] as const

/** Adds links to look at. A second run adds nothing. Gives how many were added. */
export async function seed(pool: Pool): Promise<number> {
  const sql = 'insert into links (slug, url) select * from unnest($1::text[], $2::text[]) on conflict (slug) do nothing'
  const { rowCount } = await pool.query(sql, [links.map(([slug]) => slug), links.map(([, url]) => url)])
  return rowCount ?? 0
}
