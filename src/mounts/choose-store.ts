import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import type { Scope } from '../task/scope.ts'
import { actionsStore } from './actions-store.ts'
import type { MountsConfig } from './config.ts'
import { localStore } from './local-store.ts'
import type { Store } from './store.ts'

type Machine = Pick<Scope, 'context' | 'env' | 'rights' | 'newmanWorker'>

/** The store of this machine, or why there is none. */
export function storeOf({ path }: MountsConfig, { context, env, rights, newmanWorker }: Machine): Store | string {
  if (path !== undefined) return localStore(isAbsolute(path) ? path : join(context, path))
  // A step that runs a program has no right to the service; an action has (actions/runner, NodeScriptActionHandler).
  if (rights.ACTIONS_RESULTS_URL && rights.ACTIONS_RUNTIME_TOKEN)
    return actionsStore({ worker: join(dirname(newmanWorker), 'cache-worker.js'), rights })
  if (env.GITHUB_ACTIONS === 'true')
    return 'this step has no cache service: use the action instead of a command, or give cache-mounts a path'
  const checkout = createHash('sha256').update(context).digest('hex').slice(0, 8)
  return localStore(join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pce', 'mounts', checkout))
}

/**
 * Why this job puts nothing into the store, where that is so. GitHub's service keeps the branches apart; a folder has no
 * such walls, and what a pull request left there would be in the builds of every branch.
 */
export const whyOnlyRead = ({ path }: MountsConfig, { rights }: Pick<Machine, 'rights'>): string | undefined =>
  path !== undefined && isPull(rights) ? `a pull request only reads ${path}, which all branches share` : undefined

const isPull = ({ GITHUB_EVENT_NAME = '', GITHUB_REF = '' }: Machine['rights']): boolean =>
  GITHUB_EVENT_NAME.startsWith('pull_request') || GITHUB_REF.startsWith('refs/pull/')
