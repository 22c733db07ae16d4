import type { Scope } from '../task/scope.ts'

/**
 * Does work that must never fail a run: trouble, and a deadline (ms) that passed, end as a line that begins with `title`.
 * @throws only the reason of the run's own signal
 */
export async function withDeadline<T>(
  title: string,
  deadline: number,
  { signal, say }: Pick<Scope, 'signal' | 'say'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const limit = AbortSignal.timeout(deadline)
  try {
    return await work(AbortSignal.any([signal, limit]))
  } catch (error) {
    signal.throwIfAborted()
    say(`${title}: ${limit.aborted ? `it took longer than ${deadline / 1000} s` : reasonOf(error)}`)
    return undefined
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
