import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createClock } from '../aws/clock.ts'
import { type ActionsCache, onMain, onPullRequest, openActionsCache } from './actions-cache.ts'
import { azure, putBlob, type RawCache, rawCache } from './raw.ts'

const clock = createClock()
let cache: ActionsCache
let main: RawCache
beforeEach(async () => {
  cache = await openActionsCache({ clock, limit: 1000, uploads: 20 })
  main = rawCache(cache)
})
afterEach(() => cache[Symbol.asyncDispose]())

const version = 'v'
const created = async (key: string): Promise<string> => {
  const { body } = await main.call('CreateCacheEntry', { key, version })
  return String(body.signed_upload_url)
}
const finalize = (key: string, size: number | string, client = main) =>
  client.call('FinalizeCacheEntryUpload', { key, version, size_bytes: size })
const codeOf = async (answer: Response): Promise<string> =>
  `${answer.status} ${/<Code>(\w+)/.exec(await answer.text())?.[1] ?? ''}`.trim()

describe('a token', () => {
  const ask = async (token: string): Promise<unknown> => {
    const { status, body } = await rawCache(cache, token).call('GetCacheEntryDownloadURL', { key: 'a', version })
    return [status, body.msg ?? body.ok]
  }
  const forge = (token: string): string => {
    const [header, , signature] = token.split('.')
    const ac = JSON.stringify([{ Scope: 'refs/heads/other', Permission: 3 }])
    const claims = { ac, nbf: 0, exp: 9_999_999_999 }
    return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
  }

  it('is taken as GitHub gives it', async () => {
    expect(await ask(cache.issue(onMain))).toEqual([200, false])
  })

  it.each([
    ['nonsense', () => 'nonsense', 'no bearer token'],
    ['with other claims than were signed', () => forge(cache.issue(onMain)), 'the signature is not valid'],
    ['that has expired', () => cache.issue(onMain, { exp: 1 }), 'the token has expired'],
    ['that is not valid yet', () => cache.issue(onMain, { nbf: 9_999_999_999 }), 'the token is not valid yet'],
    ['without scopes', () => cache.issue(onMain, { ac: undefined }), 'ac, nbf or exp is not there'],
    ['with scopes that are no text', () => cache.issue(onMain, { ac: onMain }), 'ac, nbf or exp is not there'],
    ['with scopes in another form', () => cache.issue(onMain, { ac: '{}' }), 'ac is not a list of scopes'],
  ])('%s is refused', async (_, token, why) => {
    expect(await ask(token())).toEqual([401, why])
  })

  it('that may only read reads, and does not write', async () => {
    await main.save('a', 'content')
    const reader = rawCache(cache, cache.issue([{ Scope: 'refs/heads/main', Permission: 1 }]))
    expect(await reader.restore('a')).toBe('content')
    const { status, body } = await reader.call('CreateCacheEntry', { key: 'b', version })
    expect([status, body]).toEqual([200, { ok: false, message: 'cache write denied: the token is read-only' }])
  })
})

describe('entries', () => {
  it('never change', async () => {
    await main.save('a', 'one')
    const again = await main.call('CreateCacheEntry', { key: 'a', version })
    expect([again.status, again.body.code]).toEqual([409, 'already_exists'])
    expect((await main.call('CreateCacheEntry', { key: 'a', version: 'other' })).status).toBe(200)
    expect(await main.restore('a')).toBe('one')
  })

  it('are found by the key, then by each prefix in turn, the newest of several', async () => {
    for (const key of ['npm-1', 'npm-2', 'yarn-1', 'npm-3-half']) await main.save(key, key)
    expect(await main.restore('npm-1', 'npm-')).toBe('npm-1')
    expect(await main.restore('npm-9', 'yarn-', 'npm-')).toBe('yarn-1')
    expect(await main.restore('npm-9', 'npm-')).toBe('npm-3-half')
    expect(await main.restore('npm-')).toBeUndefined()
    const { body } = await main.call('GetCacheEntryDownloadURL', { key: 'npm-1', version: 'other' })
    expect(body).toEqual({ ok: false })
  })

  it("are seen by a pull request of the base, and not by main of the pull request's, nor by another branch", async () => {
    const pull = rawCache(cache, cache.issue(onPullRequest(7)))
    const branch = rawCache(cache, cache.issue([{ Scope: 'refs/heads/feature', Permission: 3 }, ...onPullRequest(1)]))
    await main.save('k-main', 'main')
    await pull.save('k-pull', 'pull')
    expect(await pull.restore('k-x', 'k-')).toBe('pull')
    expect(await pull.restore('k-main')).toBe('main')
    expect(await main.restore('k-pull')).toBeUndefined()
    expect(await branch.restore('k-pull')).toBeUndefined()
    expect(await branch.restore('k-main')).toBe('main')
    expect(cache.entries).toEqual([
      { key: 'k-main', version, scope: 'refs/heads/main' },
      { key: 'k-pull', version, scope: 'refs/pull/7/merge' },
    ])
  })

  it('go, those that were not used for longest first, when there are too many bytes', async () => {
    await main.save('a', 'a'.repeat(400))
    await main.save('b', 'b'.repeat(400))
    await main.restore('a')
    await main.save('c', 'c'.repeat(400))
    expect(cache.entries.map(({ key }) => key)).toEqual(['a', 'c'])
    expect(cache.size).toBe(800)
  })

  it('are no more than so many a minute', async () => {
    clock.shift(60_000 - (clock.now() % 60_000))
    for (let index = 0; index < 20; index += 1) await created(`k${index}`)
    const { status, body } = await main.call('CreateCacheEntry', { key: 'late', version })
    expect([status, body.code]).toEqual([429, 'resource_exhausted'])
    clock.shift(60_000)
    expect((await main.call('CreateCacheEntry', { key: 'late', version })).status).toBe(200)
  })
})

