import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { resolveContexts } from '../../src/build/context.ts'
import { basesOf, lockedContexts, parseLock, renderLock, unlockedIn } from '../../src/build/lock.ts'
import type { Digest } from '../../src/record/image.ts'

const digestOf = (digit: string): Digest => `sha256:${digit.repeat(64)}`
const [a, b] = [digestOf('a'), digestOf('b')]

it.each([
  [`[base 1/2] FROM docker.io/library/debian:bookworm-slim@${a}`, 'docker.io/library/debian:bookworm-slim'],
  [`[linux/arm64 base 1/2] FROM ghcr.io/acme/base:1@${a}`, 'ghcr.io/acme/base:1'],
  [`FROM docker.io/library/redis:7@${a}`, 'docker.io/library/redis:7'],
  [`docker-image://docker.io/docker/dockerfile:1@${a}`, 'docker.io/docker/dockerfile:1'],
  [`[context debian:12] load metadata for docker.io/library/debian:12@${a}`, 'docker.io/library/debian:12'],
  [`[1/2] FROM 127.0.0.1:5000/acme/base@${a}`, undefined],
  ['[internal] load metadata for docker.io/library/debian:12', undefined],
  [`[2/2] RUN echo FROM docker.io/library/debian:12@${a}`, undefined],
])('what a build stands on: %s', (name, image) => {
  const vertex = { name, digest: 'sha256:1', cached: false }
  expect(basesOf([vertex, vertex])).toEqual(image === undefined ? [] : [{ image, digest: a }])
})

const bases = [
  { image: 'ghcr.io/acme/base:latest', digest: b },
  { image: 'docker.io/library/debian:bookworm-slim', digest: a },
]
const text = `# Written by pce lock: what the images of this repository are built on. Remove it to build on the newest ones.
images:
  docker.io/library/debian:bookworm-slim: ${a}
  ghcr.io/acme/base:latest: ${b}
`

describe('pce.lock', () => {
  it('has each base once, in one order, and is read as it was written', () => {
    expect(renderLock([...bases, ...bases])).toBe(text)
    expect(parseLock(text)).toEqual({
      images: { 'docker.io/library/debian:bookworm-slim': a, 'ghcr.io/acme/base:latest': b },
    })
  })

  it('puts the pinned image in the place of what a Dockerfile names', () => {
    const images = { 'docker.io/acme/web:1': a, 'docker.io/library/node:latest': b, 'ghcr.io/acme/base:2': a }
    expect(lockedContexts({ images })).toEqual({
      'acme/web:1': `docker-image://docker.io/acme/web:1@${a}`,
      node: `docker-image://docker.io/library/node:latest@${b}`,
      'ghcr.io/acme/base:2': `docker-image://ghcr.io/acme/base:2@${a}`,
    })
  })

  it('a base that it does not have is a notice', () => {
    expect(unlockedIn([...bases, { image: 'docker.io/library/redis:7', digest: a }], parseLock(text))).toEqual([
      {
        tool: 'pce',
        rule: 'not-locked',
        severity: 'low',
        message: 'docker.io/library/redis:7 is not in pce.lock: pce lock run.json writes it anew',
        location: { file: 'pce.lock' },
        blocking: false,
      },
    ])
  })

  it.each(['', 'images: 5', 'images: { debian: sha256:1 }', `images: { debian: "${a}" }`, '{', 'image: {}'])(
    'anything else is refused: %s',
    broken => {
      expect(() => parseLock(broken)).toThrow(
        'pce.lock is not as pce lock writes it, expected images: { docker.io/library/debian:bookworm-slim: sha256:… }\nWrite it anew: pce lock run.json',
      )
    },
  )
})

describe('a build with a lock', () => {
  let context: string
  beforeEach(async () => {
    context = await mkdtemp(join(tmpdir(), 'pce-lock-'))
  })
  afterEach(() => rm(context, { recursive: true, force: true }))

  it('takes it, and the configuration has the last word', async () => {
    await writeFile(join(context, 'pce.lock'), text)
    const config = { context: '.', 'build-contexts': { docs: 'docs', 'debian:bookworm-slim': 'docker-image://mine:1' } }
    expect(await resolveContexts(config, { context, env: {} })).toEqual({
      context: '.',
      'build-contexts': {
        docs: 'docs',
        'debian:bookworm-slim': 'docker-image://mine:1',
        'ghcr.io/acme/base': `docker-image://ghcr.io/acme/base:latest@${b}`,
      },
    })
  })

  it('is as it was without one', async () => {
    expect(await resolveContexts({ context: '.' }, { context, env: {} })).toEqual({ context: '.' })
  })
})
