import type { Task } from '../task/task.ts'

type AnyTask = Task<unknown>

/** The tasks that a task waits for: values it takes and verdicts it judges. */
export const waitsFor = (task: AnyTask): readonly AnyTask[] => [...task.needs, ...task.judges]

/** Goals with all that they wait for, needs first. A cycle can't be built: a task is made after its needs. */
export function closureOf(goals: readonly AnyTask[]): readonly AnyTask[] {
  const found = new Set<AnyTask>()
  const visit = (task: AnyTask): void => {
    if (found.has(task)) return
    waitsFor(task).forEach(visit)
    found.add(task)
  }
  goals.forEach(visit)
  return [...found]
}

/** For each task the ms from its start to the end of the longest chain that waits for it. */
export function remainingOf(tasks: readonly AnyTask[]): ReadonlyMap<AnyTask, number> {
  const remaining = new Map<AnyTask, number>()
  for (const task of [...tasks].reverse()) {
    const own = task.estimate + (remaining.get(task) ?? 0)
    remaining.set(task, own)
    for (const need of waitsFor(task)) remaining.set(need, Math.max(remaining.get(need) ?? 0, own))
  }
  return remaining
}

/**
 * What is still worth doing after a blocking failure: tasks that judge, what they wait for, and whoever weighs the
 * verdicts (the gate, to say why). Anything else would only serve an image that can't ship.
 */
export function worthAfterFailure(unfinished: readonly AnyTask[]): ReadonlySet<AnyTask> {
  return new Set(closureOf(unfinished.filter(({ kind, judges }) => kind !== 'work' || judges.length > 0)))
}
