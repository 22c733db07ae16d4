import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { type Class, classify, type Failure, failureOf } from '../../src/aws/failure.ts'
import { type Attempt, rules, withRetry } from '../../src/aws/retry.ts'
import { OutsideError } from '../../src/errors.ts'
import { waitOf } from '../../src/program/backoff.ts'
import { advance } from '../pipeline/simulate.ts'

const named = (name: string, message = ''): Failure => ({ name, message, code: undefined, status: 400 })

describe('the class of a failure', () => {
  it.each<[string, Failure, Class]>([
    ['throttling of STS', named('Throttling'), 'throttled'],
    ['throttling of ECR', named('ThrottlingException'), 'throttled'],
    ['HTTP 429', { ...named('TokenError'), status: 429 }, 'throttled'],
    ['the identity provider out of reach', named('IDPCommunicationErrorException'), 'identity provider out'],
    [
      'keys that could not be fetched',
      named('InvalidIdentityTokenException', "Couldn't retrieve verification key from your identity provider"),
      'identity provider out',
    ],
    [
      'a token that is not accepted',
      named('InvalidIdentityTokenException', 'Incorrect token audience'),
      'token not accepted',
    ],
    ['a token that is too old', named('ExpiredTokenException'), 'token not accepted'],
    ['a denial', named('AccessDenied'), 'denied'],
    ['keys that AWS does not know', named('InvalidClientTokenId'), 'permanent'],
    ['a key that ECR does not know', named('UnrecognizedClientException'), 'permanent'],
    [
      'a clock',
      named('InvalidSignatureException', 'Signature expired: 20260101T000000Z is now earlier'),
      'clock skewed',
    ],
    ['a clock, for STS', named('SignatureDoesNotMatch', 'Signature not yet current: 2026'), 'clock skewed'],
    [
      'a wrong secret',
      named('SignatureDoesNotMatch', 'The request signature we calculated does not match'),
      'permanent',
    ],
    ['a claim that was rejected', named('IDPRejectedClaimException'), 'permanent'],
    ['a policy that is malformed', named('MalformedPolicyDocumentException'), 'permanent'],
    ['a policy that is too large', named('PackedPolicyTooLargeException'), 'permanent'],
    ['an input that is wrong', named('ValidationError'), 'permanent'],
    ['a region that is off', named('RegionDisabledException'), 'permanent'],
    ['an error of AWS', { ...named('InternalFailure'), status: 500 }, 'transient'],
    ['an answer of a proxy', { ...named('Error'), status: 502 }, 'transient'],
    ['a cut connection', { ...named('Error'), code: 'ECONNRESET', status: undefined }, 'transient'],
    ['a name server that is busy', { ...named('Error'), code: 'EAI_AGAIN', status: undefined }, 'transient'],
    ['a name that is not there', { ...named('Error'), code: 'ENOTFOUND', status: undefined }, 'permanent'],
    ['no answer in time', { ...named('TimeoutError'), status: undefined }, 'transient'],
    ['anything else', { ...named('TypeError'), status: undefined }, 'permanent'],
  ])('%s', (_, failure, kind) => expect(classify(failure)).toBe(kind))

  it.each(['InvalidClientTokenId', 'UnrecognizedClientException'])('%s right after the keys were given out', name => {
    expect(classify(named(name), { fresh: true })).toBe('not yet known')
  })
})

describe('a failure', () => {
  it('of both families of addresses tells the first', () => {
    const first = Object.assign(new Error('connect ECONNREFUSED ::1:443'), { code: 'ECONNREFUSED' })
    expect(failureOf(new AggregateError([first, new Error('second')]))).toMatchObject({
      message: 'connect ECONNREFUSED ::1:443',
      code: 'ECONNREFUSED',
    })
  })
})

