import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { execa } from 'execa'
import { type CacheConfig, cacheConfigSchema } from '../../src/cache/config.ts'
import { readCacheFacts } from '../../src/cache/facts.ts'
import { onMain, openActionsCache } from '../support/actions-cache/actions-cache.ts'

const usual = cacheConfigSchema.parse({})
const facts = (rights: Record<string, string | undefined>, config: CacheConfig = usual, context = '/repo/web') =>
  readCacheFacts(config, { context, rights, reaches: true })

const event = async (folder: string, value: object): Promise<string> => {
  await writeFile(join(folder, 'event.json'), JSON.stringify(value))
  return join(folder, 'event.json')
}

it('a job for a pull request on a runner of GitHub', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pce-facts-'))
  await using cache = await openActionsCache()
  const value = { repository: { default_branch: 'main' }, pull_request: { number: 7 } }
  const found = await facts({
    GITHUB_ACTIONS: 'true',
    RUNNER_ENVIRONMENT: 'github-hosted',
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_REF_NAME: '7/merge',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_BASE_REF: 'release',
    GITHUB_EVENT_PATH: await event(folder.path, value),
    ...cache.env(),
  })
  expect(found).toMatchObject({
    host: 'github-hosted',
    actions: { writes: true },
    tag: false,
    branches: { own: 'pr-7', base: 'release', usual: 'main' },
  })
})

it('a job for a pull request that runs with the rights of the base branch', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pce-facts-'))
  const value = { repository: { default_branch: 'main' }, pull_request: { number: 7 } }
  const { branches } = await facts({
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'pull_request_target',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_BASE_REF: 'main',
    GITHUB_EVENT_PATH: await event(folder.path, value),
  })
  expect(branches).toEqual({ own: 'pr-7', base: 'main', usual: 'main' })
})

it('a job for a tag on a self-hosted runner, in CodeBuild, with a token that may only read', async () => {
  await using cache = await openActionsCache()
  const found = await facts({
    GITHUB_ACTIONS: 'true',
    RUNNER_ENVIRONMENT: 'self-hosted',
    GITHUB_REF: 'refs/tags/v1',
    GITHUB_REF_NAME: 'v1',
    GITHUB_REF_TYPE: 'tag',
    CODEBUILD_BUILD_ID: 'b:1',
    ...cache.env([{ Scope: 'refs/tags/v1', Permission: 1 }]),
  })
  expect(found).toMatchObject({
    host: 'self-hosted',
    inAws: true,
    actions: { writes: false },
    tag: true,
    branches: { own: 'v1', base: undefined, usual: undefined },
  })
})

it('a laptop: branches are those of Git, folders those of the user', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pce-facts-'))
  const context = folder.path
  const git = (...argv: readonly string[]) => execa('git', ['-C', context, ...argv])
  await git('init', '--quiet', '--initial-branch=feature/a')
  await git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk')
  const found = await facts({ PATH: process.env.PATH, XDG_CACHE_HOME: '/xdg' }, usual, context)
  expect(found).toMatchObject({
    host: 'laptop',
    actions: { none: expect.stringContaining('GitHub gives them to actions, not to run steps') },
    branches: { own: 'feature/a', base: undefined, usual: 'trunk' },
    folder: expect.stringMatching(/^\/xdg\/pce\/layers\/[0-9a-f]{8}$/),
  })
})

it.each<[string, string | undefined, RegExp]>([
  ['no path', undefined, new RegExp(`^${homedir()}/\\.cache/pce/layers/[0-9a-f]{8}$`)],
  ['a path', '/cache', /^\/cache$/],
  ['a path in the repository', '.cache', /^\/repo\/web\/\.cache$/],
])('the folder of local caches: %s', async (_, path, expected) => {
  expect((await facts({}, cacheConfigSchema.parse({ path }))).folder).toMatch(expected)
})

it('two checkouts share no folder', async () => {
  const [a, b] = await Promise.all(['/a/web', '/b/web'].map(context => facts({}, usual, context)))
  expect(a?.folder).not.toBe(b?.folder)
})

it.each<[string, object]>([
  ['write', { writes: true }],
  ['read', { writes: false }],
  ['none', { none: 'ACTIONS_CACHE_MODE of this job is none' }],
])('ACTIONS_CACHE_MODE takes rights away: %s', async (mode, expected) => {
  await using cache = await openActionsCache()
  expect((await facts({ ...cache.env(), ACTIONS_CACHE_MODE: mode })).actions).toEqual(expected)
})

it('a token that is none, or has ended, is no right', async () => {
  await using cache = await openActionsCache()
  const env = cache.env()
  const reasonFor = async (token: string) => (await facts({ ...env, ACTIONS_RUNTIME_TOKEN: token })).actions
  expect(await reasonFor('nonsense')).toEqual({ none: 'the token of this job says nothing about a cache' })
  expect(await reasonFor(cache.issue(onMain, { exp: 1 }))).toEqual({ none: 'the token of this job has expired' })
})
