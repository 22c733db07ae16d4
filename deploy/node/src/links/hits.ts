import type { Redis } from '../database/redis.ts'

export interface Hits {
  readonly count: (slug: string) => Promise<void>
  readonly read: (slugs: readonly string[]) => Promise<readonly number[]>
  readonly forget: (slug: string) => Promise<void>
}

const key = (slug: string) => `shortener:hits:${slug}`

/** Hits live in Redis alone: a redirect costs one INCR and no write to Postgres. */
export function createHits(redis: Redis): Hits {
  return {
    async count(slug) {
      await redis.incr(key(slug))
    },
    async read(slugs) {
      if (slugs.length === 0) return []
      return (await redis.mGet(slugs.map(key))).map(Number)
    },
    async forget(slug) {
      await redis.del(key(slug))
    },
  }
}
