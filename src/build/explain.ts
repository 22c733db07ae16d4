import { basename } from 'node:path'
import type { Finding } from '../record/finding.ts'
import { adviceFor, type Cause, causeOf } from '../registry/refusal.ts'
import type { Progress } from './progress.ts'

/** Why a build failed: one sentence for the verdict, the log for people, a finding where the Dockerfile is to blame. */
export interface Failure {
  readonly reason: string
  readonly log: readonly string[]
  readonly findings: readonly Finding[]
  /** true where the repository can't mend it: a registry that is down, a builder that went away */
  readonly outside: boolean
  /** where a registry is why: a solve that may be tried again, since no step of the user has failed */
  readonly registry: Cause | undefined
}

/** How the program ended, and what it said. */
interface End extends Pick<Progress, 'failure' | 'rest'> {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
}

/**
 * Reads buildx's last words. For a fault with a place it writes `Dockerfile:3`, a rule of dashes and the lines around it
 * (docker/buildx, util/progress and moby/buildkit solver/errdefs/source.go), then `ERROR: …`, at times in more lines.
 * `dockerfile` is relative to the repository; undefined when it is not in it, and then no place is given.
 */
export function explainFailure(end: End, dockerfile: string | undefined): Failure {
  const said = lastWords(end.rest)
  if (said === undefined && end.failure === undefined) return withoutWords(end)
  const words = said ?? end.failure?.error ?? ''
  const place = placeOf(end.rest, dockerfile)
  const registry = isBuilderGone(words) ? undefined : registryCause(words, end.failure?.name ?? '')
  const what = registry === undefined ? stepFailure(end, words, dockerfile) : registryFailure(words, end.failure?.name)
  const { message, advice = [] } = what
  const log = end.failure?.log ?? end.rest.slice(-20)
  return {
    reason: [`${place === undefined ? '' : `${place.file}:${place.line}: `}${message}`, ...advice].join('\n'),
    log,
    findings: place === undefined ? [] : [findingOf([message, ...advice].join('\n'), place, log)],
    outside: registry === undefined ? isBuilderGone(words) || isUnfetched(words) : !isMistake(registry),
    registry,
  }
}

/** From the last `ERROR: ` to the end, without what buildx puts before the cause. */
function lastWords(rest: readonly string[]): string | undefined {
  const from = rest.findLastIndex(line => line.startsWith('ERROR: '))
  if (from === -1) return undefined
  const text = rest
    .slice(from)
    .filter(line => !line.startsWith('View build details:'))
    .join('\n')
  return text.replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '').trim()
}

/** A non-zero exit is red, whether or not somebody says why. */
function withoutWords({ exitCode, signal, rest }: End): Failure {
  const how = exitCode === undefined ? `was ended by ${signal}` : `ended with exit code ${exitCode}`
  const log = rest.filter(line => line.trim() !== '').slice(-20)
  const said = log.length === 0 ? 'wrote nothing' : 'gave no reason'
  return {
    reason: `docker buildx build ${how} and ${said}\nRun the build by hand, docker buildx build, and see that the docker on PATH is Docker's own.`,
    log,
    findings: [],
    outside: true,
    registry: undefined,
  }
}

interface Told {
  readonly message: string
  readonly advice?: readonly string[]
}

function stepFailure({ failure }: Pick<End, 'failure'>, words: string, dockerfile = 'the Dockerfile'): Told {
  const step = failure === undefined ? '' : `${failure.name}: `
  const [, code] = /^process ".*" did not complete successfully: exit code: (\d+)$/s.exec(words) ?? []
  if (code !== undefined) return { message: `${step}exit code ${code}`, ...(code === '137' && { advice: [killed] }) }
  const [, target, meant = ''] = /^target stage "(.*)" could not be found( \(did you mean .*\?\))?$/.exec(words) ?? []
  if (target !== undefined)
    return { message: `${dockerfile} has no stage ${target}${meant}: FROM … AS ${target} would name one` }
  const [, missing] = /failed to calculate checksum of ref \S+: "(.*)": not found$/.exec(words) ?? []
  if (missing !== undefined)
    return { message: `${step}${missing} is not in the build context; .dockerignore may leave it out` }
  const [, remote, git] = /failed to fetch remote (\S+): git stderr:\n[\s\S]*fatal: (.*)/.exec(words) ?? []
  if (git !== undefined) return { message: `can't fetch ${remote}: ${git}`, advice: [adviceForGit(git)] }
  if (/session-sharedkey.*non-printable ASCII/.test(words)) return { message: unspeakable, advice: [otherName] }
  const [, right] = /(security\.insecure|network\.host) is not allowed/.exec(words) ?? []
  if (right !== undefined)
    return { message: `${step}${right} is not allowed`, advice: [`Grant it to the build: allow: ${right}.`] }
  const [, context, folder] =
    /failed to get build context (\S+): stat (\S+): no such file or directory$/.exec(words) ?? []
  if (context !== undefined)
    return { message: `build-contexts: there is no folder ${folder} for ${context}`, advice: [otherContext] }
  if (isBuilderGone(words)) return { message: `${step}${words}`, advice: [gone] }
  return { message: `${step}${words}` }
}

