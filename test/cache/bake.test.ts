import { mkdtempDisposable, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Image } from '../../src/record/image.ts'
import { stepsOf } from '../../src/record/steps.ts'
import { type ActionsCache, openActionsCache } from '../support/actions-cache/actions-cache.ts'
import type { Failure } from '../support/actions-cache/exchange.ts'
import type { FaultRule } from '../support/aws/faults.ts'
import { openEcr } from '../support/ecr/ecr.ts'
import { type Bake, type Bench, onGitHub, openBench } from './support/bench.ts'
import { openDockerConfig } from './support/docker-config.ts'

const dockerfile = `
FROM debian:bookworm-slim AS common
COPY package.json /
RUN head -c 2000000 /dev/urandom > /common
FROM common AS web
RUN wc -c /common > /web
FROM common AS job
RUN wc -c /common > /job
`
const lib = 'FROM debian:bookworm-slim\nRUN head -c 1000000 /dev/urandom > /part\n'
const cron = 'FROM lib\nRUN wc -c /part > /cron\n'

const usual = { context: '.', dockerfile: 'Dockerfile' }
/** Three images: two share a stage, the third is built on a target that is none. */
const bakeWith = (caches: Readonly<Record<string, object>> = {}): Bake => ({
  images: ['web', 'job', 'cron'],
  targets: {
    web: { ...usual, target: 'web', ...caches.web },
    job: { ...usual, target: 'job', ...caches.job },
    cron: { ...usual, 'dockerfile-inline': cron, contexts: { lib: 'target:lib' }, ...caches.cron },
    lib: { ...usual, 'dockerfile-inline': lib, ...caches.lib },
  },
})
const plain = bakeWith()
/** What most people write: by `set: *.cache-from=type=gha`, as newer versions of buildx print it. */
const gha = { 'cache-from': [{ type: 'gha' }], 'cache-to': [{ mode: 'max', type: 'gha' }] }
const everywhere = bakeWith({ web: gha, job: gha, cron: gha })

let bench: Bench
let cache: ActionsCache
beforeAll(async () => {
  bench = await openBench()
  await writeFile(join(bench.directory, 'Dockerfile'), dockerfile)
}, 120_000)
afterAll(() => bench[Symbol.asyncDispose](), 60_000)
beforeEach(async () => {
  cache = await openActionsCache()
  await bench.forget()
}, 60_000)
afterEach(() => cache[Symbol.asyncDispose]())

