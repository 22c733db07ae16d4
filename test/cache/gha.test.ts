import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { stepsOf } from '../../src/record/steps.ts'
import { type ActionsCache, onPullRequest, openActionsCache } from '../support/actions-cache/actions-cache.ts'
import type { Failure } from '../support/actions-cache/exchange.ts'
import type { FaultRule } from '../support/aws/faults.ts'
import { type Bench, onGitHub, openBench } from './support/bench.ts'

let bench: Bench
let cache: ActionsCache
beforeAll(async () => {
  bench = await openBench()
}, 120_000)
afterAll(() => bench[Symbol.asyncDispose](), 60_000)
beforeEach(async () => {
  cache = await openActionsCache()
})
afterEach(() => cache[Symbol.asyncDispose]())

const main = () => ({ ...onGitHub, ...cache.env() })
/** Names of the steps that were done, not taken from a cache. */
const doneIn = ({ vertices = [] }: Awaited<ReturnType<Bench['build']>>): readonly string[] =>
  stepsOf(vertices).flatMap(({ name, cached }) => (cached ? [] : [name]))

it('a fresh builder with nothing but the cache of GitHub does no step', async () => {
  const first = await bench.build(main())
  expect(doneIn(first)).toHaveLength(5)
  expect(first.cache).toMatchObject({ type: 'gha', missed: ['web-default-linux-amd64'], entries: 0, notices: [] })
  expect(first.cache?.miss).toBe('[deps 2/3] COPY package.json /: there is no cache yet for web-default-linux-amd64')
  const written = await bench.write(main())
  expect(written).toMatchObject({ value: { exported: true }, cache: { entries: 8, notices: [] } })
  expect(written.cache?.sent).toBeGreaterThan(2_000_000)
  await bench.forget()
  const second = await bench.build(main())
  expect(doneIn(second)).toEqual([])
  expect(second.cache).toMatchObject({ found: ['web-default-linux-amd64'], missed: [], notices: [] })
  expect(second.cache?.received).toBeGreaterThan(2_000_000)
  expect(second.cache?.miss).toBeUndefined()
}, 180_000)

it('nor do targets of one Dockerfile that are built at the same time, each with a cache of its own', async () => {
  const file = join(bench.directory, 'Dockerfile')
  const before = await readFile(file, 'utf8')
  const targets = ['a', 'b', 'c', 'd']
  const stages = targets.map(name => `FROM deps AS ${name}\nRUN wc -c /deps > /${name}\n`)
  await writeFile(file, [...before.split('FROM deps AS compile', 1), ...stages].join(''))
  const all = () => Promise.all(targets.map(target => bench.build(main(), {}, target)))
  await all()
  for (const target of targets) await bench.write(main(), {}, 'gate', target)
  await bench.forget()
  const again = await all()
  await writeFile(file, before)
  expect(again.map(doneIn)).toEqual([[], [], [], []])
}, 180_000)

type Fault = FaultRule<Failure>
const always = (action: string, answer: Fault['answer'], after = 0): Fault => ({ action, answer, after, times: 999 })
const lookUp = 'GetCacheEntryDownloadURL'
const create = 'CreateCacheEntry'

