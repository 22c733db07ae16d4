import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openRelay, type Relay } from '../../src/cache/relay.ts'
import { type CacheRight, readCacheRight } from '../../src/cache/token.ts'
import { type ActionsCache, openActionsCache } from '../support/actions-cache/actions-cache.ts'
import { putBlob, type RawCache, rawCache } from '../support/actions-cache/raw.ts'

const patience = { call: 300, silence: 300, pause: 60_000 }

let cache: ActionsCache
let relay: Relay
beforeEach(async () => {
  cache = await openActionsCache()
  const right = readCacheRight(cache.env(), Date.now())
  relay = await openRelay(right as CacheRight, patience)
})
afterEach(async () => {
  await relay[Symbol.asyncDispose]()
  await cache[Symbol.asyncDispose]()
})

/** A client on the other side of the relay. */
function enter(): RawCache & ReturnType<Relay['enter']> {
  const way = relay.enter()
  const origin = way.env.ACTIONS_RESULTS_URL?.replace(/\/$/, '') ?? ''
  return { ...way, ...rawCache({ ...cache, origin }, way.env.ACTIONS_RUNTIME_TOKEN) }
}

/** A relay of a service that gives one answer to all, and a client of it. */
async function serviceOf(answer: object, status = 200, headers: Readonly<Record<string, string>> = {}) {
  let asked = 0
  const service = createHttpServer((_, outgoing) => {
    asked += 1
    outgoing.writeHead(status, headers).end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(service, 'listening')
  const { port } = service.address() as AddressInfo
  const right = readCacheRight({ ...cache.env(), ACTIONS_RESULTS_URL: `http://127.0.0.1:${port}/` }, Date.now())
  const odd = await openRelay(right as CacheRight, patience)
  const way = odd.enter()
  const origin = way.env.ACTIONS_RESULTS_URL?.replace(/\/$/, '') ?? ''
  return {
    client: { ...way, ...rawCache({ ...cache, origin }, way.env.ACTIONS_RUNTIME_TOKEN) },
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      await odd[Symbol.asyncDispose]()
      service.close()
      service.closeAllConnections()
    },
  }
}

it('passes entries on both ways, and counts for each caller', async () => {
  const [one, other] = [enter(), enter()]
  await one.save('index-web-1-0a1b2c3d#1', 'content')
  expect(await other.restore('index-web-1-0a1b2c3d', 'index-web-1-0a1b2c3d')).toBe('content')
  expect(await other.restore('index-api-1-0a1b2c3d')).toBeUndefined()
  expect(one.tally).toMatchObject({ sent: 7, received: 0, entries: 1, written: new Set(['web']) })
  expect(other.tally).toMatchObject({
    sent: 0,
    received: 7,
    entries: 0,
    found: new Set(['web']),
    missed: new Set(['api']),
    troubles: new Set(),
  })
})

it("is of no use without a token of its own; the job's never leaves it", async () => {
  const { env } = enter()
  expect(env.ACTIONS_RUNTIME_TOKEN).not.toBe(cache.env().ACTIONS_RUNTIME_TOKEN)
  const origin = env.ACTIONS_RESULTS_URL?.replace(/\/$/, '') ?? ''
  const stranger = rawCache({ ...cache, origin })
  expect((await stranger.call('GetCacheEntryDownloadURL', { key: 'a', version: 'v' })).status).toBe(401)
  const elsewhere = rawCache(cache, env.ACTIONS_RUNTIME_TOKEN)
  expect((await elsewhere.call('GetCacheEntryDownloadURL', { key: 'a', version: 'v' })).status).toBe(401)
  expect((await fetch(`${origin}/blobs/guessed/blob`)).status).toBe(404)
})

describe('a service in trouble', () => {
  it('that stalls is a miss, and is not asked again for a while', async () => {
    const client = enter()
    cache.fault({ answer: 'hang', times: 1 })
    expect(await client.restore('a')).toBeUndefined()
    expect(await client.restore('b')).toBeUndefined()
    expect(cache.log).toHaveLength(1)
    expect([...client.tally.troubles]).toEqual(['it did not answer within 0.3 s', 'it did not answer a moment ago'])
  })

  it('whose storage stalls half way is cut off', async () => {
    const client = enter()
    await client.save('a', 'content')
    cache.fault({ action: 'GetBlob', answer: 'stall' })
    await expect(client.restore('a')).rejects.toThrow('terminated')
    // The client hears of it first.
    await wait(50)
    expect([...client.tally.troubles]).toEqual([expect.stringMatching(/^its storage broke off: /)])
  })

  it('whose storage answers what is no answer is cut off', async () => {
    const storage = createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      )
    }).listen(0, '127.0.0.1')
    await once(storage, 'listening')
    const { port } = storage.address() as AddressInfo
    await using odd = await serviceOf({ ok: true, signed_download_url: `http://127.0.0.1:${port}/` })
    const { body } = await odd.client.call('GetCacheEntryDownloadURL', { key: 'a', version: 'v' })
    expect((await fetch(String(body.signed_download_url))).status).toBe(404)
    expect([...odd.client.tally.troubles]).toEqual(['its storage broke off: it gave no answer'])
    storage.close()
  })

  it('whose words are none is a miss', async () => {
    await using odd = await serviceOf({ ok: false, msg: { toString: null } })
    const { status, body } = await odd.client.call('GetCacheEntryDownloadURL', { key: 'a', version: 'v' })
    expect([status, body.ok]).toEqual([200, false])
  })

  it('that asks for no wait is not asked at once again', async () => {
    await using odd = await serviceOf({ msg: 'busy' }, 429, { 'retry-after': '0' })
    const { body } = await odd.client.call('GetCacheEntryDownloadURL', { key: 'a', version: 'v' })
    expect([body, odd.asked()]).toEqual([{ ok: false }, 1])
  })

  it('whose storage is busy for a moment is asked again', async () => {
    const client = enter()
    await client.save('a', 'content')
    cache.fault({ action: 'GetBlob', answer: 'unavailable' })
    expect(await client.restore('a')).toBe('content')
  })

  it('that refuses an upload says so to BuildKit as well', async () => {
    const client = enter()
    cache.fault({ action: 'PutBlob', answer: 'expired' })
    const { body } = await client.call('CreateCacheEntry', { key: 'a', version: 'v' })
    expect((await putBlob(String(body.signed_upload_url), 'content')).status).toBe(403)
    expect([...client.tally.troubles]).toEqual(['its storage answered 403'])
  })
})
