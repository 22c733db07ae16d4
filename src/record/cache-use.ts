import { z } from 'zod'

/** What a task read from a cache, or wrote to it. Sizes in bytes; 0 where nobody counts them (all but gha). */
export const cacheUseSchema = z.object({
  /** `gha`, `registry`, `local`, …; `none` */
  type: z.string(),
  /** what was chosen, and why */
  why: z.string(),
  /** values of `--cache-from`, of `--cache-to` */
  from: z.array(z.string()),
  to: z.array(z.string()),
  /** scopes that a cache was found for, and not */
  found: z.array(z.string()),
  missed: z.array(z.string()),
  received: z.number().int().nonnegative(),
  sent: z.number().int().nonnegative(),
  /** entries that were made */
  entries: z.number().int().nonnegative(),
  /** the first step that was done anew, and the likely reason */
  miss: z.string().optional(),
  /** what was in the way, with the cause: never a reason to fail */
  notices: z.array(z.string()),
})
export type CacheUse = z.infer<typeof cacheUseSchema>
