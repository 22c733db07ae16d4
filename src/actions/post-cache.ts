import type { ActionName } from '../config/inputs.ts'
import { perform } from '../perform.ts'
import type { Part } from '../record/part.ts'
import { readParts } from '../run/parts.ts'
import type { OpenRun } from '../run/run.ts'
import { cancelSignal } from './inputs.ts'
import { type Around, requestOf, secretsFor } from './stage.ts'

/**
 * Writes the caches of what this run built, when the job is over: no gate did. Not where the job failed or was cancelled:
 * nobody waits then for what may be wrong. A step after the job, so whatever is in the way is told, and no more.
 */
export async function exportCaches(
  name: Exclude<ActionName, 'login'>,
  run: OpenRun,
  { host, masker, newmanWorker }: Around,
): Promise<void> {
  const say = (line: string): void => host.show({ type: 'note', at: Date.now(), line })
  const reason = whyNot(await readParts(run.directory), host.read('job-status'))
  if (reason !== undefined) return reason === '' ? undefined : say(`Layer caches are not written: ${reason}`)
  const secrets = secretsFor(name, host)
  const request = { ...requestOf(name, secrets, host), command: 'cache', push: false, only: [] } as const
  await perform(request, {
    // The summary was written by the main step.
    host: { ...host, end: async () => host.close() },
    env: { ...process.env, ...secrets.variables },
    signal: cancelSignal(),
    masker,
    newmanWorker,
    opened() {},
  })
}

/** Pure: why there is nothing to write now, in words; empty where nobody would ask. */
function whyNot(parts: readonly Part[], job: string | undefined): string | undefined {
  const built = parts.some(({ task, status }) => task.startsWith('build:') && status === 'passed')
  const written = parts.some(({ task, status }) => /^(cache|mounts:save)\b/.test(task) && status === 'passed')
  if (!built || written) return ''
  if (job !== undefined && job !== 'success') return `the job ended as ${job}`
  const red = parts.find(({ kind, status }) => kind !== 'advisory' && status !== 'passed' && status !== 'skipped')
  return red === undefined ? undefined : `${red.task} ended ${red.status}`
}
