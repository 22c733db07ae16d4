import { OutsideError, UserError } from '../errors.ts'
import { type Backoff, pause, waitOf } from '../program/backoff.ts'
import { type Class, classify, failureOf } from './failure.ts'

/** How one class of answers is met. */
export interface Rule extends Backoff {
  /** the next try needs a new ID token */
  readonly newToken: boolean
}

/** The whole policy. AWS's own clients retry neither the third class nor the fourth. */
export const rules: Readonly<Record<Class, Rule>> = {
  transient: { tries: 6, base: 200, cap: 5_000, budget: 30_000, newToken: false },
  throttled: { tries: 8, base: 300, cap: 5_000, budget: 45_000, newToken: false },
  // AWS could not fetch GitHub's keys: it needs seconds, not milliseconds.
  'identity provider out': { tries: 8, base: 1_000, cap: 5_000, budget: 45_000, newToken: false },
  // An old token, or a clock: one more with a new one.
  'token not accepted': { tries: 2, base: 200, cap: 500, budget: 10_000, newToken: true },
  'not yet known': { tries: 4, base: 300, cap: 2_000, budget: 8_000, newToken: false },
  // The SDK has learnt the time of AWS from the answer, and signs with it from then on.
  'clock skewed': { tries: 2, base: 0, cap: 0, budget: 10_000, newToken: false },
  // A role or a policy made a moment ago; anybody else waits for nothing, so once and soon.
  denied: { tries: 2, base: 500, cap: 500, budget: 1_500, newToken: false },
  permanent: { tries: 1, base: 0, cap: 0, budget: 0, newToken: false },
}

export interface Attempt {
  /** from 1 */
  readonly number: number
  readonly newToken: boolean
}

export interface Retrying {
  /** aborted at the deadline of the whole login and when the run is cancelled */
  readonly signal: AbortSignal
  say(line: string): void
  /** the credentials were given out a moment ago */
  readonly fresh?: boolean
  /** 0 to 1; given by tests */
  random?(): number
}

/** Tries until it goes well or the rule of its failure is used up; then the last failure is thrown as it came. */
export async function withRetry<T>(
  title: string,
  attempt: (attempt: Attempt) => Promise<T>,
  { signal, say, fresh = false, random = Math.random }: Retrying,
): Promise<T> {
  const began = Date.now()
  const counts = new Map<Class, number>()
  for (let number = 1, newToken = false; ; number += 1) {
    signal.throwIfAborted()
    try {
      return await attempt({ number, newToken })
    } catch (error) {
      signal.throwIfAborted()
      // Already explained: whatever there was to retry has been.
      if (error instanceof OutsideError || error instanceof UserError) throw error
      const failure = failureOf(error)
      const kind = classify(failure, { fresh })
      const rule = rules[kind]
      const met = (counts.get(kind) ?? 0) + 1
      counts.set(kind, met)
      const wait = waitOf(rule, met, random())
      if (met >= rule.tries || Date.now() - began + wait > rule.budget) throw error
      say(`${title}: ${failure.code ?? failure.name} (${kind}); again in ${(wait / 1000).toFixed(1)} s`)
      await pause(wait, signal)
      newToken = rule.newToken
    }
  }
}
