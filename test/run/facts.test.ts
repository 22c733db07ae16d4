import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { UserError } from '../../src/errors.ts'
import { readFacts, repositoryOf } from '../../src/run/facts.ts'

let folder: string
let origin: string
let commit: string
let first: string
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'facts-')))
  origin = join(folder, 'origin')
  await mkdir(origin)
  await git(origin, 'init', '--quiet', '--initial-branch=main')
  await git(origin, 'config', 'user.name', 'A')
  await git(origin, 'config', 'user.email', 'a@example.com')
  for (const tag of ['v1.0.0', 'v2.0.0', 'v1.0.1']) {
    await git(origin, 'commit', '--quiet', '--allow-empty', `--message=${tag}`)
    await git(origin, 'tag', tag)
  }
  await git(origin, 'tag', 'release')
  first = await git(origin, 'rev-parse', 'v1.0.0')
  commit = await git(origin, 'rev-parse', 'HEAD')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const bare = () => ({ PATH: process.env.PATH ?? '', HOME: folder })
const git = async (cwd: string, ...argv: string[]): Promise<string> =>
  (await execa('git', argv, { cwd, stdin: 'ignore', env: { ...bare(), GIT_COMMITTER_DATE: '2026-03-01T12:00:00Z' } }))
    .stdout

/** A clone, as people and actions/checkout make one, with a remote that is a page on GitHub. */
async function clone(name: string, ...argv: string[]): Promise<string> {
  const path = join(folder, name)
  await git(folder, 'clone', '--quiet', ...argv, `file://${origin}`, path)
  await git(path, 'remote', 'set-url', 'origin', 'git@github.com:acme/web.git')
  return path
}

/** The environment of a job, with the payload of its event. */
async function job(event: string, more: Record<string, string> = {}, payload: unknown = {}) {
  const path = join(folder, `${event}.json`)
  await writeFile(path, typeof payload === 'string' ? payload : JSON.stringify(payload))
  return {
    ...bare(),
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: path,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/web',
    GITHUB_SHA: commit,
    ...more,
  }
}

const web = { url: 'https://github.com/acme/web', name: 'web' }
const { now: _, ...usual } = {
  event: '',
  base: '',
  defaultBranch: 'main',
  repository: web,
  tags: ['release', 'v1.0.0', 'v1.0.1', 'v2.0.0'],
  tagsComplete: true,
  shortSha: 7,
  levels: ['manifest'],
  now: '',
}
const revisionOf = (ref: string) => ({ commit, ref, dirty: false, committed: '2026-03-01T12:00:00.000Z' })

/** Facts without the time. */
const factsIn = async (path: string, env: Record<string, string> = bare()) => {
  const { now, ...facts } = await readFacts(path, env)
  expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(60_000)
  return facts
}

describe('a laptop and a job know the same of one checkout', () => {
  it('of a branch', async () => {
    const path = await clone('branch')
    const laptop = await factsIn(path)
    expect(laptop).toEqual({ ...usual, revision: revisionOf('refs/heads/main'), sha: commit })
    const push = { ref: 'refs/heads/main', repository: { default_branch: 'main' } }
    const action = await factsIn(path, await job('push', { GITHUB_REF: 'refs/heads/main' }, push))
    expect(action).toEqual({ ...laptop, event: 'push' })
  })

  it('of a tag: a detached checkout is the highest version there', async () => {
    const path = await clone('tag')
    await git(path, 'checkout', '--quiet', 'v1.0.1')
    const laptop = await factsIn(path)
    expect(laptop).toEqual({ ...usual, revision: revisionOf('refs/tags/v1.0.1'), sha: commit })
    expect(await factsIn(path, await job('push', { GITHUB_REF: 'refs/tags/v1.0.1' }))).toEqual({
      ...laptop,
      event: 'push',
    })
    await writeFile(join(path, 'new.txt'), '')
    expect((await factsIn(path)).revision).toMatchObject({ ref: '', dirty: true })
  })

  it('of a pull request, where it was fetched as actions/checkout does it', async () => {
    const path = await clone('pull')
    await git(path, 'update-ref', 'refs/remotes/pull/7/merge', commit)
    await git(path, 'checkout', '--quiet', 'refs/remotes/pull/7/merge')
    const laptop = await factsIn(path)
    expect(laptop.revision).toEqual(revisionOf('refs/pull/7/merge'))
    const payload = { number: 7, pull_request: { base: { ref: 'main' }, head: { sha: first } } }
    const env = await job('pull_request', { GITHUB_REF: 'refs/pull/7/merge', GITHUB_BASE_REF: 'main' }, payload)
    expect(await factsIn(path, env)).toEqual({ ...laptop, event: 'pull_request', base: 'main' })
    expect(await factsIn(path, { ...env, DOCKER_METADATA_PR_HEAD_SHA: 'true' })).toMatchObject({ sha: first })
  })
})

