import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { type Checkout, openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { type Ended, pce } from './support/pce.ts'
import { loginFor, told } from './support/refusal.ts'
import { text } from './support/text.ts'

const dockerfile = `FROM debian:bookworm-slim AS common
RUN head -c 24 /dev/urandom | base64 > /shared
FROM common
ARG OS VERSION WHO=1000
RUN echo "$OS $VERSION" > /which
USER $WHO
`

const textsIn = async (reference: string, env: { DOCKER_CONFIG: string }): Promise<readonly string[]> => {
  await execa('docker', ['pull', '--quiet', reference], { env })
  const { stdout } = await execa('docker', ['run', '--rm', '--network', 'none', reference, 'cat', '/which', '/shared'])
  await execa('docker', ['image', 'rm', '--force', reference])
  return stdout.split('\n')
}

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web', 'acme/red'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const push = ['run', '--push', '--registries']

describe('four combinations of one Dockerfile that share a stage', () => {
  const names = ['web-alpine-1-10', 'web-alpine-1-9', 'web-debian-1-10', 'web-debian-1-9']
  let checkout: Checkout
  let ended: Ended

  beforeAll(async () => {
    checkout = await openCheckout('small', {
      config: {
        matrix: { os: ['debian', 'alpine'], version: ['1.9', '1.10'] },
        build: { 'build-args': { OS: `\${{ matrix.os }}`, VERSION: `\${{ matrix.version }}` } },
        tags: ['main'],
      },
      files: { Dockerfile: dockerfile },
    })
    ended = await pce(checkout, [...push, ecr.host], loginFor(ecr))
  }, 180_000)
  afterAll(async () => {
    await checkout[Symbol.asyncDispose]()
  }, 60_000)

  const digestOf = (name: string): string | undefined => ended.record?.images.find(one => one.name === name)?.digest

  it('run what they share once, and each its own', () => {
    expect(ended.exitCode).toBe(0)
    const steps = ended.record?.tasks.flatMap(({ vertices = [] }) => vertices.filter(({ name }) => /\] RUN/.test(name)))
    // A step that builds share has one digest; each of them tells it, with its own time.
    const executed = new Map(steps?.filter(({ cached }) => !cached).map(({ digest, name }) => [digest, name]))
    expect([...executed.values()].map(name => name.replace(/^.*RUN /, '')).toSorted()).toEqual([
      'echo "alpine 1.10" > /which',
      'echo "alpine 1.9" > /which',
      'echo "debian 1.10" > /which',
      'echo "debian 1.9" > /which',
      'head -c 24 /dev/urandom | base64 > /shared',
    ])
  })

  it('are images with a digest, a verdict and tags of their own', async () => {
    const digests = names.map(digestOf)
    expect(new Set(digests).size).toBe(4)
    const verdicts = ended.record?.verdicts.map(({ task, subject, status }) => ({ task, subject, status }))
    expect(verdicts?.toSorted((a, b) => a.task.localeCompare(b.task))).toEqual(
      names.map(name => ({ task: `contract:${name}`, subject: digestOf(name), status: 'passed' })),
    )
    const tags = ['main-alpine-1.10', 'main-alpine-1.9', 'main-debian-1.10', 'main-debian-1.9']
    expect((await ecr.tags('acme/web')).toSorted()).toEqual(tags)
    const pushed = ended.record?.tasks.flatMap(task => task.pushed ?? [])
    expect(Object.fromEntries(pushed?.map(({ reference, digest }) => [reference, digest]) ?? [])).toEqual(
      Object.fromEntries(tags.map((tag, index) => [`${ecr.host}/acme/web:${tag}`, digests[index]])),
    )
  })

  it('hold their own values beside what they share, which was made once', async () => {
    const auth = Buffer.from(`AWS:${ecr.token}`).toString('base64')
    await checkout.write({ '../login/config.json': JSON.stringify({ auths: { [ecr.host]: { auth } } }) })
    const env = { DOCKER_CONFIG: join(checkout.directory, '../login') }
    const texts = new Map<string, string>()
    for (const tag of ['alpine-1.10', 'alpine-1.9', 'debian-1.10', 'debian-1.9']) {
      const [which = '', shared = ''] = await textsIn(`${ecr.host}/acme/web:main-${tag}`, env)
      texts.set(which, shared)
    }
    const shared = expect.stringMatching(/^[\w+/]{32}$/)
    expect(Object.fromEntries(texts)).toEqual({
      'alpine 1.10': shared,
      'alpine 1.9': shared,
      'debian 1.10': shared,
      'debian 1.9': shared,
    })
    expect(new Set(texts.values()).size).toBe(1)
  }, 60_000)

  it('leave nothing behind', async () => {
    expect(await leftovers(ended)).toEqual([])
  })
})
it('a combination that must not ship keeps all of them back', async () => {
  await using checkout = await openCheckout('small', {
    config: {
      image: 'acme/red',
      matrix: { who: ['1000', 'root'] },
      build: { 'build-args': { WHO: `\${{ matrix.who }}` } },
      tags: ['main'],
    },
    files: { Dockerfile: dockerfile },
  })
  const ended = await pce(checkout, [...push, ecr.host], loginFor(ecr))
  expect(told(ended, checkout)).toBe(text`
    exit code 1
    Verdicts
      cache:red-1000     cancelled: not worth doing: contract:red-root failed
      cache:red-root     cancelled: not worth doing: contract:red-root failed
      contract:red-1000  passed about red-1000 linux/amd64 sha256:DIGEST
      contract:red-root  failed about red-root linux/amd64 sha256:DIGEST: the image runs as root; add USER to its Dockerfile, or set contract.user: any
      gate               failed: contract:red-root failed: the image runs as root; add USER to its Dockerfile, or set contract.user: any
      login              cancelled: not worth doing: contract:red-root failed
      push:red-1000      cancelled: needs login, which ended cancelled
      push:red-root      cancelled: needs login, which ended cancelled

    Failed tests
      contract red-root › names a user other than root
        the image runs as root; add USER to its Dockerfile, or set contract.user: any

    Failed in T:
      red-1000 linux/amd64 sha256:DIGEST
      red-root linux/amd64 sha256:DIGEST
    Record: RUNS/ID/run.json
  `)
  expect(await ecr.tags('acme/red')).toEqual([])
  expect(await leftovers(ended)).toEqual([])
}, 120_000)

