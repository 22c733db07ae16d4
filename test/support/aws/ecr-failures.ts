import { jsonError } from './json.ts'

const fail = (code: string, message: string, status = 400) => jsonError({ code, message, status })

export type EcrFailure = keyof typeof ecrFailures

/** Answers that a fault can give. */
export const ecrFailures = {
  throttled: fail('ThrottlingException', 'Rate exceeded'),
  server: fail('ServerException', 'A server-side error has occurred.', 500),
  unavailable: fail('ServiceUnavailableException', 'Service Unavailable', 503),
  kms: fail('KmsException', 'The operation failed due to a KMS exception.'),
  limit: fail('LimitExceededException', "The registry with id '123456789012' has reached its limit of repositories"),
  'unknown-key': fail('UnrecognizedClientException', 'The security token included in the request is invalid.'),
  'expired-token': fail('ExpiredTokenException', 'The security token included in the request is expired'),
} as const