const killed = 'It was killed: as a rule the builder has too little memory for it.'
// buildx gives the name in a header of HTTP (docker/buildx, build/opt.go, SharedKey).
const unspeakable = 'BuildKit takes no context whose folder has a name with other than ASCII letters'
const otherContext = 'Name a folder of the repository, docker-image://…, oci-layout://…, target:…, or a Git URL.'
const otherName = 'Rename the folder of the context, or check the repository out into another one.'
const gone = 'The builder went away or is full: see that Docker runs and has memory and disk left, then run again.'

/** What to do where Git can't fetch a context (moby/buildkit, source/git: its own words stand behind "git stderr"). */
function adviceForGit(said: string): string {
  if (isGitAway(said)) return "See that the builder's network reaches that host, then run again."
  if (/could not read (Username|Password)|Authentication failed|Permission denied|error: 40[13]/.test(said))
    return "A private repository wants a token: github-token on GitHub's own host, the secret GIT_AUTH_TOKEN elsewhere."
  return 'Look at the address, and at the branch, tag or commit behind its #.'
}

const isGitAway = (words: string): boolean =>
  /Could not resolve host|Failed to connect to|Connection (refused|timed out|reset)/.test(words)

const isUnfetched = (words: string): boolean => words.includes('failed to fetch remote') && isGitAway(words)

const isBuilderGone = (words: string): boolean =>
  /failed to receive status|code = Unavailable|^Unavailable: |no space left on device|Cannot connect to the Docker daemon|no builder ".*" found/.test(
    words,
  )

/** Words of BuildKit about a registry, or about a server that files are added from. */
const aboutRegistry =
  /failed to resolve source metadata|failed to push|failed to do request|unexpected status|failed to copy|failed open|pull access denied|invalid response status|failed to fetch|failed to load cache key/

/** Never of a RUN: it may have done something that must not be done twice. */
const registryCause = (words: string, step: string): Cause | undefined =>
  aboutRegistry.test(words) && !/\] RUN /.test(step) && !/^process "/.test(words) ? causeOf(words) : undefined

/** What the repository names wrongly. */
const isMistake = (cause: Cause): boolean => ['not found', 'unknown repository', 'no access'].includes(cause)

/** A name that stands before the same with a digest: a source policy has put that in its place. */
const pinnedAt = /failed to resolve source metadata for (\S+): \1@(sha256:[0-9a-f]{64}): not found$/

function registryFailure(words: string, step = ''): Told {
  const [, name, digest] = pinnedAt.exec(words) ?? []
  if (digest !== undefined) return { message: `can't pull ${name}@${digest}: not found`, advice: [unpin] }
  const [, pulled] = /failed to resolve source metadata for (\S+):/.exec(words) ?? /\] FROM (\S+)$/.exec(step) ?? []
  const [, pushed] = /failed to push (\S+?):? /.exec(words) ?? []
  const cause = words
    .replace(/^.*failed to resolve source metadata for \S+: /s, '')
    .replace(/^.*failed to push \S+ /s, '')
    .replace(/unexpected status from \w+ request to \S+: /, 'the registry answered ')
    .replace(/failed to do request: \w+ "\S+": /, '')
    .replace(/^\S+: not found$/, 'not found')
    .replaceAll('\n', ': ')
  const what = pushed === undefined ? `can't pull ${pulled ?? step}` : `can't push ${pushed}`
  return { message: `${what}: ${cause}`, advice: [adviceFor(words, pushed === undefined ? 'pull' : 'push')] }
}

const unpin =
  'pce.lock, or a source policy of your own, pins that digest, which the registry does not have: take the image out of it, build, and lock anew with pce lock run.json.'

interface Place {
  readonly file: string
  readonly line: number
}

/** The line `Dockerfile:3` above the rule of dashes. Of a Dockerfile that is not in the repository there is no place. */
function placeOf(rest: readonly string[], dockerfile: string | undefined): Place | undefined {
  const rule = rest.findIndex(text => /^-{8,}$/.test(text.trim()))
  const [, file = '', line] = /^(\S.*):(\d+)$/.exec(rest[rule - 1] ?? '') ?? []
  if (line === undefined || dockerfile === undefined || basename(file) !== basename(dockerfile)) return undefined
  return { file: dockerfile, line: Number(line) }
}

const findingOf = (message: string, location: Place, log: readonly string[]): Finding => ({
  tool: 'buildkit',
  rule: 'build-failed',
  severity: 'high',
  message,
  ...(log.length > 0 && { detail: log.join('\n') }),
  location,
  blocking: true,
})