describe('the event', () => {
  const at = async (...told: Parameters<typeof job>) =>
    factsIn(await clone(`event-${told[0]}-${Math.random()}`), await job(...told))

  it('of a pull request that runs on its base branch does not give it the tags of that branch', async () => {
    const payload = { number: 7, pull_request: { base: { ref: 'main' } }, repository: { default_branch: 'trunk' } }
    const facts = await at('pull_request_target', { GITHUB_REF: 'refs/heads/main' }, payload)
    expect([facts.revision.ref, facts.base, facts.defaultBranch]).toEqual(['refs/pull/7/merge', 'main', 'trunk'])
  })

  it('of a tag may say the branch that it was pushed from', async () => {
    const facts = await at('push', { GITHUB_REF: 'refs/tags/v1.0.1' }, { base_ref: 'refs/heads/main' })
    expect(facts.base).toBe('main')
  })

  it.each(['', 'rubbish', '[]', '{ "number": "7", "repository": 5, "pull_request": null, "base_ref": null }'])(
    'says nothing where its payload is %j',
    async payload => {
      const facts = await at('pull_request', { GITHUB_REF: 'refs/pull/7/merge' }, payload)
      expect(facts).toEqual({ ...usual, event: 'pull_request', revision: revisionOf('refs/pull/7/merge'), sha: commit })
    },
  )

  it('tells the default branch where it runs on that alone, and nobody else knows', async () => {
    const path = await clone('schedule')
    await git(path, 'remote', 'set-head', 'origin', '--delete')
    const on = async (event: string) =>
      (await factsIn(path, await job(event, { GITHUB_REF: 'refs/heads/trunk' }))).defaultBranch
    expect([await on('schedule'), await on('issues'), await on('push')]).toEqual(['trunk', 'trunk', undefined])
  })
})

describe('tags of Git', () => {
  it('a shallow checkout of a tag does not know the others', async () => {
    const tag = await factsIn(await clone('shallow-tag', '--depth=1', '--branch=v1.0.1', '--no-tags'))
    expect([tag.tags, tag.tagsComplete]).toEqual([['v1.0.1'], false])
    const branch = await factsIn(await clone('shallow-branch', '--depth=1', '--no-tags'))
    expect([branch.tags, branch.tagsComplete]).toEqual([[], false])
  })

  it('one for which they were fetched does', async () => {
    const path = await clone('fetched', '--depth=1', '--branch=v1.0.1')
    await git(path, 'fetch', '--quiet', '--depth=1', `file://${origin}`, 'refs/tags/*:refs/tags/*')
    const facts = await factsIn(path)
    expect([facts.tags, facts.tagsComplete]).toEqual([usual.tags, true])
  })

  it('where there is no repository there are none', async () => {
    const facts = await factsIn(folder)
    const nothing = { commit: '', ref: '', dirty: false, committed: '' }
    const { defaultBranch: __, repository: ___, ...rest } = usual
    expect(facts).toEqual({ ...rest, revision: nothing, sha: '', tags: [], tagsComplete: false })
  })
})

describe('settings', () => {
  it('the digits of a commit and the levels of annotations', async () => {
    const env = { DOCKER_METADATA_SHORT_SHA_LENGTH: '12', DOCKER_METADATA_ANNOTATIONS_LEVELS: 'manifest, index' }
    expect(await readFacts(folder, { ...bare(), ...env })).toMatchObject({
      shortSha: 12,
      levels: ['manifest', 'index'],
    })
  })

  it.each(['x', '0', '-1', '1.5'])('%s digits are none', async text => {
    await expect(readFacts(folder, { ...bare(), DOCKER_METADATA_SHORT_SHA_LENGTH: text })).rejects.toThrow(
      new UserError(`DOCKER_METADATA_SHORT_SHA_LENGTH: found "${text}", expected a number of digits`),
    )
  })
})

describe('the page of a repository', () => {
  it.each([
    'git@github.com:acme/web.git',
    'git@github.com:acme/web',
    'github.com:acme/web.git',
    'ssh://git@github.com/acme/web.git',
    'ssh://git@github.com:22/acme/web',
    'https://github.com/acme/web.git',
    'https://github.com/acme/web/',
    'https://x-access-token:ghs_secret@github.com/acme/web.git',
    'git://github.com/acme/web.git',
  ])('%s', remote => expect(repositoryOf(remote)).toEqual(web))

  it.each([
    ['https://git.acme.test:8443/a/b/c.git', { url: 'https://git.acme.test:8443/a/b/c', name: 'c' }],
    ['http://localhost:3000/acme/web', { url: 'http://localhost:3000/acme/web', name: 'web' }],
    ['/srv/git/web.git', undefined],
    ['file:///srv/git/web.git', undefined],
    ['../web', undefined],
    ['work:acme/web.git', undefined],
    ['https://github.com/', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (remote, repository) => expect(repositoryOf(remote)).toEqual(repository))
})
