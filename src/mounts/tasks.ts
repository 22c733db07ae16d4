import { type Task, task } from '../task/task.ts'
import type { MountsConfig } from './config.ts'
import { type Asked, fetchMounts } from './fetch.ts'
import { type Restored, restoreMounts } from './restore.ts'
import { saveMounts } from './save.ts'
import type { Place } from './transport.ts'

interface Needs {
  readonly builder: Task<Place['builder']>
  readonly staging: Task<{ readonly host: string }>
}

/**
 * Fills the cache mounts of the builder before any build starts. It always has a value, so that no build ever waits in
 * vain: trouble is told. The download does not wait for the builder.
 */
export function restoreTask(asked: Asked, { builder, staging }: Needs): Task<Restored> {
  const { config } = asked
  const fetched = task({
    id: 'mounts:fetch',
    // What the builds read is in their own requests.
    request: { ...config },
    needs: {},
    weight: 0,
    estimate: 5_000,
    perform: async (_, scope) => ({ value: await fetchMounts(asked, scope) }),
  })
  return task({
    id: 'mounts:restore',
    request: null,
    needs: { builder, staging, fetched },
    weight: 0.5,
    estimate: 5_000,
    perform: async (needed, scope) => {
      const place = { builder: needed.builder, staging: needed.staging.host }
      const value = await restoreMounts(needed.fetched, place, scope)
      return { value, ...(value.filled.length === 0 ? {} : { reason: `filled: ${value.filled.join('; ')}` }) }
    },
  })
}

/** Keeps what the mounts hold, once the gate has spoken, where there is one. */
export const saveTask = (
  config: MountsConfig,
  needs: Needs & { readonly restored: Task<Restored>; readonly gate?: Task<unknown> },
) =>
  task({
    id: 'mounts:save',
    request: null,
    needs: { ...needs },
    estimate: 10_000,
    deadline: 1_800_000,
    perform: async ({ builder, staging, restored }, scope) => {
      const place = { builder, staging: staging.host }
      const kept = await saveMounts(restored, config, place, scope)
      return { value: { kept }, ...(kept.length === 0 ? {} : { reason: `kept: ${kept.join('; ')}` }) }
    },
  })
