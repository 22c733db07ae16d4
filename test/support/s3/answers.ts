import { randomBytes } from 'node:crypto'
import { Refusal } from '../aws/refusal.ts'
import type { Answer } from '../aws/server.ts'
import { type Elements, render } from '../aws/xml.ts'

const head = '<?xml version="1.0" encoding="UTF-8"?>\n'
const ids = () => ({
  RequestId: randomBytes(8).toString('hex').toUpperCase(),
  HostId: randomBytes(24).toString('base64'),
})
const headersOf = ({ RequestId, HostId }: ReturnType<typeof ids>) => ({
  'x-amz-request-id': RequestId,
  'x-amz-id-2': HostId,
})

/** A document, as S3 answers what is no object. */
export function xmlAnswer(name: string, content: Elements): Answer {
  const body = `${head}<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n${render(content)}</${name}>`
  return { status: 200, headers: { 'content-type': 'application/xml', ...headersOf(ids()) }, body }
}

/** No body: headers tell it all. */
export const plainAnswer = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer | string = '',
): Answer => ({
  status,
  headers: { ...headersOf(ids()), ...headers },
  body,
})

/** `Error responses`, Amazon S3 API Reference. */
export function errorAnswer({ code, message, status }: Pick<Refusal, 'code' | 'message' | 'status'>): Answer {
  const own = ids()
  const body = `${head}<Error>\n${render({ Code: code, Message: message, ...own })}</Error>`
  return { status, headers: { 'content-type': 'application/xml', ...headersOf(own) }, body, code }
}

/** What S3 refuses, in its own words (Amazon S3 API Reference, "List of error codes"). */
export const refusals = {
  AccessDenied: () => new Refusal('AccessDenied', 'Access Denied', 403),
  BadDigest: () => new Refusal('BadDigest', 'The Content-MD5 you specified did not match what we received.'),
  EntityTooSmall: () =>
    new Refusal('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed object size.'),
  ExpiredToken: () => new Refusal('ExpiredToken', 'The provided token has expired.'),
  InvalidAccessKeyId: () =>
    new Refusal('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403),
  InvalidPart: () =>
    new Refusal(
      'InvalidPart',
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    ),
  InvalidPartOrder: () =>
    new Refusal(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    ),
  InvalidRange: () => new Refusal('InvalidRange', 'The requested range is not satisfiable', 416),
  InvalidRequest: (why: string) => new Refusal('InvalidRequest', why),
  MalformedXML: () =>
    new Refusal(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    ),
  NoSuchBucket: () => new Refusal('NoSuchBucket', 'The specified bucket does not exist', 404),
  NoSuchKey: () => new Refusal('NoSuchKey', 'The specified key does not exist.', 404),
  NoSuchUpload: () =>
    new Refusal(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
    ),
  NotImplemented: () =>
    new Refusal('NotImplemented', 'A header or query you provided implies functionality that is not implemented', 501),
  RequestTimeTooSkewed: () =>
    new Refusal(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
    ),
  SignatureDoesNotMatch: () =>
    new Refusal(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
    ),
  XAmzContentSHA256Mismatch: () =>
    new Refusal(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    ),
} as const

/** Answers that a fault can give. */
export const s3Failures = {
  'slow-down': errorAnswer({ code: 'SlowDown', message: 'Please reduce your request rate.', status: 503 }),
  internal: errorAnswer({
    code: 'InternalError',
    message: 'We encountered an internal error. Please try again.',
    status: 500,
  }),
  denied: errorAnswer(refusals.AccessDenied()),
  expired: errorAnswer(refusals.ExpiredToken()),
} as const
export type S3Failure = keyof typeof s3Failures