describe('whatever goes wrong while a cache is read, the build is green and says why', () => {
  const unread = 'nothing, or not all, was read from the gha cache: '
  interface Case {
    readonly title: string
    readonly fault: Fault
    readonly notices: readonly (string | RegExp)[]
    /** true where the steps come from the cache all the same */
    readonly cached?: boolean
  }
  const cases: readonly Case[] = [
    {
      title: 'the service is busy for a moment',
      fault: { action: lookUp, answer: 'throttled', times: 2 },
      notices: [],
      cached: true,
    },
    {
      title: 'the service is busy for long',
      fault: always(lookUp, 'throttled'),
      notices: [`${unread}it takes no more requests for now (429)`],
    },
    {
      title: 'the service fails',
      fault: always(lookUp, 'internal'),
      notices: [`${unread}it answered 500: the service can not answer now`],
    },
    {
      title: 'the service cuts off',
      fault: always(lookUp, 'cut'),
      notices: [/it can't be reached: other side closed$/],
    },
    { title: 'the service stalls', fault: always(lookUp, 'hang'), notices: [`${unread}it did not answer within 10 s`] },
    { title: 'the index ends early', fault: always('GetBlob', 'half'), notices: [/its storage broke off: aborted$/] },
    {
      title: 'the index is too short',
      fault: always('GetBlob', 'short'),
      notices: [/^nothing was read from gha: unexpected end/],
    },
    {
      title: 'every signed URL has ended',
      fault: always('GetBlob', 'expired'),
      notices: [`${unread}its storage answered 403`],
    },
    {
      title: 'one signed URL has ended',
      fault: { action: 'GetBlob', answer: 'expired', after: 1 },
      notices: [`${unread}its storage answered 403`],
      cached: true,
    },
    {
      title: 'a layer fails',
      fault: always('GetBlob', 'unavailable', 1),
      notices: [
        `${unread}its storage answered 503`,
        'built without the cache, which broke the first try: its storage answered 503',
      ],
    },
  ]
  it.each(cases)(
    '$title',
    async ({ fault, notices, cached = false }) => {
      await bench.build(main())
      await bench.write(main())
      await bench.forget()
      using _ = cache.fault(fault)
      const result = await bench.build(main())
      expect(result.value?.digest).toMatch(/^sha256:/)
      expect(doneIn(result)).toHaveLength(cached ? 0 : 5)
      expect(result.cache?.notices).toEqual(
        notices.map(notice => (typeof notice === 'string' ? notice : expect.stringMatching(notice))),
      )
      for (const notice of result.cache?.notices ?? []) expect(result.said).toContain(`Cache: ${notice}`)
    },
    120_000,
  )
})

it('a layer that comes in part is asked for again, or built', async () => {
  await bench.build(main())
  await bench.write(main())
  await bench.forget()
  using _ = cache.fault({ action: 'GetBlob', answer: 'short', after: 1, times: 2 })
  expect((await bench.build(main())).value?.digest).toMatch(/^sha256:/)
}, 120_000)

describe('whatever goes wrong while a cache is written, it is a notice with the cause, within the deadline', () => {
  interface Case {
    readonly title: string
    readonly fault?: Fault
    readonly env?: () => Readonly<Record<string, string>>
    readonly reason: string | RegExp
    readonly status?: 'skipped'
    readonly timeout?: string
  }
  const written = (why: string): string => `cache not written: ${why}`
  const cases: readonly Case[] = [
    {
      title: 'the service is busy',
      fault: always(create, 'throttled'),
      timeout: '4 s',
      reason: written('not done within 4 s; it takes no more requests for now (429)'),
    },
    {
      title: 'the service fails',
      fault: always(create, 'unavailable'),
      reason: written('it answered 503: the service can not answer now'),
    },
    { title: 'the service cuts off', fault: always(create, 'cut'), reason: /it can't be reached: other side closed$/ },
    {
      title: 'the service stalls',
      fault: always(create, 'hang'),
      timeout: '4 s',
      reason: written('not done within 4 s'),
    },
    { title: 'the cache is full', fault: always(create, 'full'), reason: written('the storage of the cache is full') },
    {
      title: 'the service says read-only',
      fault: always(create, 'read-only'),
      reason: written('this job may only read it'),
    },
    {
      title: 'the storage stalls',
      fault: always('PutBlob', 'hang'),
      timeout: '4 s',
      reason: written('not done within 4 s'),
    },
    {
      title: 'a signed URL has ended',
      fault: always('PutBlob', 'expired'),
      reason: written('its storage answered 403'),
    },
    {
      title: 'the service does not take the size',
      fault: always('FinalizeCacheEntryUpload', 'internal'),
      reason: /500/,
    },
    {
      title: 'the token may only read',
      env: () => cache.env([{ Scope: 'refs/heads/main', Permission: 1 }]),
      status: 'skipped',
      reason: /only read, since this job may only read it$/,
    },
    {
      title: 'the token has ended',
      env: () => ({
        ...cache.env(),
        ACTIONS_RUNTIME_TOKEN: cache.issue([{ Scope: 'refs/heads/main', Permission: 3 }], { exp: 1 }),
      }),
      status: 'skipped',
      reason: 'no cache: the token of this job has expired',
    },
  ]
  it.each(cases)(
    '$title',
    async ({ fault, env = () => cache.env(), reason, status, timeout = '60 s' }) => {
      await bench.build(main())
      using _ = fault === undefined ? undefined : cache.fault(fault)
      const result = await bench.write({ ...onGitHub, ...env() }, { timeout })
      expect([result.status, result.value]).toEqual([status, status === undefined ? { exported: false } : undefined])
      expect(result.reason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason))
      expect(result.cache?.notices).toEqual(status === undefined ? [result.reason] : undefined)
    },
    60_000,
  )

  it('a stall leaves the builder free for the next build', async () => {
    await bench.build(main())
    {
      using _ = cache.fault(always(create, 'hang'))
      await bench.write(main(), { timeout: '2 s' })
    }
    expect((await bench.build(main())).value).toBeDefined()
  }, 90_000)
})

describe('a pull request', () => {
  const pull = () => ({
    ...onGitHub,
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_REF_NAME: '7/merge',
    ...cache.env(onPullRequest(7)),
  })

  it('reads the cache of its base', async () => {
    await bench.build(main())
    await bench.write(main())
    await bench.forget()
    expect(doneIn(await bench.build(pull()))).toEqual([])
  }, 90_000)

  it('writes what it alone reads', async () => {
    await bench.build(pull())
    expect((await bench.write(pull())).value).toEqual({ exported: true })
    expect(new Set(cache.entries.map(({ scope }) => scope))).toEqual(new Set(['refs/pull/7/merge']))
    await bench.forget()
    expect(doneIn(await bench.build(main()))).toHaveLength(5)
    await bench.forget()
    expect(doneIn(await bench.build(pull()))).toEqual([])
  }, 120_000)
})