const main = () => ({ ...onGitHub, ...cache.env() })
type Baked = Awaited<ReturnType<Bench['bake']>>
const doneIn = ({ vertices = [] }: Baked): readonly string[] =>
  stepsOf(vertices).flatMap(({ name, cached }) => (cached ? [] : [name.replace(/^\[\S+ /, '[')]))
const made = ({ value = {} }: Baked): readonly Image[] => Object.values(value)
const indexes = (): readonly string[] =>
  cache.entries.flatMap(({ key }) => /^index-(.+)-1-[0-9a-f]{8}/.exec(key)?.[1] ?? []).sort()

const writeAll = async (bake: Bake, config: object = {}) => {
  const written = []
  for (const image of bake.images) written.push(await bench.writeBaked(main(), { ...bake, image }, config))
  return written
}

describe('on a runner of GitHub a fresh builder with nothing but the cache does no step of a bake', () => {
  const names = ['cron', 'job', 'web'].map(name => `${name}-${name}-linux-amd64`)

  it.each([
    {
      title: 'cache: auto',
      bake: plain,
      why: ['gha cache: this runner is hosted by GitHub, near to its cache'],
      written: names,
      missed: names,
    },
    {
      title: 'type=gha in the file, for all the same',
      bake: everywhere,
      why: [
        'cache-from and cache-to of the bake files; several builds write to gha buildkit, so each has a name of its own there',
      ],
      written: names,
      missed: ['buildkit', ...names],
    },
    {
      title: 'a scope for each, also for what is no image',
      bake: bakeWith(
        Object.fromEntries(
          ['web', 'job', 'cron', 'lib'].map(name => [
            name,
            { 'cache-from': [`type=gha,scope=my-${name}`], 'cache-to': [`type=gha,scope=my-${name},mode=max`] },
          ]),
        ),
      ),
      why: ['cache-from and cache-to of the bake files'],
      written: ['my-cron', 'my-job', 'my-lib', 'my-web'],
      missed: ['my-cron', 'my-job', 'my-lib', 'my-web'],
    },
  ])(
    '$title',
    async ({ bake, why, written, missed }) => {
      const first = await bench.bake(main(), bake)
      expect(made(first)).toHaveLength(3)
      expect(doneIn(first)).toHaveLength(6)
      expect(first.cache).toMatchObject({ type: 'gha', why: why.join('\n'), found: [], notices: [] })
      expect(first.cache?.missed.toSorted()).toEqual(missed)
      expect(first.cache?.miss).toContain('there is no cache yet for ')
      const ends = await writeAll(bake)
      expect(ends.map(({ value, reason }) => [value, reason])).toEqual(
        bake.images.map(() => [{ exported: true }, undefined]),
      )
      expect(new Set(indexes())).toEqual(new Set(written))
      await bench.forget()
      const second = await bench.bake(main(), bake)
      expect(doneIn(second)).toEqual([])
      expect(second.cache?.found.toSorted()).toEqual(written)
      expect([second.cache?.miss, second.cache?.notices]).toEqual([undefined, []])
      expect(second.cache?.received).toBeGreaterThan(2_000_000)
      expect(made(second).map(({ config }) => config)).toEqual(made(first).map(({ config }) => config))
    },
    180_000,
  )
})

it('an image that another one is built on is staged by its own solve', async () => {
  const svc = 'FROM web\nRUN wc -c /web > /svc\n'
  const bake: Bake = {
    images: ['web', 'svc'],
    targets: {
      web: { ...usual, target: 'web' },
      svc: { ...usual, 'dockerfile-inline': svc, contexts: { web: 'target:web' } },
    },
  }
  const first = await bench.bake(main(), bake)
  expect(made(first).map(({ target }) => target)).toEqual(['web', 'svc'])
  expect((await writeAll(bake)).map(({ reason }) => reason)).toEqual([undefined, undefined])
  await bench.forget()
  const second = await bench.bake(main(), bake)
  expect(doneIn(second)).toEqual([])
  expect(made(second).map(({ config }) => config)).toEqual(made(first).map(({ config }) => config))
}, 180_000)

describe('whatever is wrong with the cache, it is a notice, and the bake goes on', () => {
  type Fault = FaultRule<Failure>
  const always = (action: string, answer: Fault['answer']): Fault => ({ action, answer, times: 999 })
  const unread = 'nothing, or not all, was read from the gha cache: '

  it.each([
    {
      title: 'the service stalls',
      fault: always('GetCacheEntryDownloadURL', 'hang'),
      notices: [`${unread}it did not answer within 10 s`],
    },
    {
      title: 'a layer fails',
      fault: { ...always('GetBlob', 'unavailable'), about: /blob/ },
      notices: [
        `${unread}its storage answered 503`,
        'built without the cache, which broke the first try: its storage answered 503',
      ],
    },
  ])(
    'while it is read: $title',
    async ({ fault, notices }) => {
      await bench.bake(main(), plain)
      await writeAll(plain)
      await bench.forget()
      using _ = cache.fault(fault)
      const result = await bench.bake(main(), plain)
      expect(made(result)).toHaveLength(3)
      expect(doneIn(result)).toHaveLength(6)
      expect(result.cache?.notices.filter(notice => !notice.endsWith('a moment ago'))).toEqual(notices)
    },
    180_000,
  )

  it.each([
    {
      title: 'the service is busy',
      fault: always('CreateCacheEntry', 'throttled'),
      env: () => cache.env(),
      ends: [undefined, 'cache not written: not done within 4 s; it takes no more requests for now (429)'],
    },
    {
      title: 'the token may only read',
      env: () => cache.env([{ Scope: 'refs/heads/main', Permission: 1 }]),
      ends: ['skipped', 'cache-from and cache-to of the bake files; gha is only read, since this job may only read it'],
    },
  ])(
    'while it is written: $title',
    async ({ fault, env, ends }) => {
      await bench.bake({ ...onGitHub, ...env() }, everywhere)
      using _ = fault === undefined ? undefined : cache.fault(fault)
      const { status, reason } = await bench.writeBaked(
        { ...onGitHub, ...env() },
        { ...everywhere, image: 'web' },
        { timeout: '4 s' },
      )
      expect([status, reason]).toEqual(ends)
    },
    120_000,
  )

  it('no step is done a second time so that it can be kept', async () => {
    const file = join(bench.directory, 'package.json')
    await bench.bake(main(), plain)
    await writeFile(file, '{ "of": "a later step" }')
    const { value, reason } = await bench.writeBaked(main(), { ...plain, image: 'web' })
    await writeFile(file, '{}')
    expect([value, reason]).toEqual([
      { exported: false },
      expect.stringMatching(
        /^cache not written: \[common 3\/3\] RUN head .* would be done again: files of the context/,
      ),
    ])
  }, 120_000)
})

it('a fresh builder with nothing but a cache in ECR does no step of a bake', async () => {
  await using ecr = await openEcr({ repositories: ['acme/cache'] })
  await using login = await openDockerConfig(ecr)
  const env = { ...onGitHub, DOCKER_CONFIG: login.folder }
  const config = { type: 'registry', ref: `${ecr.host}/acme/cache` }
  expect(doneIn(await bench.bake(env, plain, config))).toHaveLength(6)
  for (const image of plain.images)
    expect((await bench.writeBaked(env, { ...plain, image }, config)).value).toEqual({ exported: true })
  await bench.forget()
  const second = await bench.bake(env, plain, config)
  expect(doneIn(second)).toEqual([])
  expect(second.cache).toMatchObject({ type: 'registry', why: 'registry cache: as configured', notices: [] })
}, 180_000)

it('a folder on a laptop is written as a whole, outside of the checkout', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pce-layers-'))
  const config = { path: folder.path }
  await bench.bake({}, everywhere, config)
  for (const image of everywhere.images)
    expect((await bench.writeBaked({}, { ...everywhere, image }, config)).value).toEqual({ exported: true })
  expect((await readdir(folder.path)).toSorted()).toEqual(['cron-cron-native', 'job-job-native', 'web-web-native'])
  await bench.forget()
  const second = await bench.bake({}, everywhere, config)
  expect(doneIn(second)).toEqual([])
  expect(second.cache?.why).toBe('local cache: a path is named; not what the bake files name')
}, 180_000)
