import type { Failure } from './failure.ts'

type Advice = readonly (readonly [RegExp, string])[]

/** What each word of the network or of a signature means, whichever service said it. */
const anywhere: Advice = [
  [
    /RequestTimeTooSkewed|RequestExpired|signature (expired|not yet current)/i,
    "this machine's clock is wrong by minutes (STS bears 15, ECR 5): compare it with date -u.",
  ],
  [
    /SignatureDoesNotMatch|InvalidSignature/,
    'the secret access key is mistyped, ends in a line end, or does not belong to the key id.',
  ],
  [
    /InvalidClientTokenId|UnrecognizedClient/,
    'AWS does not know this access key: it may be deleted, inactive, or of another partition.',
  ],
  [
    /UNABLE_TO_VERIFY|SELF_SIGNED|unable to get (local )?issuer|DEPTH_ZERO/i,
    'the certificate is of an authority that this machine does not know: name its CA in NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE.',
  ],
  [
    /ERR_PROXY_TUNNEL.* 407\b/s,
    'the proxy asks for a user and a password: HTTPS_PROXY=http://user:password@host:port.',
  ],
  [
    /ERR_PROXY_TUNNEL/,
    'the proxy of HTTPS_PROXY did not let the call through: it must allow this host, or NO_PROXY name it.',
  ],
  [
    /ERR_INVALID_CHAR/,
    'a line end or another character that no header takes is in AWS_ACCESS_KEY_ID or AWS_SESSION_TOKEN: write the secret anew, without it.',
  ],
  [
    /Deserialization error|Unexpected token|answered without/,
    'something between here and AWS answered in its place, such as a proxy or a page to sign in at: see HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL where it is set.',
  ],
  [
    /ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|TimeoutError|ERR_PROXY/,
    'the host was not reached: a proxy is taken from HTTPS_PROXY and NO_PROXY; a network of IPv6 alone needs AWS_USE_DUALSTACK_ENDPOINT=true.',
  ],
]

const sts: Advice = [
  [
    /ExpiredToken/,
    'AWS took the token for too old, also one asked for anew; the keys of an earlier step, or the token of a pod (AWS_WEB_IDENTITY_TOKEN_FILE), may be over.',
  ],
  [/IDPRejectedClaim/, 'the identity provider refused the token; it may have been revoked.'],
  [
    /InvalidIdentityToken.*No OpenIDConnect provider/i,
    'the account of the role has no identity provider for this issuer: make one in IAM, or see that the account is the right one.',
  ],
  [
    /InvalidIdentityToken.*audience/i,
    'the audience is not one that the identity provider in IAM knows: add it there, or set audience.',
  ],
  [
    /(IDPCommunicationError|retrieve verification key)/,
    "AWS could not fetch GitHub's keys in all that time: run again later, and see githubstatus.com.",
  ],
  [/RegionDisabled/, 'STS is turned off for this region in the account: turn it on, or set aws-region.'],
  [/PackedPolicyTooLarge|MalformedPolicyDocument/, 'look at inline-session-policy and managed-session-policies.'],
  [
    /DurationSeconds.*chaining/,
    'a role that is assumed by another lasts an hour at most: lower role-duration-seconds to 3600.',
  ],
  [/DurationSeconds/, "role-duration-seconds is more than the role's maximum session duration."],
  [
    /ValidationError/,
    'an input is not as AWS wants it: look at role-to-assume, role-session-name, role-duration-seconds, inline-session-policy, managed-session-policies.',
  ],
]

const ecr: Advice = [
  [
    /AccessDenied.*session policy/s,
    'inline-session-policy or managed-session-policies leave it out: allow what the message names there too.',
  ],
  [
    /AccessDenied.*ecr-public/s,
    'allow the role ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken on "*".',
  ],
  [/AccessDenied/, 'allow the role ecr:GetAuthorizationToken on "*".'],
  [
    /ExpiredToken/,
    "the role's session is over: ask for a longer one with role-duration-seconds, or log in later in the job.",
  ],
]

/** Pure: what an answer of STS means for whoever wrote the workflow; undefined when the claims must tell. */
export const adviceOnSts = (failure: Failure): string | undefined => find([...sts, ...anywhere], failure)

/** Pure: what an answer of ECR means. */
export const adviceOnEcr = (failure: Failure): string =>
  find([...ecr, ...anywhere], failure) ?? 'see that region and account are the right ones.'

/** Where credentials were looked for, and what to do when there were none; the first of which one variable is set. */
const machines: readonly (readonly [readonly string[], string])[] = [
  [
    ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
    'the container has a place for its credentials, which gave none: look at the role of the task or the pod, and at AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.',
  ],
  [
    ['AWS_PROFILE'],
    'the profile that AWS_PROFILE names gives none here: see aws sts get-caller-identity, or log in with aws sso login.',
  ],
  [
    ['AWS_WEB_IDENTITY_TOKEN_FILE'],
    'the web identity of AWS_WEB_IDENTITY_TOKEN_FILE gives none here: see that AWS_ROLE_ARN is set and the file can be read.',
  ],
]

/** Pure: what to do where the machine has no credentials of AWS. `chaining`: a role was to be assumed with them. */
export function adviceOnMachine(env: Readonly<{ [name: string]: string | undefined }>, chaining = false): string {
  const known = machines.find(([names]) => names.some(name => env[name]))?.[1]
  if (known !== undefined) return known
  const role = chaining
    ? 'leave out role-chaining, with permissions: id-token: write'
    : 'give role-to-assume with permissions: id-token: write'
  return `there are no AWS credentials here: ${role}, or set AWS_ACCESS_KEY_ID.${env.AWS_EC2_METADATA_DISABLED === 'true' ? '' : ' An instance of EC2 needs a role, and for a job in a container a hop limit of 2 (modify-instance-metadata-options).'}`
}

const find = (advice: Advice, { name, code, message }: Failure): string | undefined =>
  advice.find(([pattern]) => pattern.test(`${name} ${code ?? ''} ${message}`))?.[1]
