import { type Backoff, pause, waitOf } from '../program/backoff.ts'
import type { Cause } from './refusal.ts'

const once: Backoff = { tries: 1, base: 0, cap: 0, budget: 0 }

/**
 * The whole policy. What a registry refuses by its rules it refuses again; the tools' own few tries, within a second or
 * two, come before each of these.
 */
export const rules: Readonly<Record<Cause, Backoff>> = {
  'server error': { tries: 4, base: 2_000, cap: 15_000, budget: 45_000 },
  unreachable: { tries: 4, base: 2_000, cap: 15_000, budget: 45_000 },
  'rate limit': { tries: 5, base: 4_000, cap: 30_000, budget: 90_000 },
  // Each try takes its own deadline already.
  silent: { tries: 2, base: 1_000, cap: 1_000, budget: 300_000 },
  // A name that was entered a moment ago, or a name server that starts.
  'unknown host': { tries: 2, base: 2_000, cap: 2_000, budget: 10_000 },
  'unknown repository': once,
  'immutable tag': once,
  'login not taken': once,
  'no access': once,
  denied: once,
  'login wanted': once,
  certificate: once,
  'plain HTTP': once,
  'not found': once,
}

export interface Retrying {
  /** aborted when the run is cancelled or the task is over its deadline */
  readonly signal: AbortSignal
  say(line: string): void
  /** 0 to 1; given by tests */
  random?(): number
}

/**
 * Tries until `causeOf` has nothing against the end of an attempt, or the rule of its cause is used up; gives the last
 * end. Only what may be done twice may be an attempt.
 */
export async function withRetry<T>(
  title: string,
  { attempt, causeOf }: { attempt(): Promise<T>; causeOf(end: T): Cause | undefined },
  { signal, say, random = Math.random }: Retrying,
): Promise<T> {
  const began = Date.now()
  const counts = new Map<Cause, number>()
  for (;;) {
    const end = await attempt()
    const cause = causeOf(end)
    if (cause === undefined) return end
    const rule = rules[cause]
    const met = (counts.get(cause) ?? 0) + 1
    counts.set(cause, met)
    const wait = waitOf(rule, met, random())
    if (met >= rule.tries || Date.now() - began + wait > rule.budget) return end
    say(`${title}: ${cause}; again in ${(wait / 1000).toFixed(1)} s`)
    await pause(wait, signal)
  }
}
