import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { basesOf, unlockedIn } from '../../src/build/bases.ts'
import { noticesOf } from '../../src/build/buildkit.ts'
import { lockedImages, withDigestOf } from '../../src/build/images.ts'
import { parseLock, renderLock } from '../../src/build/lock.ts'
import { materialsIn } from '../../src/build/materials.ts'
import { lockedEnv } from '../../src/build/source-policy.ts'
import type { Digest } from '../../src/record/image.ts'
import type { Scope } from '../../src/task/scope.ts'

const digestOf = (digit: string): Digest => `sha256:${digit.repeat(64)}`
const [a, b] = [digestOf('a'), digestOf('b')]

it.each([
  [`[base 1/2] FROM docker.io/library/debian:bookworm-slim@${a}`, 'docker.io/library/debian:bookworm-slim'],
  [`[linux/arm64 base 1/2] FROM ghcr.io/acme/base:1@${a}`, 'ghcr.io/acme/base:1'],
  [`FROM docker.io/library/redis:7@${a}`, 'docker.io/library/redis:7'],
  [`docker-image://docker.io/docker/dockerfile:1@${a}`, 'docker.io/docker/dockerfile:1'],
  [`[web] docker-image://docker.io/docker/dockerfile:1@${a}`, 'docker.io/docker/dockerfile:1'],
  [`[linux/amd64] generating sbom using docker.io/docker/scanner:1@${a}`, 'docker.io/docker/scanner:1'],
  [`[context debian:12] load metadata for docker.io/library/debian:12@${a}`, 'docker.io/library/debian:12'],
  [`[1/2] FROM 127.0.0.1:5000/acme/base@${a}`, undefined],
  ['[internal] load metadata for docker.io/library/debian:12', undefined],
  [`[2/2] RUN echo FROM docker.io/library/debian:12@${a}`, undefined],
])('what a build stands on: %s', (name, image) => {
  const vertex = { name, digest: 'sha256:1', cached: false }
  expect(basesOf([vertex, vertex])).toEqual(image === undefined ? [] : [{ image, digest: a }])
})

it('what provenance says a build stood on', () => {
  const materials = [
    ['pkg:docker/debian@12?platform=linux%2Famd64', 'docker.io/library/debian:12'],
    ['pkg:docker/acme/web@1?digest=sha256:0', 'docker.io/acme/web:1'],
    ['pkg:docker/127.0.0.1%3A5000/base@1', '127.0.0.1:5000/base:1'],
    ['pkg:docker/ghcr.io/acme/base@v1.2', 'ghcr.io/acme/base:v1.2'],
    [`pkg:docker/ghcr.io/acme/base@sha256%3A${'a'.repeat(64)}`, undefined],
    ['https://example.com/a.tar', undefined],
  ] as const
  const provenance = (uris: readonly string[]) => ({
    'buildx.build.provenance': { materials: uris.map(uri => ({ uri, digest: { sha256: 'a'.repeat(64) } })) },
  })
  const uris = materials.map(([uri]) => uri)
  const found = materials.flatMap(([, image]) => (image === undefined ? [] : [{ image, digest: a }]))
  expect(materialsIn(provenance(uris))).toEqual(found)
  // A bake writes that of each target.
  expect(materialsIn({ web: provenance(uris.slice(0, 3)), job: provenance(uris.slice(3)) })).toEqual(found)
  expect(materialsIn({ 'containerimage.digest': a })).toEqual([])
  // What a step tells is not told twice.
  const vertex = { name: `FROM docker.io/library/debian:12@${b}`, digest: 'sha256:1', cached: false }
  expect(basesOf([vertex], found.slice(0, 2))).toEqual([{ image: 'docker.io/library/debian:12', digest: b }, found[1]])
})

const bases = [
  { image: 'ghcr.io/acme/base:latest', digest: b },
  { image: 'docker.io/library/debian:bookworm-slim', digest: a },
]
const text = `# Written by pce lock: what the images of this repository are built on. Remove it to build on the newest ones.
version: 2
images:
  docker.io/library/debian:bookworm-slim: ${a}
  ghcr.io/acme/base:latest: ${b}
`
const images = { 'docker.io/library/debian:bookworm-slim': a, 'ghcr.io/acme/base:latest': b }

