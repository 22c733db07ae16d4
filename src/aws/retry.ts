import { setTimeout as sleep } from 'node:timers/promises'

/** How one class of answers is met. Times in ms. */
export interface Rule {
  /** tries in all, the first included */
  readonly tries: number
  /** the wait before try n is random up to `base * 2^(n-1)`, never over `cap`: "full jitter" */
  readonly base: number
  readonly cap: number
  /** what all tries together may take */
  readonly budget: number
  /** the next try needs a new ID token */
  readonly newToken: boolean
}

export type Class =
  | 'transient'
  | 'throttled'
  | 'identity provider out'
  | 'token not accepted'
  | 'not yet known'
  | 'denied'
  | 'permanent'

/** The whole policy. AWS's own clients retry neither the third class nor the fourth, and the peer retries them all. */
export const rules: Readonly<Record<Class, Rule>> = {
  transient: { tries: 6, base: 200, cap: 5_000, budget: 30_000, newToken: false },
  throttled: { tries: 8, base: 300, cap: 5_000, budget: 45_000, newToken: false },
  // AWS could not fetch GitHub's keys: it needs seconds, not milliseconds.
  'identity provider out': { tries: 8, base: 1_000, cap: 5_000, budget: 45_000, newToken: false },
  // An old token, or a clock: one more with a new one.
  'token not accepted': { tries: 2, base: 200, cap: 500, budget: 10_000, newToken: true },
  // Credentials a second old that a part of AWS has not heard of.
  'not yet known': { tries: 4, base: 300, cap: 2_000, budget: 8_000, newToken: false },
  // A role or a policy made a moment ago; anybody else waits for nothing, so once and soon.
  denied: { tries: 2, base: 500, cap: 500, budget: 1_500, newToken: false },
  permanent: { tries: 1, base: 0, cap: 0, budget: 0, newToken: false },
}

/** The classes by the code of AWS's error, where the code alone says it (STS API reference, "Errors"). */
const classes: Readonly<Record<string, Class>> = {
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  SlowDown: 'throttled',
  IDPCommunicationError: 'identity provider out',
  IDPCommunicationErrorException: 'identity provider out',
  InvalidIdentityToken: 'token not accepted',
  InvalidIdentityTokenException: 'token not accepted',
  ExpiredToken: 'token not accepted',
  ExpiredTokenException: 'token not accepted',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  InvalidClientTokenId: 'not yet known',
  UnrecognizedClientException: 'not yet known',
  InternalFailure: 'transient',
  InternalError: 'transient',
  InternalServerException: 'transient',
  ServerException: 'transient',
  ServiceUnavailable: 'transient',
  ServiceUnavailableException: 'transient',
  RequestTimeout: 'transient',
  TimeoutError: 'transient',
}

const network = /^(ECONN(RESET|REFUSED|ABORTED)|E(TIMEDOUT|PIPE|AI_AGAIN|HOSTUNREACH|NETUNREACH)|UND_ERR_.*)$/

/** What a failed call says of itself, as the SDK and our own requests give it. */
export interface Failure {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
  readonly status: number | undefined
}

/** Pure: the class of a failure. */
export function classify({ name, message, code, status }: Failure): Class {
  // STS has two words for keys that it could not fetch; this one would otherwise read as a bad token.
  if (/InvalidIdentityToken/.test(name) && /retrieve verification key/i.test(message)) return 'identity provider out'
  const known = classes[name]
  if (known !== undefined) return known
  if (code !== undefined && network.test(code)) return 'transient'
  if (status === 429) return 'throttled'
  return status !== undefined && status >= 500 ? 'transient' : 'permanent'
}

/** Pure: a failure from whatever was thrown. */
export function failureOf(error: unknown): Failure {
  const given = error as Partial<{
    name: string
    message: string
    code: string
    cause: { code?: string }
    $metadata: { httpStatusCode?: number }
    status: number
  }>
  return {
    name: given.name ?? 'Error',
    message: given.message ?? String(error),
    code: given.code ?? given.cause?.code,
    status: given.$metadata?.httpStatusCode ?? given.status,
  }
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
  /** 0 to 1; given by tests */
  random?(): number
}

/** Tries until it goes well or the rule of its failure is used up; then the last failure is thrown as it came. */
export async function withRetry<T>(
  title: string,
  attempt: (attempt: Attempt) => Promise<T>,
  { signal, say, random = Math.random }: Retrying,
): Promise<T> {
  const began = Date.now()
  const counts = new Map<Class, number>()
  for (let number = 1, newToken = false; ; number += 1) {
    signal.throwIfAborted()
    try {
      return await attempt({ number, newToken })
    } catch (error) {
      signal.throwIfAborted()
      const failure = failureOf(error)
      const kind = classify(failure)
      const rule = rules[kind]
      const met = (counts.get(kind) ?? 0) + 1
      counts.set(kind, met)
      const wait = waitOf(rule, met, random())
      if (met >= rule.tries || Date.now() - began + wait > rule.budget) throw error
      say(`${title}: ${failure.name} (${kind}); again in ${(wait / 1000).toFixed(1)} s`)
      await sleep(wait, undefined, { signal })
      newToken = rule.newToken
    }
  }
}

/** Pure: ms to wait after failure `met` of a class. */
export const waitOf = ({ base, cap }: Rule, met: number, random: number): number =>
  Math.round(random * Math.min(cap, base * 2 ** (met - 1)))
