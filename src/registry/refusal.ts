/** Why a registry did not give or take an image. */
export type Cause =
  | 'unknown repository'
  | 'immutable tag'
  | 'login not taken'
  | 'rate limit'
  | 'no access'
  | 'denied'
  | 'login wanted'
  | 'certificate'
  | 'plain HTTP'
  | 'unknown host'
  | 'server error'
  | 'unreachable'
  | 'silent'
  | 'not found'

type Way = 'pull' | 'push'

interface Meaning extends Readonly<Record<Way, string>> {
  readonly cause: Cause
  /** how Docker, BuildKit and regctl word it */
  readonly words: RegExp
}

const again = 'See that the registry is reachable, then run again'

/** The first that matches counts. A bare number may be part of a digest. */
const meanings: readonly Meaning[] = [
  {
    cause: 'unknown repository',
    words: /NAME_UNKNOWN|name unknown|repository name not known|does not exist in the registry|repository.*not found/i,
    pull: 'The registry has no such repository: look at the name.',
    push: 'Create the repository in the registry first; in ECR create-repository: true does.',
  },
  {
    cause: 'immutable tag',
    words: /TAG_INVALID|immutable/i,
    pull: 'The registry does not take this tag: look at the name.',
    push: 'The tag is there and may not move: use a tag that names this commit, such as type=sha.',
  },
  {
    cause: 'login not taken',
    words: /authorization token (is invalid|has expired)|incorrect username or password/i,
    pull: 'The registry does not take the login (any more): log in again, docker login.',
    push: 'The registry does not take this login (any more): get a new password or token. Registries that have a user each want a step of the login action each.',
  },
  {
    cause: 'rate limit',
    words: /429 Too Many Requests|\[http 429\]|too many requests|TOOMANYREQUESTS|rate limit/i,
    pull: 'The registry limits pulls. Log in before the build, since pulls without a login are limited most, or take the image from a mirror: public.ecr.aws/docker/library has the official images of Docker Hub.',
    push: 'The registry limits requests: run again later.',
  },
  {
    // Docker Hub's answer for what is private and for what is not there.
    cause: 'no access',
    words: /repository does not exist or may require|insufficient_scope/i,
    pull: 'There is no such image, or only a login may see it: look at the name, then log in with docker login.',
    push: 'There is no such repository, or the login may not push there: look at the name, then at the rights of the login.',
  },
  {
    // GHCR: the rights of the job's own token are the job's.
    cause: 'denied',
    words: /\bghcr\.io\b.*(\[http 403\]|403 Forbidden|denied|forbidden)/is,
    pull: 'The login may not pull this: give the job permissions: { packages: read }, and the repository access in the settings of the package.',
    push: 'The login may not push there: give the job permissions: { packages: write }, and the repository the role Write in the settings of the package.',
  },
  {
    // regctl says "unauthorized [http 403]" for a right that is missing.
    cause: 'denied',
    words: /\[http 403\]|403 Forbidden|denied|forbidden/i,
    pull: 'The login is known, or none is needed, but it may not pull this: look at its rights.',
    push: 'The login is known but may not push there: look at its rights.',
  },
  {
    cause: 'login wanted',
    words: /\[http 401\]|401 Unauthorized|unauthorized|no basic auth|authentication required/i,
    pull: 'There are no credentials for this registry: log in before the build, with docker login or a login step.',
    push: 'Log in to the registry: username and password, or docker login.',
  },
  {
    cause: 'certificate',
    words: /x509:|failed to verify certificate|certificate signed by/i,
    pull: 'Its certificate is not trusted by the builder: give the builder the CA of the registry.',
    push: 'Its certificate is not trusted here: add its CA to those of this machine.',
  },
  {
    cause: 'plain HTTP',
    words: /server gave HTTP response to HTTPS client/i,
    pull: 'It speaks plain HTTP, which is taken from the loopback alone: give it a certificate, or name it as insecure in the configuration of BuildKit.',
    push: 'It speaks plain HTTP, which is taken from the loopback alone: give it a certificate.',
  },
  {
    cause: 'unknown host',
    words: /no such host/i,
    pull: 'No name server knows this host: look at the name of the image, and at the network of the builder.',
    push: 'No name server knows this host: look at registries.',
  },
  {
    cause: 'server error',
    words: /\b50[0-9] (Internal|Not|Bad|Service|Gateway)|\[http 5\d\d\]|response status 5\d\d/i,
    pull: 'The registry has an error of its own: run again later, or take the image from a mirror.',
    push: `${again}: what is there already is not sent twice.`,
  },
  {
    cause: 'unreachable',
    words:
      /connection refused|connection reset|\bEOF\b|i\/o timeout|timeout exceeded|handshake timeout|deadline exceeded|no route to host|network is unreachable|broken pipe|server misbehaving|connection lost|GOAWAY/i,
    pull: `${again}, or take the image from a mirror.`,
    push: `${again}: what is there already is not sent twice.`,
  },
  {
    cause: 'silent',
    words: /moved no byte for|said nothing for/,
    pull: `${again}, or take the image from a mirror.`,
    push: `${again}: what is there already is not sent twice.`,
  },
  {
    cause: 'not found',
    words: /: not found|manifest unknown|\[http 404\]|404 Not Found|response status 404/i,
    pull: 'There is no such image: look at its name and tag.',
    push: 'Look at the name of the image.',
  },
]

/** Pure: what a tool's words about a registry mean; undefined when they mean nothing that is known. */
export const causeOf = (said: string): Cause | undefined => meaningOf(said)?.cause

/** Pure: what to do about it. */
export const adviceFor = (said: string, way: Way): string =>
  meaningOf(said)?.[way] ?? `${again}${way === 'pull' ? '.' : ': what is there already is not sent twice.'}`

const meaningOf = (said: string): Meaning | undefined => meanings.find(({ words }) => words.test(said))
