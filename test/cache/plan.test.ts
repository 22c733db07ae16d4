import { describe, expect, it } from '@jest/globals'
import { type CacheConfig, cacheConfigSchema } from '../../src/cache/config.ts'
import type { CacheFacts } from '../../src/cache/facts.ts'
import { placeOf } from '../../src/cache/given.ts'
import { planCache } from '../../src/cache/plan.ts'
import type { CacheWish } from '../../src/cache/wish.ts'

const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const laptop: CacheFacts = {
  host: 'laptop',
  inAws: false,
  reaches: true,
  actions: { none: 'there is no token here' },
  tag: false,
  branches: { own: 'main', base: undefined, usual: 'main' },
  folder: '/cache',
  native: 'linux-amd64',
}
const hosted: CacheFacts = { ...laptop, host: 'github-hosted', actions: { writes: true } }
const pull = { own: 'pr-7', base: 'release', usual: 'main' }
const selfHosted: CacheFacts = { ...laptop, host: 'self-hosted', actions: { writes: true } }

type Wish = Partial<Omit<CacheWish, 'cache'>> & { readonly cache?: Partial<Record<keyof CacheConfig, unknown>> }
const plan = ({ cache = {}, ...wish }: Wish, facts: CacheFacts) =>
  planCache(
    {
      name: 'web',
      target: 'prod',
      platform: 'linux/arm64',
      repositories: [],
      shared: [],
      ...wish,
      cache: cacheConfigSchema.parse(cache),
    },
    facts,
  )

describe('auto takes what suits the machine', () => {
  interface Case {
    readonly title: string
    readonly facts: CacheFacts
    readonly wish?: Wish
    readonly type: string
    readonly why: string
  }
  const cases: readonly Case[] = [
    {
      title: 'a laptop',
      facts: laptop,
      type: 'local',
      why: "local cache: this machine keeps the user's cache folder",
    },
    {
      title: 'a runner of GitHub',
      facts: hosted,
      type: 'gha',
      why: 'gha cache: this runner is hosted by GitHub, near to its cache',
    },
    {
      title: 'a runner of GitHub, beside an ECR target: what it reads from there would be paid for',
      facts: hosted,
      wish: { repositories: [`${ecr}/acme/web`] },
      type: 'gha',
      why: 'gha cache: this runner is hosted by GitHub, near to its cache',
    },
    {
      title: 'a runner of GitHub, in a step that gets no token',
      facts: { ...hosted, actions: { none: 'there is no token here' } },
      type: 'none',
      why: 'no cache: there is no token here',
    },
    {
      title: 'a runner of GitHub, with a token that may only read',
      facts: { ...hosted, actions: { writes: false } },
      type: 'gha',
      why: 'gha cache: this runner is hosted by GitHub, near to its cache; only read, since this job may only read it',
    },
    {
      title: 'a runner in AWS beside an ECR target',
      facts: { ...selfHosted, inAws: true },
      wish: { repositories: ['ghcr.io/acme/web', `${ecr}/acme/web`] },
      type: 'registry',
      why: 'registry cache: this runner is in AWS, beside an ECR registry',
    },
    {
      title: 'a runner in AWS without one',
      facts: { ...selfHosted, inAws: true },
      wish: { repositories: ['ghcr.io/acme/web'] },
      type: 'none',
      why: 'no cache: nothing is known of this runner that outlives a job; name a place with cache: { type: … }',
    },
    {
      title: 'any runner, with a path',
      facts: hosted,
      wish: { cache: { path: '/cache' } },
      type: 'local',
      why: 'local cache: a path is named',
    },
    {
      title: 'turned off',
      facts: hosted,
      wish: { cache: { type: 'none' } },
      type: 'none',
      why: 'no cache: turned off',
    },
    {
      title: 'a tag, which nothing but itself would read',
      facts: { ...hosted, tag: true },
      type: 'gha',
      why: 'gha cache: this runner is hosted by GitHub, near to its cache; only read, since no other run reads the cache of a tag',
    },
    {
      title: 'local on GitHub without a path',
      facts: hosted,
      wish: { cache: { type: 'local' } },
      type: 'none',
      why: 'no cache: a local cache needs a path here that outlives the job: cache: { path: … }',
    },
  ]
  it.each(cases)('$title', ({ facts, wish = {}, type, why }) => {
    const { type: chosen, why: told } = plan(wish, facts)
    expect([chosen, told]).toEqual([type, why])
  })
})

