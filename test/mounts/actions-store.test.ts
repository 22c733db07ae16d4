import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { actionsStore } from '../../src/mounts/actions-store.ts'
import { readArchive, writeArchive } from '../../src/mounts/archive.ts'
import { type ActionsCache, onPullRequest, openActionsCache } from '../support/actions-cache/actions-cache.ts'

let cache: ActionsCache
beforeAll(async () => {
  cache = await openActionsCache({ limit: 40e6 })
})
afterEach(() => cache.clear())
afterAll(async () => cache[Symbol.asyncDispose]())

const worker = join(import.meta.dirname, '../../src/mounts/worker.ts')
const { signal } = new AbortController()
const keys = (lock: string) => ({ prefix: 'pce-mounts-1-x-', key: `pce-mounts-1-x-${lock}` })

const storeAs = (scopes?: Parameters<ActionsCache['env']>[0], patience = 5_000) => {
  const { PATH } = process.env
  return actionsStore({ worker, rights: { PATH, ...cache.env(scopes) }, patience })
}

async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  await using root = await mkdtempDisposable(join(tmpdir(), 'pce-store-'))
  const folder = join(root.path, 'archive')
  await mkdir(folder)
  return await body(folder)
}

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}` as const

/** Saves an archive of so many bytes. */
const save = (store: ReturnType<typeof storeAs>, lock: string, size = 1000) =>
  inFolder(async folder => {
    const bytes = randomBytes(size)
    await writeFile(join(folder, 'layer'), bytes)
    await writeArchive(folder, { mediaType: 'x', size, digest: digestOf(bytes), diffId: digestOf(bytes) })
    await store.save(keys(lock), folder, signal)
    return digestOf(bytes)
  })

/** The key and the digest that are found. */
const find = (store: ReturnType<typeof storeAs>, lock: string) =>
  inFolder(async folder => {
    const hit = await store.fetch(keys(lock), folder, signal)
    const layer = hit && (await readArchive(hit.folder))
    return hit && [hit.key, typeof layer === 'object' ? layer.digest : layer]
  })

it('gives what was saved under the key, else the last one with the prefix', async () => {
  const store = storeAs()
  expect(await find(store, 'a')).toBeUndefined()
  const [a, b] = [await save(store, 'a'), await save(store, 'b')]
  expect(await find(store, 'a')).toEqual(['pce-mounts-1-x-a', a])
  expect(await find(store, 'c')).toEqual(['pce-mounts-1-x-b', b])
}, 60_000)

it('a pull request reads its base and writes its own', async () => {
  const a = await save(storeAs(), 'a')
  const store = storeAs(onPullRequest(7))
  expect(await find(store, 'b')).toEqual(['pce-mounts-1-x-a', a])
  await save(store, 'b')
  expect(cache.entries.map(({ key, scope }) => [key, scope])).toEqual([
    ['pce-mounts-1-x-a', 'refs/heads/main'],
    ['pce-mounts-1-x-b', 'refs/pull/7/merge'],
  ])
  expect(await find(storeAs(), 'b')).toEqual(['pce-mounts-1-x-a', a])
}, 60_000)

it('a reason has no token in it', async () => {
  using _ = cache.fault({ action: 'CreateCacheEntry', answer: 'internal', times: 9 })
  const rights = cache.env()
  const store = actionsStore({ worker, rights: { PATH: process.env.PATH, ...rights }, patience: 5_000 })
  const reason = await save(store, 'a').catch(({ message }: Error) => message)
  expect(reason).toMatch(/500/)
  expect(reason).not.toContain(rights.ACTIONS_RUNTIME_TOKEN)
}, 60_000)

it.each([
  ['CreateCacheEntry', 'throttled', /rate limit/],
  ['CreateCacheEntry', 'internal', /500/],
  ['CreateCacheEntry', 'hang', /no answer within 5 s/],
  ['CreateCacheEntry', 'cut', /^Failed to reserve cache: .*ECONNRESET$/],
  ['CreateCacheEntry', 'read-only', /read-only/],
  ['PutBlob', 'hang', /no answer within 5 s/],
  ['PutBlob', 'full', /./],
  ['FinalizeCacheEntryUpload', 'internal', /500/],
] as const)(
  'saving, %s is %s: a reason, and nothing is kept',
  async (action, answer, reason) => {
    using _ = cache.fault({ action, answer, times: 50 })
    await expect(save(storeAs(), 'a')).rejects.toThrow(reason)
    expect(cache.entries).toEqual([])
  },
  60_000,
)

it('a token that may only read: a reason', async () => {
  const store = storeAs([{ Scope: 'refs/heads/main', Permission: 1 }])
  await expect(save(store, 'a')).rejects.toThrow(/read-only/)
}, 60_000)

it.each([
  ['GetCacheEntryDownloadURL', 'throttled', /rate limit/],
  ['GetCacheEntryDownloadURL', 'internal', /500/],
  ['GetCacheEntryDownloadURL', 'hang', /no answer within 5 s/],
  ['GetCacheEntryDownloadURL', 'cut', /^Failed to restore: .*ECONNRESET$/],
  ['GetBlob', 'expired', /./],
  ['GetBlob', 'hang', /no answer within 5 s/],
  ['GetBlob', 'stall', /no answer within 5 s/],
  ['GetBlob', 'short', /./],
  ['GetBlob', 'half', /./],
] as const)(
  'fetching, %s is %s: a reason, and no archive',
  async (action, answer, reason) => {
    await save(storeAs(), 'a', 20_000_000)
    using _ = cache.fault({ action, answer, times: 50 })
    await expect(find(storeAs(), 'a')).rejects.toThrow(reason)
  },
  60_000,
)

it('a cancelled run does not wait', async () => {
  using _ = cache.fault({ action: 'GetCacheEntryDownloadURL', answer: 'hang' })
  const cancel = AbortSignal.timeout(500)
  await expect(inFolder(folder => storeAs().fetch(keys('a'), folder, cancel))).rejects.toThrow(/timeout/)
}, 60_000)

it('the description of an archive says whether it is whole', async () => {
  await inFolder(async folder => {
    expect(await readArchive(folder)).toBe('its description is not readable')
    const bytes = Buffer.from('content')
    await writeArchive(folder, { mediaType: 'x', size: 7, digest: digestOf(bytes), diffId: digestOf(bytes) })
    expect(await readArchive(folder)).toBe('it has 0 bytes of 7')
    await writeFile(join(folder, 'layer'), 'contenT')
    expect(await readArchive(folder)).toMatch(/^it has other bytes \(sha256:/)
    await writeFile(join(folder, 'layer'), bytes)
    expect(await readArchive(folder)).toEqual(JSON.parse(await readFile(join(folder, 'layer.json'), 'utf8')))
  })
})
