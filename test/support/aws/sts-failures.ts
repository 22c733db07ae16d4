import { noVerificationKey, unreachable } from './identity.ts'
import { xmlError } from './xml.ts'

const fail = (code: string, message: string, status = 400) => xmlError({ code, message, status })

/** Answers that a fault can give. */
export const stsFailures = {
  throttled: fail('Throttling', 'Rate exceeded'),
  internal: fail('InternalFailure', 'We encountered an internal error. Please try again.', 500),
  unavailable: fail('ServiceUnavailable', 'Service Unavailable', 503),
  'idp-communication': fail('IDPCommunicationError', unreachable),
  'no-verification-key': fail('InvalidIdentityToken', noVerificationKey),
  'idp-rejected': fail('IDPRejectedClaim', 'The identity provider (IdP) reported that authentication failed.', 403),
  skewed: fail(
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    403,
  ),
  'access-denied': fail('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403),
  'region-disabled': fail(
    'RegionDisabledException',
    'STS is not activated in this region for account:123456789012.',
    403,
  ),
  'unknown-key': fail('InvalidClientTokenId', 'The security token included in the request is invalid.', 403),
} as const