describe('pce.lock', () => {
  it('has each base once, in one order, and is read as it was written', () => {
    expect(renderLock([...bases, ...bases])).toBe(text)
    expect(parseLock(text)).toEqual({ version: 2, images })
  })

  it('has the BuildKit as well', () => {
    const buildkit = { version: '0.33', image: `moby/buildkit@${b}` }
    const locked = `${text}buildkit:\n  version: "0.33"\n  image: moby/buildkit@${b}\n`
    expect(renderLock(bases, buildkit)).toBe(locked)
    expect(parseLock(locked)).toEqual({ version: 2, images, buildkit })
  })

  it('is read as it was before it had a version', () => {
    expect(parseLock(text.replace('version: 2\n', ''))).toEqual({ images })
  })

  it('of a newer version says what to do', () => {
    expect(() => parseLock('version: 3\nbases: []\n')).toThrow(
      'pce.lock: found version 3, expected at most 2\nA newer pce wrote it: update this one, or write the file anew: pce lock run.json',
    )
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

  it.each([
    '',
    'images: 5',
    'images: { debian: sha256:1 }',
    `images: { debian: "${a}" }`,
    '{',
    'image: {}',
    'version: 1\nimages: {}',
    'images: {}\nbuildkit: { version: 0.33.1, image: moby/buildkit:latest }',
  ])('anything else is refused: %s', broken => {
    expect(() => parseLock(broken)).toThrow(
      'pce.lock is not as pce lock writes it, expected images: { docker.io/library/debian:bookworm-slim: sha256:… }\nWrite it anew: pce lock run.json',
    )
  })
})

describe('the BuildKit of a lock', () => {
  it.each([
    [
      'by the tag that was locked, wherever it is tried',
      ['moby/buildkit:1', 'm.io/b:1'],
      `moby/buildkit:1@${a}`,
      'both',
    ],
    ['as Docker Hub’s names may be written', ['docker.io/moby/buildkit:latest'], `moby/buildkit@${a}`, 'both'],
    ['by another tag is another wish', ['moby/buildkit:2'], `moby/buildkit:1@${a}`, 'none'],
    ['that has a digest keeps it', [`moby/buildkit:1@${b}`], `moby/buildkit:1@${a}`, 'none'],
    ['without a lock', ['moby/buildkit:1'], undefined, 'none'],
  ] as const)('an image that was given: %s', (_, images, locked, which) => {
    const pinned = images.map(image => (which === 'both' ? `${image}@${a}` : image))
    expect(lockedImages(images, locked)).toEqual(pinned)
  })

  it('comes from the usual repositories as well', () => {
    expect(withDigestOf(`moby/buildkit:1@${a}`, 'mirror.gcr.io/moby/buildkit:buildx-stable-1')).toBe(
      `mirror.gcr.io/moby/buildkit@${a}`,
    )
    expect(withDigestOf(`moby/buildkit@${a}`, `127.0.0.1:5000/moby/buildkit@${b}`)).toBe(
      `127.0.0.1:5000/moby/buildkit@${a}`,
    )
  })

  const program = { name: 'buildkit', version: '0.33.1', path: 'farm' }
  const made = { ...program, image: `moby/buildkit:1@${a}` }
  const own = 'BuildKit of the builder farm is 0.33.1'
  it.each([
    ['the same version', program, { version: '0.33.1' }, undefined],
    [
      'the same version of an image that nobody here chose',
      program,
      { version: '0.33.1', image: made.image },
      undefined,
    ],
    ['the same image, from elsewhere', made, { version: '0.33.1', image: `mirror.gcr.io/b@${a}` }, undefined],
    [
      'another version',
      program,
      { version: '0.32.0' },
      `${own}, and pce.lock has 0.32.0: pce lock run.json writes it anew`,
    ],
    [
      'the same version of another image',
      made,
      { version: '0.33.1', image: `moby/buildkit@${b}` },
      `${own} (${made.image}), and pce.lock has 0.33.1 (moby/buildkit@${b}): pce lock run.json writes it anew`,
    ],
  ])('is compared: %s', (_, found, locked, message) => {
    const notices = noticesOf({ program: found, asked: undefined }, { locked, isReproducible: true })
    expect(notices.map(({ rule, message: said }) => [rule, said])).toEqual(
      message === undefined ? [] : [['not-locked', message]],
    )
  })

  it.each([
    ['moby/buildkit:1', true, 1],
    [undefined, true, 1],
    [`moby/buildkit@${a}`, true, 0],
    ['moby/buildkit:1', false, 0],
  ])('without a lock, made of %s, reproducible %s: %i notices', (asked, isReproducible, count) => {
    expect(noticesOf({ program: made, asked }, { locked: undefined, isReproducible })).toHaveLength(count)
  })
})

describe('a build with a lock', () => {
  const variable = 'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY'
  let context: string
  beforeEach(async () => {
    context = await mkdtemp(join(tmpdir(), 'pce-lock-'))
  })
  afterEach(() => rm(context, { recursive: true, force: true }))
  const scopeOf = (env: Scope['env'] = {}) => ({ context, env, run: { id: 'a', directory: context } }) as Scope
  const pin = (image: string, digest: Digest) => ({
    action: 'CONVERT',
    selector: { identifier: `docker-image://${image}` },
    updates: { identifier: `docker-image://${image}@${digest}` },
  })
  const pins = [pin('docker.io/library/debian:bookworm-slim', a), pin('ghcr.io/acme/base:latest', b)]
  const policyIn = async (env: Readonly<Record<string, string>>) =>
    JSON.parse(await readFile(env[variable] ?? '', 'utf8'))

  it('gives BuildKit a rule for each image', async () => {
    await writeFile(join(context, 'pce.lock'), text)
    expect(await policyIn(await lockedEnv(scopeOf()))).toEqual({ rules: pins })
  })

  it('keeps a policy of the user’s own before it', async () => {
    await writeFile(join(context, 'pce.lock'), text)
    const own = { action: 'DENY', selector: { identifier: 'https://*' } }
    await writeFile(join(context, 'own.json'), JSON.stringify({ version: 1, rules: [own] }))
    expect(await policyIn(await lockedEnv(scopeOf({ [variable]: 'own.json' })))).toEqual({
      version: 1,
      rules: [own, ...pins],
    })
  })

  it('can’t add to a policy that is not there', async () => {
    await writeFile(join(context, 'pce.lock'), text)
    await expect(lockedEnv(scopeOf({ [variable]: 'own.json' }))).rejects.toThrow(
      'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: found own.json, expected a file of JSON with rules, to which those of pce.lock are added',
    )
  })

  it('is as it was without one', async () => {
    expect(await lockedEnv(scopeOf({ [variable]: 'own.json' }))).toEqual({})
  })
})
