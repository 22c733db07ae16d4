import { type Task, task } from '../task/task.ts'
import { runCheck } from './check.ts'
import type { ChecksConfig, HadolintConfig } from './config.ts'
import { runHadolint } from './hadolint.ts'

/** A task for each check, side by side; each has its own verdict about the source. */
export const checkTasks = (checks: ChecksConfig): readonly Task<unknown>[] =>
  Object.entries(checks).map(([name, { gate, weight, timeout, run }]) =>
    task({
      id: `check:${name}`,
      request: { run },
      needs: {},
      kind: gate,
      weight,
      deadline: timeout,
      estimate: 10_000 * Math.max(1, weight),
      perform: (_, scope) => runCheck(name, { gate, weight, timeout, run }, scope),
    }),
  )

/** A task for each Dockerfile. */
export function hadolintTasks(config: HadolintConfig, files: readonly string[]): readonly Task<unknown>[] {
  if (config === false) return []
  const threshold = config === true ? 'warning' : config.threshold
  const each = [...new Set(files)]
  return each.map(file =>
    task({
      id: each.length === 1 ? 'hadolint' : `hadolint:${file}`,
      request: { file, threshold },
      needs: {},
      kind: 'blocking',
      perform: (_, scope) => runHadolint({ file, threshold }, scope),
    }),
  )
}
