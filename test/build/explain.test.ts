import { describe, expect, it } from '@jest/globals'
import { explainFailure } from '../../src/build/explain.ts'
import type { Cause } from '../../src/registry/refusal.ts'
import { read } from './captured/read.ts'

interface Case {
  readonly captured: string
  readonly message: string
  readonly advice?: string
  readonly line?: number
  /** the last lines of buildx where it is not given */
  readonly log?: readonly string[]
  readonly registry?: Cause
  readonly outside?: boolean
}

const cases: readonly Case[] = [
  {
    captured: 'run',
    line: 5,
    message: '[prod 1/1] RUN echo preparing &&     echo "cannot find module left-pad" >&2 &&     exit 3: exit code 3',
    log: ['preparing', 'cannot find module left-pad'],
  },
  {
    captured: 'heredoc',
    line: 3,
    message: '[3/4] RUN <<EOF (set -e...): exit code 2',
    log: ['preparing', "ls: cannot access '/nowhere': No such file or directory"],
  },
  {
    captured: 'copy',
    line: 3,
    message: '[3/3] COPY missing.txt /: /missing.txt is not in the build context; .dockerignore may leave it out',
    log: [],
  },
  {
    captured: 'secret',
    line: 2,
    message:
      '[prod 2/2] RUN --mount=type=secret,id=NPM_TOKEN,required=true cat /run/secrets/NPM_TOKEN: secret NPM_TOKEN: not found',
    log: [],
  },
  { captured: 'both', line: 5, message: '[b 1/1] RUN echo b fails && false: exit code 1', log: ['b fails'] },
  {
    captured: 'syntax',
    line: 3,
    message: 'dockerfile parse error on line 3: unknown instruction: COPPY (did you mean COPY?)',
  },
  { captured: 'target', message: 'docker/Dockerfile has no stage production: FROM … AS production would name one' },
  { captured: 'empty', message: 'the Dockerfile cannot be empty' },
  { captured: 'arg', line: 2, message: 'failed to parse stage name "debian:": invalid reference format' },
  {
    captured: 'env',
    line: 5,
    message: 'Syntax error - can\'t find = in "be". Must be of the form: name=value',
  },
  { captured: 'rules', message: 'lint violation found for rules: FromAsCasing, JSONArgsRecommended' },
  {
    captured: 'base',
    line: 2,
    message: "can't pull docker.io/acme/no-such-image:1: not found",
    advice: 'There is no such image: look at its name and tag.',
    registry: 'not found',
    log: [],
  },
  {
    captured: 'rate-limit',
    line: 1,
    message: "can't pull 127.0.0.1:6403/acme/base:1: the registry answered 429 Too Many Requests",
    advice:
      'The registry limits pulls. Log in before the build, since pulls without a login are limited most, or take the image from a mirror: public.ecr.aws/docker/library has the official images of Docker Hub.',
    registry: 'rate limit',
    outside: true,
    log: [],
  },
  {
    captured: 'denied',
    line: 1,
    message: "can't pull 127.0.0.1:6401/acme/base:1: the registry answered 403 Forbidden: denied",
    advice: 'The login is known, or none is needed, but it may not pull this: look at its rights.',
    registry: 'denied',
    outside: true,
    log: [],
  },
  {
    captured: 'frontend',
    line: 1,
    message: "can't pull 127.0.0.1:6404/acme/nofront:1: the registry answered 500 Internal Server Error",
    advice: 'The registry has an error of its own: run again later, or take the image from a mirror.',
    registry: 'server error',
    outside: true,
    log: [],
  },
  {
    captured: 'push',
    message: "can't push 127.0.0.1:6406/acme/web: the registry answered 503 Service Unavailable",
    advice: 'See that the registry is reachable, then run again: what is there already is not sent twice.',
    registry: 'server error',
    outside: true,
    log: expect.arrayContaining(['retrying in 1s', 'retrying in 4s']) as unknown as string[],
  },
]

