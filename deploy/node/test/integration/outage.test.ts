import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import { applyMigrations, openApp } from '../support/app.ts'
import { openStores, skip } from '../support/stores.ts'

suite('without Redis', { skip }, () => {
  test('links redirect all the same, but nothing is counted', async () => {
    await using stores = await openStores()
    await applyMigrations(stores)
    const { app, call } = await openApp({ ...stores, redisUrl: 'redis://127.0.0.1:1' })
    try {
      const slug = randomUUID()
      assert.equal((await call('POST', '/api/links', { url: 'https://example.com', slug })).status, 201)
      assert.equal((await call('GET', `/${slug}`)).status, 302)
      const stats = await call('GET', `/api/links/${slug}/stats`)
      assert.deepEqual([stats.status, stats.headers.get('retry-after')], [503, '5'])
      assert.match(await (await call('GET', '/metrics')).text(), /^shortener_lost_hits_total 1$/m)
      assert.equal((await call('GET', '/readyz')).status, 503)
    } finally {
      await app.stop()
    }
  })
})