describe('pce plan', () => {
  it('shows the combinations, before anything is built', async () => {
    await using checkout = await openCheckout('small', {
      config: { matrix: { os: ['debian', 'alpine'], version: [1, 2], exclude: [{ os: 'alpine', version: 1 }] } },
    })
    const { exitCode, stdout } = await pce(checkout, ['plan'])
    expect(exitCode).toBe(0)
    expect(stdout.split('\n').filter(line => /[├└]─ (build|contract):.*\d( {2}\(blocking\))?$/.test(line))).toEqual([
      '│  ├─ build:web-debian-1',
      '│  ├─ build:web-debian-2',
      '│  ├─ build:web-alpine-2',
      '│  ├─ contract:web-debian-1  (blocking)',
      '│  ├─ contract:web-debian-2  (blocking)',
      '│  └─ contract:web-alpine-2  (blocking)',
    ])
  }, 60_000)

  it('tells tags that come out the same', async () => {
    await using checkout = await openCheckout('small', {
      config: { matrix: { os: ['a', 'b'] }, tags: [`type=match,pattern=v(\\d),group=1,value=v1-\${{ matrix.os }}`] },
    })
    const { exitCode, stdout, stderr } = await pce(checkout, ['plan'])
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'tags: web-a and web-b would both be acme/web:1\nGive each a repository or tags of its own.\n',
    })
  }, 60_000)
})
