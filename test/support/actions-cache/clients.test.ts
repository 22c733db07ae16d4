import { mkdir, mkdtempDisposable, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { restoreCache, saveCache } from '@actions/cache'
import { afterEach, expect, it, jest } from '@jest/globals'
import { type ActionsCache, onPullRequest, openActionsCache } from './actions-cache.ts'

const before = { ...process.env }
afterEach(() => {
  process.env = { ...before }
})

jest.spyOn(process.stdout, 'write').mockReturnValue(true)

async function inJob<T>(cache: ActionsCache, scopes: Parameters<ActionsCache['env']>[0], body: () => Promise<T>) {
  Object.assign(process.env, cache.env(scopes), { GITHUB_SERVER_URL: 'https://github.com' })
  return body()
}

it('@actions/cache saves and restores, also as a pull request that reads its base', async () => {
  await using cache = await openActionsCache()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pce-actions-cache-'))
  const paths = [join(folder.path, 'data')]
  const file = join(folder.path, 'data', 'file')
  Object.assign(process.env, { RUNNER_TEMP: folder.path, GITHUB_WORKSPACE: folder.path })
  await mkdir(join(folder.path, 'data'))
  await writeFile(file, 'content')
  expect(await inJob(cache, undefined, () => saveCache(paths, 'data-1'))).toBe(1)
  await rm(file)
  expect(await inJob(cache, onPullRequest(7), () => restoreCache(paths, 'data-2', ['data-']))).toBe('data-1')
  expect(await readFile(file, 'utf8')).toBe('content')
  expect(await inJob(cache, [{ Scope: 'refs/heads/main', Permission: 1 }], () => saveCache(paths, 'data-3'))).toBe(-1)
  expect(cache.entries.map(({ key, scope }) => [key, scope])).toEqual([['data-1', 'refs/heads/main']])
})
