/** An answer of S3 that is an error. */
export interface Refused {
  readonly status: number
  /** XML; empty for a HEAD */
  readonly body: string
  readonly bucket: string
}

/** Pure: what is wrong, in words; undefined where the object is just not there (S3 API reference, "List of error codes"). */
export function troubleInS3({ status, body, bucket }: Refused): string | undefined {
  const code = /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? ''
  const message = /<Message>([^<]*)<\/Message>/.exec(body)?.[1] ?? ''
  if (code === 'NoSuchBucket') return `there is no bucket ${bucket}`
  if (status === 404) return undefined
  const known = words[code]
  if (known !== undefined) return `${known} (${code})`
  // To who may not list a bucket, what is not there is denied.
  if (status === 403)
    return `it does not let us in (${code || 403}): the keys need s3:GetObject, s3:PutObject and s3:AbortMultipartUpload on the objects of ${bucket}, and s3:ListBucket on itself`
  if (status === 301 || code === 'AuthorizationHeaderMalformed')
    return `the bucket ${bucket} is in another region than cache.region says`
  if (status === 429 || code === 'SlowDown') return `it takes no more requests for now (${status})`
  return `it answered ${status}${code === '' ? '' : ` ${code}`}${message === '' ? '' : `: ${message}`}`
}

const words: Readonly<Record<string, string>> = {
  ExpiredToken: 'the AWS credentials have ended',
  InvalidAccessKeyId: 'it does not know the AWS credentials',
  InvalidToken: 'it does not know the AWS credentials',
  RequestTimeTooSkewed: "this machine's clock is wrong",
  SignatureDoesNotMatch: 'AWS_SECRET_ACCESS_KEY is not the secret of AWS_ACCESS_KEY_ID',
}
