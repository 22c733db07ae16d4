import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { applyMigrations, type Client, openApp, untilReady } from '../support/app.ts'
import { openStores, type Stores, skip } from '../support/stores.ts'

interface Body {
  readonly [key: string]: unknown
  readonly links: readonly { readonly slug: string; readonly hits: number }[]
}
const bodyOf = async (response: Response) => (await response.json()) as Body

suite('links', { skip }, () => {
  let stores: Stores
  let client: Client
  const call: Client['call'] = (...request) => client.call(...request)
  const create = async (slug: string = randomUUID()) => {
    assert.equal((await call('POST', '/api/links', { url: 'https://example.com/', slug })).status, 201)
    return slug
  }

  before(async () => {
    stores = await openStores()
    await applyMigrations(stores)
    client = await openApp(stores)
    await untilReady(client)
  })
  after(async () => {
    await client.app.stop()
    await stores[Symbol.asyncDispose]()
  })

  test('create with a slug', async () => {
    const slug = randomUUID()
    const response = await call('POST', '/api/links', { url: 'https://example.com', slug })
    const { createdAt, ...body } = await bodyOf(response)
    assert.deepEqual(body, { slug, url: 'https://example.com/', shortUrl: `https://sho.rt/${slug}` })
    assert.ok(Math.abs(Date.now() - Date.parse(String(createdAt))) < 60_000)
    assert.deepEqual([response.status, response.headers.get('location')], [201, `/api/links/${slug}`])
  })

  test('create without a slug', async () => {
    const { slug } = await bodyOf(await call('POST', '/api/links', { url: 'https://example.com' }))
    assert.match(String(slug), /^[a-z0-9]{8}$/)
    assert.equal((await call('GET', `/api/links/${slug}`)).status, 200)
  })

  test('a slug is given once, also when two ask at the same time', async () => {
    const request = { url: 'https://example.com', slug: randomUUID() }
    const responses = await Promise.all([1, 2, 3].map(() => call('POST', '/api/links', request)))
    assert.deepEqual(responses.map(({ status }) => status).sort(), [201, 409, 409])
  })

  test('a redirect is counted, HEAD is not', async () => {
    const slug = await create()
    const responses = await Promise.all(Array.from({ length: 5 }, () => call('GET', `/${slug}`)))
    assert.ok(
      responses.every(({ status, headers }) => status === 302 && headers.get('location') === 'https://example.com/'),
    )
    assert.equal((await call('HEAD', `/${slug}`)).status, 302)
    const { hits } = await bodyOf(await call('GET', `/api/links/${slug}/stats`))
    assert.equal(hits, 5)
    const { links } = await bodyOf(await call('GET', '/api/links?limit=100'))
    assert.equal(links.find(link => link.slug === slug)?.hits, 5)
  })

  test('a deleted link is gone, and its slug is not given away again', async () => {
    const slug = await create()
    assert.equal((await call('DELETE', `/api/links/${slug}`)).status, 204)
    const requests = [
      call('DELETE', `/api/links/${slug}`),
      call('GET', `/${slug}`),
      call('GET', `/api/links/${slug}`),
      call('GET', `/api/links/${slug}/stats`),
      call('POST', '/api/links', { url: 'https://example.com', slug }),
    ]
    assert.deepEqual(
      (await Promise.all(requests)).map(({ status }) => status),
      [410, 410, 410, 410, 409],
    )
  })

  test('an unknown link is not found', async () => {
    const paths = ['/nope', '/api/links/nope', '/api/links/nope/stats']
    const responses = await Promise.all([...paths.map(path => call('GET', path)), call('DELETE', '/api/links/nope')])
    assert.deepEqual(
      responses.map(({ status }) => status),
      [404, 404, 404, 404],
    )
  })

  test('pages hold every live link once, newest first', async () => {
    const made: string[] = []
    for (let index = 0; index < 5; index++) made.unshift(await create())
    const seen: string[] = []
    let path = '/api/links?limit=2'
    for (;;) {
      const { links, next } = await bodyOf(await call('GET', path))
      seen.push(...links.map(({ slug }) => slug))
      if (next === null) break
      path = `/api/links?limit=2&cursor=${next}`
    }
    assert.deepEqual(seen.slice(0, 5), made)
    assert.equal(new Set(seen).size, seen.length)
  })

  test('metrics count what happened', async () => {
    const metrics = await (await call('GET', '/metrics')).text()
    assert.match(metrics, /^http_requests_total\{method="POST",route="\/api\/links",status="201"\} [1-9]/m)
    assert.match(metrics, /^shortener_lost_hits_total 0$/m)
  })
})
