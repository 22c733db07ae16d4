import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { waitOf } from '../../src/program/backoff.ts'
import type { Cause } from '../../src/registry/refusal.ts'
import { rules, withRetry } from '../../src/registry/retry.ts'
import { advance } from '../pipeline/simulate.ts'

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'], now: 0 })
})
afterEach(() => {
  jest.useRealTimers()
})

/** Meets these causes in turn, each after `takes` ms, then goes well. */
async function tried(causes: readonly Cause[], { takes = 0, random = 1 } = {}) {
  const [at, said]: [number[], string[]] = [[], []]
  const work = withRetry(
    'Push',
    {
      async attempt() {
        at.push(Date.now())
        if (takes > 0) await new Promise(resolve => setTimeout(resolve, takes))
        return causes[at.length - 1] ?? 'done'
      },
      causeOf: end => (end === 'done' ? undefined : (end as Cause)),
    },
    { signal: new AbortController().signal, say: line => said.push(line), random: () => random },
  )
  return { end: await advance(work), at, said }
}
const always = (cause: Cause) => Array.from({ length: 20 }, () => cause)

describe('what a registry spoils', () => {
  it('waits are random up to a bound that doubles, and never over the cap', () => {
    const bounds = Object.entries(rules).map(([cause, rule]) => [
      cause,
      Array.from({ length: rule.tries - 1 }, (_, met) => waitOf(rule, met + 1, 1)),
    ])
    expect(Object.fromEntries(bounds)).toEqual({
      'server error': [2_000, 4_000, 8_000],
      unreachable: [2_000, 4_000, 8_000],
      'rate limit': [4_000, 8_000, 16_000, 30_000],
      silent: [1_000],
      'unknown host': [2_000],
      'unknown repository': [],
      'immutable tag': [],
      'login not taken': [],
      'no access': [],
      denied: [],
      'login wanted': [],
      certificate: [],
      'plain HTTP': [],
      'not found': [],
    })
    expect(waitOf(rules['rate limit'], 3, 0)).toBe(0)
  })

  it.each<[Cause, number[]]>([
    ['server error', [0, 2_000, 6_000, 14_000]],
    ['rate limit', [0, 4_000, 12_000, 28_000, 58_000]],
    ['unknown host', [0, 2_000]],
    ['denied', [0]],
    ['immutable tag', [0]],
  ])('%s for ever: tries at %j, then the end as it came', async (cause, at) => {
    expect(await tried(always(cause))).toMatchObject({ at, end: cause })
  })

  it('goes on when it goes well, and says what it waited for', async () => {
    expect(await tried(['unreachable', 'rate limit'])).toEqual({
      end: 'done',
      at: [0, 2_000, 6_000],
      said: ['Push: unreachable; again in 2.0 s', 'Push: rate limit; again in 4.0 s'],
    })
  })

  it('a budget ends tries that take long', async () => {
    expect((await tried(always('server error'), { takes: 15_000 })).at).toEqual([0, 17_000, 36_000])
  })

  it('a cancel ends a wait', async () => {
    const control = new AbortController()
    const work = withRetry(
      'Push',
      { attempt: async () => 1, causeOf: () => 'unreachable' },
      { signal: control.signal, say: () => control.abort(new Error('cancelled')), random: () => 1 },
    )
    await expect(work).rejects.toThrow('cancelled')
    expect(jest.getTimerCount()).toBe(0)
  })
})