describe('why a build failed', () => {
  it.each(cases)('$captured', ({ captured, message, advice, line, log, registry, outside = false }) => {
    const { failure, rest } = read(captured).progress
    const told = advice === undefined ? message : `${message}\n${advice}`
    const file = 'docker/Dockerfile'
    expect(explainFailure({ exitCode: 1, signal: undefined, failure, rest }, file)).toEqual({
      reason: line === undefined ? told : `${file}:${line}: ${told}`,
      log: log ?? expect.arrayContaining([expect.stringMatching(/^ERROR: /)]),
      findings:
        line === undefined
          ? []
          : [
              {
                tool: 'buildkit',
                rule: 'build-failed',
                severity: 'high',
                message: told,
                ...(log?.length === 0 ? {} : { detail: log?.join('\n') ?? expect.stringMatching(/ERROR: /) }),
                location: { file, line },
                blocking: true,
              },
            ],
      outside,
      registry,
    })
  })

  it('a Dockerfile that is elsewhere has no place in the repository', () => {
    const { failure, rest } = read('run').progress
    for (const file of [undefined, 'docker/other.Dockerfile']) {
      const told = explainFailure({ exitCode: 1, signal: undefined, failure, rest }, file)
      expect(told.findings).toEqual([])
      expect(told.reason).toMatch(/^\[prod 1\/1\] RUN /)
    }
  })

  const ofLines = (rest: readonly string[], end: { exitCode?: number; signal?: string } = { exitCode: 1 }) =>
    explainFailure({ exitCode: undefined, signal: undefined, ...end, failure: undefined, rest }, 'Dockerfile')

  it('the last error counts: one before it was got over', () => {
    const lines = ['ERROR: connection refused, trying again', 'ERROR: failed to build: failed to solve: cycle found']
    expect(ofLines(lines).reason).toBe('cycle found')
  })

  it('a digest that a lock pins and no registry has is not a wrong name', () => {
    const name = 'docker.io/library/debian:bookworm-slim'
    const pinned = `${name}@sha256:${'a'.repeat(64)}`
    const said = `ERROR: failed to build: failed to solve: debian:bookworm-slim: failed to resolve source metadata for ${name}: ${pinned}: not found`
    expect(ofLines([said])).toMatchObject({
      reason: `can't pull ${pinned}: not found\npce.lock, or a source policy of your own, pins that digest, which the registry does not have: take the image out of it, build, and lock anew with pce lock run.json.`,
      outside: false,
      registry: 'not found',
    })
  })

  it('a builder that goes away says so in more than one way', () => {
    for (const words of ['Unavailable: error reading from server: EOF', 'rpc error: code = Unavailable desc = EOF']) {
      const told = ofLines([`ERROR: failed to build: failed to solve: ${words}`])
      expect([told.outside, told.reason]).toEqual([true, expect.stringMatching(/\nThe builder went away or is full: /)])
    }
  })

  it.each([
    [
      'failed to load LLB: security.insecure is not allowed',
      'security.insecure is not allowed',
      'allow: security.insecure',
    ],
    [
      'failed to get build context x: stat ./nope: no such file or directory',
      'build-contexts: there is no folder ./nope for x',
      'Name a folder of the repository',
    ],
  ])('what to do is said: %s', (words, message, advice) => {
    const { reason } = ofLines([`ERROR: failed to build: failed to solve: ${words}`])
    expect(reason.split('\n')).toEqual([message, expect.stringContaining(advice)])
  })

  it('a folder whose name is no header says what to do', () => {
    const said =
      'ERROR: failed to build: failed to dial gRPC: rpc error: code = Internal desc = rpc error: code = Internal desc = header key "x-docker-expose-session-sharedkey" contains value with non-printable ASCII characters'
    expect(ofLines([said])).toMatchObject({
      reason:
        'BuildKit takes no context whose folder has a name with other than ASCII letters\nRename the folder of the context, or check the repository out into another one.',
      log: [said],
      outside: false,
    })
  })

  it.each([
    ['no word at all', [], { exitCode: 7 }, 'ended with exit code 7 and wrote nothing'],
    ['no error among its words', ['', 'hello'], { exitCode: 7 }, 'ended with exit code 7 and gave no reason'],
    ['a signal', [], { signal: 'SIGKILL' }, 'was ended by SIGKILL and wrote nothing'],
  ])('%s', (_, lines, end, how) => {
    expect(ofLines(lines, end)).toEqual({
      reason: `docker buildx build ${how}\nRun the build by hand, docker buildx build, and see that the docker on PATH is Docker's own.`,
      log: lines.filter(line => line !== ''),
      findings: [],
      outside: true,
      registry: undefined,
    })
  })

  it.each([
    'failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
    'failed to copy: write /var/lib/buildkit/x: no space left on device',
  ])('a builder that is gone or full is outside: %s', words => {
    expect(ofLines([`ERROR: ${words}`])).toMatchObject({
      reason: `${words}\nThe builder went away or is full: see that Docker runs and has memory and disk left, then run again.`,
      outside: true,
      registry: undefined,
    })
  })

  it.each([
    ['a killed step says of what', 'exit code: 137', /^\[2\/2\] RUN make: exit code 137\nIt was killed: as a rule /],
    ['another one does not', 'exit code: 1', /^\[2\/2\] RUN make: exit code 1$/],
  ])('%s', (_, code, reason) => {
    const error = `process "/bin/sh -c make" did not complete successfully: ${code}`
    const failure = { name: '[2/2] RUN make', error, log: [] }
    const told = explainFailure({ exitCode: 1, signal: undefined, failure, rest: [`ERROR: ${error}`] }, undefined)
    expect(told.reason).toMatch(reason)
  })

  it.each([
    [
      "unable to access 'https://git.example/a.git/': Could not resolve host: git.example",
      "See that the builder's network reaches that host, then run again.",
      true,
    ],
    [
      "could not read Username for 'https://git.example': terminal prompts disabled",
      "A private repository wants a token: github-token on GitHub's own host, the secret GIT_AUTH_TOKEN elsewhere.",
      false,
    ],
    ["couldn't find remote ref nothing", 'Look at the address, and at the branch, tag or commit behind its #.', false],
  ])('a Git context that is not to be had: %s', (git, advice, outside) => {
    const remote = 'https://git.example/a.git'
    const words = `failed to fetch remote ${remote}: git stderr:\nfatal: Not a valid object name\nfatal: ${git}\n: exit status 128`
    expect(ofLines(`ERROR: failed to build: failed to solve: ${words}`.split('\n'))).toMatchObject({
      reason: `can't fetch ${remote}: ${git}\n${advice}`,
      outside,
      registry: undefined,
    })
  })

  it('a slip in the name of a stage: what BuildKit takes it for', () => {
    expect(ofLines(['ERROR: target stage "prd" could not be found (did you mean prod?)']).reason).toBe(
      'Dockerfile has no stage prd (did you mean prod?): FROM … AS prd would name one',
    )
  })

  it('whatever a RUN says of a registry, it is the step of the user that failed', () => {
    const error = 'process "/bin/sh -c npm ci # failed to do request: 503 Service Unavailable" did not complete'
    const failure = { name: '[2/2] RUN npm ci', error, log: [] }
    const told = explainFailure({ exitCode: 1, signal: undefined, failure, rest: [`ERROR: ${error}`] }, undefined)
    expect(told).toMatchObject({ outside: false, registry: undefined })
  })
})