describe('a call', () => {
  it.each([
    ['of another name', 'DeleteCacheEntry', {}, {}, 404, 'bad_route'],
    ['that is not JSON', 'CreateCacheEntry', '{', {}, 400, 'malformed'],
    ['in protobuf', 'CreateCacheEntry', {}, { 'content-type': 'application/protobuf' }, 404, 'bad_route'],
    ['without a version', 'CreateCacheEntry', { key: 'a' }, {}, 400, 'invalid_argument'],
    ['with a comma in its key', 'CreateCacheEntry', { key: 'a,b', version }, {}, 400, 'invalid_argument'],
    ['with a long key', 'CreateCacheEntry', { key: 'a'.repeat(513), version }, {}, 400, 'invalid_argument'],
  ])('%s is refused', async (_, name, body, headers, status, code) => {
    const answer = await main.call(name, body, headers)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('finalizes what was uploaded, with its very size, once', async () => {
    expect((await finalize('a', 4)).body.msg).toBe('cache entry was not created')
    const url = await created('a')
    expect((await finalize('a', 4)).body.msg).toBe('cache entry was not uploaded')
    await putBlob(url, 'four')
    expect((await finalize('a', 5)).body).toEqual({ code: 'invalid_argument', msg: 'size_bytes is not 4' })
    const other = rawCache(cache, cache.issue(onPullRequest(7)))
    expect((await finalize('a', 4, other)).status).toBe(404)
    expect(await main.restore('a')).toBeUndefined()
    expect((await finalize('a', '4')).body).toMatchObject({ ok: true })
    expect((await finalize('a', 4)).status).toBe(409)
  })
})

describe('a blob', () => {
  const block = (url: string, id: string, body: string) =>
    fetch(`${url}&comp=block&blockid=${encodeURIComponent(btoa(id))}`, { method: 'PUT', body, headers: azure })
  const list = (url: string, ...ids: readonly string[]) => {
    const body = `<?xml version="1.0"?><BlockList>${ids.map(id => `<Latest>${btoa(id)}</Latest>`).join('')}</BlockList>`
    return fetch(`${url}&comp=blocklist`, { method: 'PUT', body, headers: azure })
  }

  it('is put together from blocks, in the order of the list', async () => {
    const url = await created('a')
    expect((await block(url, '02', 'world')).status).toBe(201)
    expect((await block(url, '01', 'hello ')).status).toBe(201)
    expect(await codeOf(await block(url, '003', 'x'))).toBe('400 InvalidQueryParameterValue')
    expect(await codeOf(await list(url, '01', '04'))).toBe('400 InvalidBlockList')
    expect((await list(url, '01', '02')).headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    await finalize('a', 11)
    expect(await main.restore('a')).toBe('hello world')
  })

  it('is given whole or in ranges', async () => {
    await main.save('a', '0123456789')
    const { body } = await main.call('GetCacheEntryDownloadURL', { key: 'a', version })
    const url = String(body.signed_download_url)
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10'])
    const ranges = [
      { range: 'bytes=2-4' },
      { 'x-ms-range': 'bytes=7-' },
      { range: 'bytes=5-99', 'x-ms-range': 'bytes=0-0' },
    ]
    const given = await Promise.all(
      ranges.map(async headers => {
        const answer = await fetch(url, { headers: headers as Record<string, string> })
        return [answer.status, answer.headers.get('content-range'), await answer.text()]
      }),
    )
    expect(given).toEqual([
      [206, 'bytes 2-4/10', '234'],
      [206, 'bytes 7-9/10', '789'],
      [206, 'bytes 0-0/10', '0'],
    ])
    expect(await codeOf(await fetch(url, { headers: { range: 'bytes=10-' } }))).toBe('416 InvalidRange')
    expect(await codeOf(await fetch(url, { headers: { 'if-match': '"other"' } }))).toBe('412 ConditionNotMet')
  })

  it('is refused without a signature that fits, and after its end', async () => {
    const url = await created('a')
    await main.save('b', 'content')
    const { body } = await main.call('GetCacheEntryDownloadURL', { key: 'b', version })
    const reading = String(body.signed_download_url)
    const swapped = url.replace(new URL(url).pathname, new URL(reading).pathname)
    expect(await codeOf(await putBlob(url.replace(/se=2/, 'se=3'), 'x'))).toBe('403 AuthenticationFailed')
    expect(await codeOf(await putBlob(swapped, 'x'))).toBe('403 AuthenticationFailed')
    expect(await codeOf(await putBlob(reading, 'x'))).toBe('403 AuthorizationPermissionMismatch')
    expect(await codeOf(await fetch(url))).toBe('403 AuthorizationPermissionMismatch')
    clock.shift(600_000)
    expect(await codeOf(await putBlob(url, 'x'))).toBe('403 AuthenticationFailed')
    expect(await codeOf(await fetch(reading))).toBe('403 AuthenticationFailed')
    expect((await fetch(reading.split('?', 1)[0] ?? '')).status).toBe(403)
  })

  it('is refused in another form than the service has', async () => {
    const url = await created('a')
    const put = (headers: Record<string, string>) => fetch(url, { method: 'PUT', body: 'x', headers })
    expect(await codeOf(await put({ 'x-ms-blob-type': 'BlockBlob' }))).toBe('400 MissingRequiredHeader')
    expect(await codeOf(await put(azure))).toBe('400 MissingRequiredHeader')
    expect(await codeOf(await putBlob(url, 'x', { 'content-md5': btoa('other') }))).toBe('400 Md5Mismatch')
    expect((await putBlob(url, 'one')).status).toBe(201)
    await finalize('a', 3)
    expect(await codeOf(await putBlob(url, 'two'))).toBe('409 BlobImmutableDueToPolicy')
  })
})

describe('faults', () => {
  it('hit the action that they name, as often as told', async () => {
    using _ = cache.fault({ action: 'CreateCacheEntry', answer: 'throttled' })
    const answer = await fetch(`${cache.origin}/twirp/github.actions.results.api.v1.CacheService/CreateCacheEntry`, {
      method: 'POST',
    })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await created('a')).toMatch(/^http/)
  })

  it.each([
    ['CreateCacheEntry', 'internal', 500],
    ['CreateCacheEntry', 'unavailable', 503],
    ['CreateCacheEntry', 'read-only', 200],
    ['CreateCacheEntry', 'full', 403],
  ] as const)('%s: %s', async (action, answer, status) => {
    cache.fault({ action, answer })
    const heard = await main.call(action, { key: 'a', version })
    expect([heard.status, heard.body.signed_upload_url]).toEqual([status, undefined])
  })

  it.each([
    ['expired', '403 AuthenticationFailed'],
    ['throttled', '503 ServerBusy'],
    ['internal', '500 InternalError'],
  ] as const)('GetBlob: %s', async (answer, code) => {
    await main.save('a', 'content')
    cache.fault({ action: 'GetBlob', answer })
    const { body } = await main.call('GetCacheEntryDownloadURL', { key: 'a', version })
    expect(await codeOf(await fetch(String(body.signed_download_url)))).toBe(code)
  })

  it('about some keys leave the others alone', async () => {
    await main.save('index-a', 'an index')
    await main.save('blob-a', 'a layer')
    cache.fault({ action: 'GetBlob', about: /^blob-/, answer: 'unavailable' })
    expect(await main.restore('index-a')).toBe('an index')
    const { body } = await main.call('GetCacheEntryDownloadURL', { key: 'blob-a', version })
    const url = String(body.signed_download_url)
    expect([(await fetch(url)).status, (await fetch(url)).status]).toEqual([503, 200])
  })

  it('give a body that is too short, that ends early, or that never ends', async () => {
    await main.save('a', 'content')
    cache.fault({ action: 'GetBlob', answer: 'short' })
    expect(await main.restore('a')).toBe('con')
    cache.fault({ action: 'GetBlob', answer: 'half' })
    await expect(main.restore('a')).rejects.toThrow('terminated')
    cache.fault({ action: 'GetBlob', answer: 'stall' })
    const { body } = await main.call('GetCacheEntryDownloadURL', { key: 'a', version })
    const answer = await fetch(String(body.signed_download_url), { signal: AbortSignal.timeout(300) })
    await expect(answer.text()).rejects.toThrow('timeout')
  })

  it('cut a connection, or never answer', async () => {
    cache.fault({ action: 'CreateCacheEntry', answer: 'cut' })
    await expect(created('a')).rejects.toThrow('fetch failed')
    cache.fault({ action: 'CreateCacheEntry', answer: 'hang' })
    const signal = AbortSignal.timeout(300)
    await expect(
      fetch(`${cache.origin}/twirp/github.actions.results.api.v1.CacheService/CreateCacheEntry`, {
        method: 'POST',
        signal,
      }),
    ).rejects.toThrow('timeout')
  })
})

it('logs what came, for which key, with sizes and ends', async () => {
  await main.save('a', 'content')
  expect(cache.log).toMatchObject([
    { method: 'POST', action: 'CreateCacheEntry', key: 'a', status: 200 },
    { method: 'PUT', action: 'PutBlob', key: 'a', status: 201, received: 7 },
    { method: 'POST', action: 'FinalizeCacheEntryUpload', key: 'a', status: 200 },
  ])
})