describe('names by image, target and platform', () => {
  const values = (wish: Wish, facts: CacheFacts) => {
    const { from, to, folders, folder, inline } = plan(wish, facts)
    return { from, to, folders, folder, inline }
  }
  const none = { from: [], to: [], folders: [], folder: undefined, inline: false }

  it('gha: GitHub keeps the branches apart', () => {
    expect(values({}, { ...hosted, branches: pull })).toEqual({
      ...none,
      from: ['type=gha,scope=web-prod-linux-arm64'],
      to: ['type=gha,scope=web-prod-linux-arm64,mode=max'],
    })
  })

  it('gha: a scope in front, min, no target, native', () => {
    const wish: Wish = { cache: { scope: 'nightly', mode: 'min' }, target: undefined }
    expect(values({ ...wish, platform: 'native' }, hosted)).toEqual({
      ...none,
      from: ['type=gha,scope=nightly-web-default-linux-amd64'],
      to: ['type=gha,scope=nightly-web-default-linux-amd64,mode=min'],
    })
  })

  it('registry: own branch, then base, then default; written to the own alone', () => {
    const facts = { ...selfHosted, inAws: true, branches: pull }
    const ref = `type=registry,ref=${ecr}/acme/web:buildcache-web-prod-linux-arm64`
    expect(values({ repositories: [`${ecr}/acme/web`] }, facts)).toEqual({
      ...none,
      from: [`${ref}-pr-7`, `${ref}-release`, `${ref}-main`],
      to: [`${ref}-pr-7,image-manifest=true,oci-mediatypes=true,mode=max`],
    })
  })

  it('registry: a repository of its own, one with a tag, a branch that is no tag', () => {
    const facts = { ...laptop, branches: { own: `feature/${'x'.repeat(120)}`, base: undefined, usual: undefined } }
    const [own] = values({ cache: { type: 'registry', ref: 'ghcr.io/acme/cache:web' } }, facts).from
    expect(own).toMatch(/^type=registry,ref=ghcr\.io\/acme\/cache:web-web-prod-linux-arm64-feature-x{60,}-[0-9a-f]{8}$/)
    expect(own?.split(':')[1]?.length).toBeLessThanOrEqual(128)
    const [plainOwn] = values({ cache: { type: 'registry', ref: '127.0.0.1:5000/cache' } }, laptop).from
    expect(plainOwn).toBe('type=registry,ref=127.0.0.1:5000/cache:buildcache-web-prod-linux-arm64-main')
  })

  it('registry: nowhere to keep it', () => {
    expect(() => plan({ cache: { type: 'registry' } }, laptop)).toThrow(
      'cache.ref: a registry cache needs a repository, or registries to push to',
    )
  })

  it('s3', () => {
    const cache = {
      type: 's3',
      bucket: 'layers',
      region: 'eu-west-1',
      prefix: 'web/',
      endpoint: 'http://127.0.0.1:9000',
    }
    const where =
      'type=s3,bucket=layers,region=eu-west-1,prefix=web/,endpoint_url=http://127.0.0.1:9000,use_path_style=true'
    expect(values({ cache }, { ...selfHosted, branches: pull })).toEqual({
      ...none,
      from: ['pr-7', 'release', 'main'].map(branch => `${where},name=web-prod-linux-arm64-${branch}`),
      to: [`${where},name=web-prod-linux-arm64-pr-7,mode=max`],
    })
  })

  it('azblob', () => {
    const cache = { type: 'azblob', account: 'https://acme.blob.core.windows.net', container: 'layers', mode: 'min' }
    const where = 'type=azblob,account_url=https://acme.blob.core.windows.net,container=layers'
    expect(values({ cache }, selfHosted)).toEqual({
      ...none,
      from: [`${where},name=web-prod-linux-arm64-main`],
      to: [`${where},name=web-prod-linux-arm64-main,mode=min`],
    })
  })

  it('local: one folder on a laptop, whatever the branch', () => {
    const facts = { ...laptop, branches: { own: 'feature', base: undefined, usual: 'main' } }
    expect(values({}, facts)).toEqual({
      ...none,
      folders: ['/cache/web-prod-linux-arm64'],
      folder: '/cache/web-prod-linux-arm64',
    })
  })

  it.each<[string, CacheFacts['branches'], string[]]>([
    ['the default branch', { own: 'main', base: undefined, usual: 'main' }, ['']],
    ['a branch', { own: 'feature/a', base: undefined, usual: 'main' }, ['@feature-a', '']],
    ['a pull request', pull, ['@pr-7', '@release', '']],
    ['nobody says', { own: undefined, base: undefined, usual: undefined }, ['']],
  ])('local, on GitHub: %s', (_, branches, names) => {
    const { folders, folder } = values({ cache: { path: '/cache' } }, { ...hosted, branches })
    expect(folders).toEqual(names.map(name => `/cache/web-prod-linux-arm64${name}`))
    expect(folder).toBe(`/cache/web-prod-linux-arm64${names[0]}`)
  })

  it('inline: in the image, read from its tags', () => {
    expect(
      values({ cache: { type: 'inline' }, repositories: ['ghcr.io/acme/web'] }, { ...hosted, branches: pull }),
    ).toEqual({
      ...none,
      from: ['pr-7', 'release', 'main'].map(tag => `type=registry,ref=ghcr.io/acme/web:${tag}`),
      inline: true,
    })
  })

  it('cache-from and cache-to as they are given, and no others', () => {
    const cache = {
      'cache-from': ['type=registry,ref=acme/web:cache', 'acme/web:latest'],
      'cache-to': ['type=inline', 'type=local,dest=out,"compression=zstd"'],
    }
    expect(values({ cache }, hosted)).toEqual({
      ...none,
      from: cache['cache-from'],
      to: ['type=local,dest=out,"compression=zstd"'],
      inline: true,
    })
  })
})

