import type { Failure } from './retry.ts'

const advice: readonly (readonly [RegExp, string])[] = [
  [
    /AccessDenied/,
    'Allow the role ecr:GetAuthorizationToken on "*" (and for ECR Public ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken).',
  ],
  [
    /ExpiredToken/,
    "The role's session is over: ask for a longer one with role-duration-seconds, or log in later in the job.",
  ],
  [
    /InvalidSignature|SignatureDoesNotMatch|RequestTimeTooSkewed/,
    "This machine's clock may be wrong: compare it with date -u.",
  ],
  [
    /CredentialsProvider|Could not load credentials/,
    'There are no AWS credentials here: give role-to-assume, or set AWS_ACCESS_KEY_ID.',
  ],
  [
    /UNABLE_TO_VERIFY|SELF_SIGNED|issuer/i,
    'The certificate is of an authority that this machine does not know: name its CA in NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE.',
  ],
  [
    /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|TimeoutError/,
    'The host was not reached: a proxy is taken from HTTPS_PROXY and NO_PROXY.',
  ],
]

/** Pure: what ECR said and what to do. */
export function explainEcr({ name, message, code }: Failure): string {
  const text = `${name} ${code ?? ''} ${message}`
  const [, what = 'See that the region and the account are the right ones.'] =
    advice.find(([pattern]) => pattern.test(text)) ?? []
  return `${message} (${code ?? name})\n${what}`
}
