import type { Pool } from 'pg'
import { chooseSlug, type Link, type NewLink } from './link.ts'
import type { PageRequest } from './page.ts'

export type Found = { readonly state: 'live'; readonly link: Link } | { readonly state: 'deleted' | 'unknown' }

export interface LinkStore {
  /** Undefined when the slug is taken, also by a link that was deleted: an old short link never changes its meaning. */
  readonly create: (link: NewLink) => Promise<Link | undefined>
  readonly find: (slug: string) => Promise<Found>
  /** The state of the link before the call. */
  readonly remove: (slug: string) => Promise<Found['state']>
  /** Newest first; one link more than the limit when there is another page. */
  readonly list: (page: PageRequest) => Promise<readonly Link[]>
}

interface Row {
  readonly id: string
  readonly slug: string
  readonly url: string
  readonly created_at: Date
  readonly deleted_at: Date | null
}

const toLink = ({ id, slug, url, created_at }: Row): Link => ({ id, slug, url, createdAt: created_at })

/** A chosen slug collides about once in 280 billion; a second try is only there to be right. */
const tries = 3

export function createLinkStore(pool: Pool): LinkStore {
  const insert = async (slug: string, url: string) => {
    const sql = 'insert into links (slug, url) values ($1, $2) on conflict (slug) do nothing returning *'
    const { rows } = await pool.query<Row>(sql, [slug, url])
    return rows[0] && toLink(rows[0])
  }
  const find = async (slug: string): Promise<Found> => {
    const { rows } = await pool.query<Row>('select * from links where slug = $1', [slug])
    if (!rows[0]) return { state: 'unknown' }
    return rows[0].deleted_at ? { state: 'deleted' } : { state: 'live', link: toLink(rows[0]) }
  }
  return {
    find,
    async create({ slug, url }) {
      if (slug !== undefined) return await insert(slug, url)
      for (let attempt = 0; attempt < tries; attempt++) {
        const link = await insert(chooseSlug(), url)
        if (link) return link
      }
      throw new Error(`No free slug found in ${tries} tries`)
    },
    async remove(slug) {
      const sql = 'update links set deleted_at = now() where slug = $1 and deleted_at is null'
      const { rowCount } = await pool.query(sql, [slug])
      return rowCount === 1 ? 'live' : (await find(slug)).state
    },
    async list({ limit, before }) {
      const sql =
        'select * from links where deleted_at is null and ($1::bigint is null or id < $1) order by id desc limit $2'
      const { rows } = await pool.query<Row>(sql, [before ?? null, limit + 1])
      return rows.map(toLink)
    },
  }
}