describe('what a bake file names', () => {
  const named = { from: ['type=gha'], to: ['type=gha,mode=max'] }
  const elsewhere = { from: ['type=registry,ref=acme/web:cache'], to: ['type=inline'] }
  const none = 'cache-from and cache-to of the bake files; no gha: there is no token here'
  interface Case {
    readonly title: string
    readonly wish: Wish
    readonly facts?: CacheFacts
    readonly plan: readonly [type: string, from: readonly string[], to: readonly string[], why: string]
  }
  const auto = ['type=gha,scope=web-prod-linux-arm64'] as const
  const cases: readonly Case[] = [
    {
      title: 'wins over auto, as it stands there',
      wish: { named },
      plan: ['given', named.from, named.to, 'cache-from and cache-to of the bake files'],
    },
    {
      title: 'wins in both directions: what is only read is not written',
      wish: { named: { from: named.from, to: [] } },
      plan: ['given', named.from, [], 'cache-from and cache-to of the bake files'],
    },
    {
      title: 'has a name of its own where several builds write to it, and reads what was there',
      wish: { named, shared: ['gha buildkit'] },
      plan: [
        'given',
        ['type=gha,scope=web-prod-linux-arm64', 'type=gha'],
        ['type=gha,mode=max,scope=web-prod-linux-arm64'],
        'cache-from and cache-to of the bake files; several builds write to gha buildkit, so each has a name of its own there',
      ],
    },
    {
      title: 'is not written where the token may only read',
      wish: { named },
      facts: { ...hosted, actions: { writes: false } },
      plan: [
        'given',
        named.from,
        [],
        'cache-from and cache-to of the bake files; gha is only read, since this job may only read it',
      ],
    },
    {
      title: 'counts for nothing where it is not to be had: auto has its say',
      wish: { named },
      facts: laptop,
      plan: ['local', [], [], `${none}; local cache: this machine keeps the user's cache folder`],
    },
    {
      title: 'is not gha where the builder is elsewhere',
      wish: { named: { from: [...named.from, ...elsewhere.from], to: named.to } },
      facts: { ...hosted, reaches: false },
      plan: [
        'given',
        elsewhere.from,
        [],
        'cache-from and cache-to of the bake files; no gha: the builder is elsewhere, and keeps its own layers',
      ],
    },
    {
      title: 'gives way to a type in the configuration',
      wish: { named: elsewhere, cache: { type: 'gha' } },
      plan: ['gha', auto, [`${auto[0]},mode=max`], 'gha cache: as configured; not what the bake files name'],
    },
    {
      title: 'gives way to none',
      wish: { named, cache: { type: 'none' } },
      plan: ['none', [], [], 'no cache: turned off; not what the bake files name'],
    },
    {
      title: "gives way to the configuration's own words",
      wish: { named, cache: { 'cache-from': ['acme/web:a'] } },
      plan: ['given', ['acme/web:a'], [], 'cache-from and cache-to as they are given'],
    },
    {
      title: 'is all that a target has which is no image',
      wish: { named, linked: true, cache: { type: 'gha' } },
      plan: ['none', [], [], ''],
    },
  ]
  it.each(cases)('$title', ({ wish, facts = hosted, plan: expected }) => {
    const { type, from, to, why } = plan(wish, facts)
    expect([type, from, to, why]).toEqual(expected)
  })
})

