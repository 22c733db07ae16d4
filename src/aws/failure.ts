/**
 * What a failed call says of itself, as the SDK and our own requests give it. It stands for the error as a cause: that one
 * holds the request, with the token in it.
 */
export interface Failure {
  readonly name: string
  readonly message: string
  /** of the network: `ECONNRESET` */
  readonly code: string | undefined
  /** of HTTP */
  readonly status: number | undefined
}

/** Pure: a failure from whatever was thrown. */
export function failureOf(error: unknown): Failure {
  const given = error as Partial<{
    name: string
    message: string
    code: string
    errors: readonly unknown[]
    cause: { code?: string }
    $metadata: { httpStatusCode?: number }
    status: number
  }>
  // Node tries IPv6 and IPv4 in turn, and where both fail says so without a word.
  if (!given.message && given.errors?.[0] !== undefined) return failureOf(given.errors[0])
  return {
    name: given.name ?? 'Error',
    message: given.message ?? String(error),
    code: given.code ?? given.cause?.code,
    status: given.$metadata?.httpStatusCode ?? given.status,
  }
}

/** Pure: true where the machine gave no credentials to ask with (@smithy/core, CredentialsProviderError). */
export const isWithoutKeys = ({ name }: Pick<Failure, 'name'>): boolean => name === 'CredentialsProviderError'

export type Class =
  | 'transient'
  | 'throttled'
  | 'identity provider out'
  | 'token not accepted'
  | 'not yet known'
  | 'clock skewed'
  | 'denied'
  | 'permanent'

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
  RequestTimeTooSkewed: 'clock skewed',
  RequestExpired: 'clock skewed',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
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

/** Pure: the class of a failure. `fresh`: the credentials were given out a moment ago. */
export function classify(failure: Failure, { fresh = false } = {}): Class {
  const { name, message, code, status } = failure
  // STS has two words for keys that it could not fetch; this one would otherwise read as a bad token.
  if (/InvalidIdentityToken/.test(name) && /retrieve verification key/i.test(message)) return 'identity provider out'
  // A part of AWS has not heard yet of credentials a second old; of any others it never will.
  if (/InvalidClientTokenId|UnrecognizedClient/.test(name)) return fresh ? 'not yet known' : 'permanent'
  if (/Signature/.test(name) && /signature (expired|not yet current)/i.test(message)) return 'clock skewed'
  const known = classes[name]
  if (known !== undefined) return known
  if (code !== undefined && network.test(code)) return 'transient'
  if (code === 'ERR_PROXY_TUNNEL' && /HTTP\/\S+ 5\d\d/.test(message)) return 'transient'
  if (status === 429) return 'throttled'
  return status !== undefined && status >= 500 ? 'transient' : 'permanent'
}
