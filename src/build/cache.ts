import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Scope } from '../task/scope.ts'
import type { CacheConfig } from './config.ts'

/**
 * The folder of a layer cache. Undefined where there is none: when it is turned off, and on GitHub's machines unless a
 * path is named, since nothing there outlives the job by itself.
 */
export function cacheFolder(
  { type, path }: CacheConfig,
  key: string,
  { context, env }: Pick<Scope, 'context' | 'env'>,
): string | undefined {
  if (type === 'none') return undefined
  const name = key.replaceAll(/[^A-Za-z0-9.-]+/g, '-')
  if (path !== undefined) return join(isAbsolute(path) ? path : join(context, path), name)
  if (env.GITHUB_ACTIONS === 'true') return undefined
  const checkout = createHash('sha256').update(context).digest('hex').slice(0, 8)
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pce', 'layers', checkout, name)
}
