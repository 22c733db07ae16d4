import type { Scope } from '../task/scope.ts'

const turns = new Map<string, Promise<unknown>>()

/**
 * Does one after another what has the same key in a run. Where two solves at a time share steps, each with caches to
 * read, BuildKit takes the key of a shared step from one of their indexes, and finds no later step of the other (seen
 * with 0.32.2 behind any COPY: solver, combinedCacheManager.Query keeps one of two keys with the same name).
 */
export async function inTurn<T>(akin: string, { run, signal }: Scope, work: () => Promise<T>): Promise<T> {
  const key = `${run.directory} ${akin}`
  const mine = (turns.get(key) ?? Promise.resolve()).then(() => {
    signal.throwIfAborted()
    return work()
  })
  // However it ends, the next one has its turn.
  const over = mine.then(nothing, nothing)
  turns.set(key, over)
  return mine.finally(() => {
    if (turns.get(key) === over) turns.delete(key)
  })
}

const nothing = (): void => {}
