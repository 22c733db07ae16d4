/** An answer the front gives by itself; the registry behind it never sees the request. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export const account = '123456789012'
const region = 'us-east-1'
const caller = `arn:aws:sts::${account}:assumed-role/ci/build`
const version = { 'docker-distribution-api-version': 'registry/2.0' }

/** The error list of the distribution specification, under which ECR writes its own sentences. */
const refuse = (status: number, code: string, message: string): Answer => ({
  status,
  headers: { ...version, 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ errors: [{ code, message }] }),
})

const text = (status: number, body: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { ...version, 'content-type': 'text/plain; charset=utf-8', ...headers },
  body,
})

export const json = (value: unknown): Answer => ({
  status: 200,
  headers: { ...version, 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
})

/** No credentials, or not the user AWS: 15 bytes of text, no JSON (headers and length in NVIDIA/enroot#59). */
export const notAuthorized = (origin: string): Answer =>
  text(401, 'Not Authorized\n', { 'www-authenticate': `Basic realm="${origin}/",service="ecr.amazonaws.com"` })

/** A password ECR cannot read, such as one of another region: `docker login` says 400 (aws-cli#5317, #9864). */
export const invalidToken = (): Answer => refuse(400, 'DENIED', 'Your Authorization Token is invalid.')

/** A password older than twelve hours: 403 (amazon-ecr-credential-helper#7, #679), the sentence in aws-cli#6580. */
export const expiredToken = (): Answer =>
  refuse(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.')

/** IAM said no (sentence in ministryofjustice/cloud-platform#7245). */
export const notPermitted = (action: string, repository: string): Answer =>
  refuse(
    403,
    'DENIED',
    `User: ${caller} is not authorized to perform: ${action} on resource: ` +
      `arn:aws:ecr:${region}:${account}:repository/${repository} ` +
      `because no identity-based policy allows the ${action} action`,
  )

/** ECR makes no repository on push without a creation template (sentence in actions/starter-workflows#2647). */
export const unknownRepository = (repository: string): Answer =>
  refuse(
    404,
    'NAME_UNKNOWN',
    `The repository with name '${repository}' does not exist in the registry with id '${account}'`,
  )

/**
 * An immutable tag is taken, and ECR does not compare digests: the same image is refused too
 * (GoogleContainerTools/kaniko#3481 pushes one image twice; aws/containers-roadmap#2179).
 */
export const immutableTag = (repository: string, tag: string): Answer =>
  refuse(
    400,
    'TAG_INVALID',
    `The image tag '${tag}' already exists in the '${repository}' repository ` +
      'and cannot be overwritten because the tag is immutable.',
  )

/** The reason BatchGetImage gives for an image that is not there, as the registry side repeats it. */
export const unknownManifest = (): Answer => refuse(404, 'MANIFEST_UNKNOWN', 'Requested image not found')

export const unsupported = (): Answer => refuse(405, 'UNSUPPORTED', 'The operation is unsupported.')

/** Any path ECR does not know (text in aws/containers-roadmap#1229). */
export const notFound = (): Answer => text(404, '404 page not found\n')

export const failures = {
  /** Sentence in fluxcd/flux2#3714; PutImage is the first to hit it, at 10 a second. */
  429: refuse(429, 'TOOMANYREQUESTS', 'Rate exceeded'),
  500: refuse(500, 'UNKNOWN', 'An internal error occurred.'),
  503: refuse(503, 'UNAVAILABLE', 'Service Unavailable'),
} as const

export const backingGone = (reason: string): Answer =>
  refuse(502, 'UNAVAILABLE', `The registry behind did not answer: ${reason}`)
