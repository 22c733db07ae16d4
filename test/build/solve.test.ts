import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { execa } from 'execa'
import { renderLock } from '../../src/build/lock.ts'
import { solve } from '../../src/build/solve.ts'
import { lockedEnv } from '../../src/build/source-policy.ts'
import type { Base } from '../../src/record/part.ts'
import type { Scope } from '../../src/task/scope.ts'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import type { FaultRule } from '../support/ecr/faults.ts'

jest.setTimeout(120_000)

/** A builder of these tests alone, on the network of the host: the registry listens on the loopback. */
const builder = `pce-test-solve-${process.pid}`
let ecr: Ecr
let folder: string
let env: Scope['env']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pce-solve-'))
  ecr = await openEcr({ repositories: ['acme/base', 'acme/frontend', 'acme/web'] })
  const auth = Buffer.from(`AWS:${ecr.token}`).toString('base64')
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [ecr.host]: { auth } } }))
  env = { PATH: process.env.PATH, HOME: process.env.HOME, BUILDX_CONFIG: process.env.BUILDX_CONFIG }
  const driver = ['--driver', 'docker-container', '--driver-opt', 'network=host']
  await execa('docker', ['buildx', 'create', '--name', builder, ...driver, '--bootstrap'])
  const base = await build('FROM scratch\nCOPY hello.txt /\n', { push: 'acme/base:1' })
  expect(base.failure).toBe(undefined)
}, 180_000)
afterAll(async () => {
  await execa('docker', ['buildx', 'rm', '--force', builder], { reject: false })
  await ecr?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

interface Options {
  /** `acme/web:1` in the registry */
  readonly push?: string
  readonly login?: boolean
  readonly silence?: number
  /** name of the Dockerfile */
  readonly file?: string
  readonly path?: string
  /** text of `pce.lock` */
  readonly lock?: string
  /** further flags of buildx */
  readonly more?: readonly string[]
}

/** Solves a Dockerfile beside `hello.txt`; gives what came of it and what people were told. */
async function build(text: string, options: Options = {}) {
  const { push, login = true, silence, file = 'Dockerfile', path, lock, more = [] } = options
  const context = await mkdtemp(join(folder, 'context-'))
  await writeFile(join(context, 'hello.txt'), `${context}\n`)
  await writeFile(join(context, file), text)
  if (lock !== undefined) await writeFile(join(context, 'pce.lock'), lock)
  const said: string[] = []
  const scope = {
    context,
    env,
    run: { id: 'test', directory: context },
    signal: new AbortController().signal,
    say: (line: string) => said.push(line),
  } as unknown as Scope
  const output =
    push === undefined ? ['--output=type=cacheonly'] : [`--output=type=image,name=${ecr.host}/${push},push=true`]
  const solved = await solve(
    {
      title: 'Build web',
      argv: [
        'docker',
        'buildx',
        'build',
        '--builder',
        builder,
        '--progress=rawjson',
        '--provenance=false',
        '--file',
        file,
        ...output,
        '--metadata-file',
        'metadata.json',
        ...more,
        '.',
      ],
      cwd: context,
      env: {
        ...env,
        DOCKER_CONFIG: login ? folder : context,
        ...(path !== undefined && { PATH: path }),
        ...(await lockedEnv(scope)),
      },
    },
    {
      dockerfile: file,
      scope,
      metadataFile: join(context, 'metadata.json'),
      ...(silence !== undefined && { silence }),
    },
  )
  return { ...solved, said, again: said.filter(line => line.startsWith('Build web: ')) }
}

const asksForBase = (answer: FaultRule['answer'], times: number): FaultRule => ({
  path: /^\/v2\/acme\/base\/manifests\//,
  times,
  answer,
})
const onBase = (...lines: readonly string[]) => [`FROM ${ecr.host}/acme/base:1`, ...lines, ''].join('\n')

describe('what a registry spoils for a moment is tried again', () => {
  it.each([
    ['503', asksForBase(503, 3), 'server error'],
    ['a cut connection', asksForBase('cut', 9), 'unreachable'],
  ])('a base image: %s', async (_, fault, cause) => {
    using _fault = ecr.fault(fault)
    const { failure, again } = await build(onBase('COPY hello.txt /again'))
    expect(failure).toBe(undefined)
    expect(again[0]).toMatch(new RegExp(`^Build web: ${cause}; again in \\d\\.\\d s$`))
  })

  it('a base image whose registry says nothing', async () => {
    using _ = ecr.fault(asksForBase('hang', 1))
    const { failure, again } = await build(onBase('COPY hello.txt /silent'), { silence: 2_000 })
    expect(failure).toBe(undefined)
    expect(again).toEqual([expect.stringMatching(/^Build web: silent; again in \d\.\d s$/)])
  })

  it('a push, with the steps that are done kept: each is told as done, none twice', async () => {
    using _ = ecr.fault({ method: 'PUT', path: /\/manifests\//, times: 6, answer: 429 })
    const { failure, again, vertices } = await build(
      'FROM debian:bookworm-slim\nCOPY hello.txt /\nRUN cat /hello.txt\n',
      {
        push: 'acme/web:retried',
      },
    )
    expect(failure).toBe(undefined)
    expect(again).toEqual([expect.stringMatching(/^Build web: rate limit; again in \d\.\d s$/)])
    const steps = vertices.filter(({ name }) => /^\[[23]\/3\]/.test(name))
    expect(steps.map(({ name, cached }) => [name, cached]).sort()).toEqual([
      ['[2/3] COPY hello.txt /', false],
      ['[3/3] RUN cat /hello.txt', false],
    ])
    expect(await ecr.tags('acme/web')).toContain('retried')
  })
})

describe('what will not change is not', () => {
  it('a registry that is down for long is outside: broken, with the line and what to do', async () => {
    using _ = ecr.fault(asksForBase('hang', 10))
    const message = `can't pull ${ecr.host}/acme/base:1: the registry said nothing for 1 s\nSee that the registry is reachable, then run again, or take the image from a mirror.`
    const { failure, again } = await build(onBase(), { silence: 1_000 })
    expect(failure).toEqual({ status: 'broken', fault: { kind: 'outside', message } })
    expect(again).toHaveLength(1)
  })

  it('a login that is missing', async () => {
    const { failure, findings, again } = await build(onBase(), { login: false })
    const message = `can't pull ${ecr.host}/acme/base:1: the registry answered 401 Unauthorized\nThere are no credentials for this registry: log in before the build, with docker login or a login step.`
    expect(failure).toEqual({ status: 'broken', fault: { kind: 'outside', message: `Dockerfile:1: ${message}` } })
    expect(findings).toMatchObject([{ rule: 'build-failed', message, location: { file: 'Dockerfile', line: 1 } }])
    expect(again).toEqual([])
  })

  it('an image that is not there: the Dockerfile is to blame', async () => {
    const { failure, again } = await build(`FROM ${ecr.host}/acme/base:2\n`)
    expect(failure).toEqual({
      status: 'failed',
      reason: `Dockerfile:1: can't pull ${ecr.host}/acme/base:2: not found\nThere is no such image: look at its name and tag.`,
    })
    expect(again).toEqual([])
  })

  it('a step of the user, which runs once, whatever it says', async () => {
    const { failure, findings, again, said } = await build(
      'FROM debian:bookworm-slim\nRUN <<EOF\necho run once\necho "failed to do request: 503 Service Unavailable [http 503]"\nexit 7\nEOF\n',
      { file: 'web.Dockerfile' },
    )
    const log = ['run once', 'failed to do request: 503 Service Unavailable [http 503]']
    const message = '[2/2] RUN <<EOF (echo run once...): exit code 7'
    expect(failure).toEqual({ status: 'failed', reason: [`web.Dockerfile:2: ${message}`, ...log].join('\n') })
    expect(findings).toMatchObject([{ message, detail: log.join('\n'), location: { file: 'web.Dockerfile', line: 2 } }])
    expect(again).toEqual([])
    expect(said.filter(line => line === 'run once')).toHaveLength(1)
  })
})

describe('a build that passes', () => {
  it('tells what BuildKit warns of', async () => {
    const { failure, findings } = await build('FROM scratch as base\nCOPY hello.txt /\nCMD /hello\n')
    expect(failure).toBe(undefined)
    expect(findings.map(({ rule, blocking, location }) => [rule, blocking, location?.line])).toEqual([
      ['FromAsCasing', false, 1],
      ['JSONArgsRecommended', false, 3],
    ])
  })

  it('says what a frontend was that could not be had', async () => {
    const { failure } = await build(`# syntax=${ecr.host}/acme/base:none\nFROM scratch\n`)
    expect(failure).toEqual({
      status: 'failed',
      reason: `Dockerfile:1: can't pull ${ecr.host}/acme/base:none: not found\nThere is no such image: look at its name and tag.`,
    })
  })
})

describe('what a build stands on', () => {
  it('is told, and with pce.lock it is what was locked also when the tag has moved', async () => {
    const put = async () => {
      await build('FROM scratch\nCOPY hello.txt /\n', { push: 'acme/base:moving' })
      await build('FROM docker/dockerfile:1\nCOPY hello.txt /\n', { push: 'acme/frontend:moving' })
    }
    const from = (name: string) => `${ecr.host}/acme/${name}:moving`
    const text = `# syntax=${from('frontend')}
FROM ${from('base')}
COPY --from=debian:bookworm-slim /etc/hostname /name
`
    await put()
    const before = await build(text)
    await put()
    const [locked, moved] = [await build(text, { lock: renderLock(before.bases) }), await build(text)]
    const debian = before.bases.filter(({ image }) => image === 'docker.io/library/debian:bookworm-slim')
    expect(before.bases.map(({ image }) => image).sort()).toEqual([
      from('base'),
      from('frontend'),
      'docker.io/library/debian:bookworm-slim',
    ])
    expect([locked.failure, locked.findings]).toEqual([undefined, []])
    expect(sorted(locked.bases)).toEqual(sorted(before.bases))
    // What did not move is the same without a lock as well.
    const same = sorted(moved.bases).filter(base => sorted(before.bases).includes(base))
    expect(same).toEqual(sorted(debian))
  })

  it('is a stage of the Dockerfile where that has the name of a locked image', async () => {
    const { bases } = await build('FROM debian:bookworm-slim\n')
    const text = `FROM ${ecr.host}/acme/base:1 AS debian
COPY hello.txt /mine
FROM debian
COPY --from=debian /mine /again
`
    const latest = bases.map(({ digest }) => ({ image: 'docker.io/library/debian:latest', digest }))
    const { failure, vertices } = await build(text, { lock: renderLock(latest) })
    expect(failure).toBe(undefined)
    expect(vertices.map(({ name }) => name).filter(name => name.includes('docker.io'))).toEqual([])
  })

  it('is what the configuration names in the place of a locked image', async () => {
    const { bases } = await build('FROM debian:bookworm-slim\n')
    const named = `${ecr.host}/acme/base:1`
    const other = await build('FROM debian:bookworm-slim\nCOPY hello.txt /\n', {
      lock: renderLock(bases),
      more: ['--build-context', `debian:bookworm-slim=docker-image://${named}`],
    })
    expect(other.failure).toBe(undefined)
    const used = other.vertices.filter(({ name }) => name.startsWith('[context '))
    expect(used.map(({ name }) => name)).toContain(`[context debian:bookworm-slim] ${named}`)
    expect(other.vertices.filter(({ name }) => name.includes('docker.io'))).toEqual([])
    const { digest } = await ecr.manifest('acme/base', '1')
    expect(other.bases).toEqual([{ image: named, digest }])
    expect(other.findings).toMatchObject([
      { rule: 'not-locked', message: expect.stringContaining(`${named} is not in`) },
    ])
  })

  it('and is not in pce.lock: a notice', async () => {
    const { findings } = await build(onBase(), { lock: renderLock([]) })
    expect(findings).toMatchObject([{ rule: 'not-locked', message: expect.stringContaining('acme/base:1 is not in') }])
  })
})

const sorted = (bases: readonly Base[]) => bases.map(({ image, digest }) => `${image}@${digest}`).sort()

describe('a docker that fails without a word', () => {
  it.each([
    ['exit 7', 'ended with exit code 7'],
    ['kill -9 $$', 'was ended by SIGKILL'],
  ])('%s', async (script, how) => {
    const bin = await mkdtemp(join(folder, 'bin-'))
    await writeFile(join(bin, 'docker'), `#!/bin/sh\n${script}\n`)
    await chmod(join(bin, 'docker'), 0o755)
    const { failure } = await build('FROM scratch\n', { path: bin })
    const message = `docker buildx build ${how} and wrote nothing\nRun the build by hand, docker buildx build, and see that the docker on PATH is Docker's own.`
    expect(failure).toEqual({ status: 'broken', fault: { kind: 'outside', message } })
  })
})