describe('waits', () => {
  it('are random up to a bound that doubles, and never over the cap', () => {
    const bounds = Object.entries(rules).map(([kind, rule]) => [
      kind,
      Array.from({ length: rule.tries - 1 }, (_, met) => waitOf(rule, met + 1, 1)),
    ])
    expect(Object.fromEntries(bounds)).toEqual({
      transient: [200, 400, 800, 1600, 3200],
      throttled: [300, 600, 1200, 2400, 4800, 5000, 5000],
      'identity provider out': [1000, 2000, 4000, 5000, 5000, 5000, 5000],
      'token not accepted': [200],
      'not yet known': [300, 600, 1200],
      'clock skewed': [0],
      denied: [500],
      permanent: [],
    })
    expect(waitOf(rules.transient, 3, 0)).toBe(0)
  })
})

describe('withRetry', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'], now: 0 })
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  interface Tried {
    readonly at: readonly number[]
    readonly newToken: readonly boolean[]
    readonly said: readonly string[]
    readonly end: unknown
  }

  /** Tries what takes `takes` ms and fails with each of these in turn, then goes well. */
  async function tried(failures: readonly unknown[], { takes = 0, random = 1, fresh = false } = {}): Promise<Tried> {
    const [at, newToken, said]: [number[], boolean[], string[]] = [[], [], []]
    const attempt = async ({ number, newToken: renew }: Attempt) => {
      at.push(Date.now())
      newToken.push(renew)
      if (takes > 0) await new Promise(resolve => setTimeout(resolve, takes))
      const failure = failures[number - 1]
      if (failure !== undefined) throw failure
      return 'done'
    }
    const { signal } = new AbortController()
    const say = (line: string) => void said.push(line)
    const work = withRetry('Ask', attempt, { signal, say, fresh, random: () => random })
    const end = await advance(work.catch((error: unknown) => error))
    return { at, newToken, said, end }
  }
  const failing = (name: string, times: number, message = '') =>
    Array.from({ length: times }, () => Object.assign(new Error(message), { name }))

  it.each<[string, number, number]>([
    ['InternalFailure', 6, 6200],
    ['Throttling', 8, 19_300],
    ['IDPCommunicationError', 8, 27_000],
    ['InvalidIdentityToken', 2, 200],
    ['AccessDenied', 2, 500],
    ['InvalidClientTokenId', 1, 0],
    ['ValidationError', 1, 0],
  ])('%s for ever: %d tries, the last after %d ms at most, then the failure as it came', async (name, tries, last) => {
    const failures = failing(name, 20)
    const { at, end } = await tried(failures)
    expect([at.length, at.at(-1), end]).toEqual([tries, last, failures[tries - 1]])
  })

  it('keys that were given out a moment ago get four tries', async () => {
    expect((await tried(failing('InvalidClientTokenId', 20), { fresh: true })).at).toEqual([0, 300, 900, 2100])
  })

  it('a new ID token after one that was not accepted, and only then', async () => {
    const failures = [...failing('Throttling', 1), ...failing('ExpiredTokenException', 1)]
    expect(await tried(failures)).toEqual({
      at: [0, 300, 500],
      newToken: [false, false, true],
      said: [
        'Ask: Throttling (throttled); again in 0.3 s',
        'Ask: ExpiredTokenException (token not accepted); again in 0.2 s',
      ],
      end: 'done',
    })
  })

  it('a budget ends tries that take long', async () => {
    const { at } = await tried(failing('InternalFailure', 20), { takes: 12_000 })
    expect(at).toEqual([0, 12_200, 24_600])
  })

  it('a denial that took two seconds to come is not asked again', async () => {
    expect((await tried(failing('AccessDenied', 2), { takes: 2_000 })).at).toEqual([0])
  })

  it('what explains itself already is not tried again', async () => {
    const cause = Object.assign(new Error(), { code: 'ECONNRESET' })
    expect((await tried([new OutsideError('explained', { cause })])).at).toEqual([0])
  })

  it('a cancel ends a wait', async () => {
    const control = new AbortController()
    const work = withRetry('Ask', () => Promise.reject(failing('Throttling', 1)[0]), {
      signal: control.signal,
      say: () => control.abort(new Error('cancelled')),
      random: () => 1,
    })
    await expect(work).rejects.toThrow('cancelled')
    expect(jest.getTimerCount()).toBe(0)
  })
})