it.each([
  ['type=gha,mode=max', 'gha buildkit', 'type=gha,mode=max,scope=web-prod-linux-arm64'],
  ['type=gha,scope=a', 'gha a', 'type=gha,scope=a-web-prod-linux-arm64'],
  ['type=registry,ref=acme/web:c', 'registry acme/web:c', 'type=registry,ref=acme/web:c-web-prod-linux-arm64'],
  ['acme/web', 'registry acme/web', 'type=registry,ref=acme/web:buildcache-web-prod-linux-arm64'],
  ['type=s3,region=r,bucket=b', 's3 b buildkit', 'type=s3,region=r,bucket=b,name=web-prod-linux-arm64'],
  [
    'type=azblob,account_url=u,container=c,name=n',
    'azblob u c n',
    'type=azblob,account_url=u,container=c,name=n-web-prod-linux-arm64',
  ],
  ['type=local,"dest=a,b",mode=max', 'local a,b', 'type=local,"dest=a,b/web-prod-linux-arm64",mode=max'],
  ['type=inline', undefined, undefined],
])('%s is in %s, and beside it where several builds write there', (item, place, beside) => {
  expect(placeOf(item)).toBe(place)
  const cache = { 'cache-to': [item] }
  expect(plan({ cache, shared: [place ?? ''] }, hosted).to).toEqual(beside === undefined ? [] : [beside])
})

describe('the section is refused', () => {
  it.each<[string, unknown, string]>([
    ['a bucket without a region', { type: 's3', bucket: 'b' }, 'region: a value: a cache of type s3 needs one'],
    [
      'azblob without a container',
      { type: 'azblob', account: 'a' },
      'container: a value: a cache of type azblob needs one',
    ],
    [
      'a token, which would be on a command line',
      { 'cache-from': 'type=gha,token=abc' },
      'cache-from: a cache without token: other programs can read it there; sign in by the environment or a login',
    ],
    [
      'a cache without a type',
      { 'cache-to': 'mode=max' },
      "cache-to: a cache in BuildKit's words, such as type=registry,ref=ghcr.io/acme/web:cache, or a reference",
    ],
    ['a value that would be two attributes', { ref: 'a,mode=max' }, 'ref: a value without commas, quotes and spaces'],
  ])('%s', (_, cache, message) => {
    const { error } = cacheConfigSchema.safeParse(cache)
    expect(error?.issues.map(issue => `${String(issue.path[0])}: ${messageOf(issue)}`)).toEqual([message])
  })
})

/** Of a list that may be given as one item the alternatives are told apart; the first is the one item. */
function messageOf(issue: { readonly message: string; readonly errors?: unknown }): string {
  const [alternative] = (issue.errors as { message: string }[][] | undefined) ?? []
  return alternative?.[0]?.message ?? issue.message
}
