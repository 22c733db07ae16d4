import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { json } from '../../src/http/reply.ts'
import type { Route } from '../../src/http/router.ts'
import { createHttpServer } from '../../src/http/server.ts'
import { createLog } from '../../src/log.ts'
import { createMetrics } from '../../src/metrics.ts'

const routes: readonly Route[] = [
  { method: 'POST', pattern: '/echo', handle: async request => json(200, await request.json()) },
  { method: 'GET', pattern: '/hello', handle: () => ({ status: 200, body: 'hello' }) },
  {
    method: 'GET',
    pattern: '/bug',
    handle() {
      throw new TypeError('secret reason')
    },
  },
]

suite('server', () => {
  const lines: string[] = []
  const server = createHttpServer({
    routes,
    log: createLog('info', line => lines.push(line)),
    metrics: createMetrics(),
  })
  let base = ''
  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())

  const post = (body: string | ReadableStream, type = 'application/json') =>
    fetch(`${base}/echo`, { method: 'POST', body, headers: { 'content-type': type }, duplex: 'half' } as RequestInit)

  test('answers JSON with JSON', async () => {
    const response = await post('{"a":1}', 'application/json; charset=utf-8')
    assert.deepEqual([response.status, await response.json()], [200, { a: 1 }])
  })

  const refused = [
    {
      name: 'text',
      body: 'a=1',
      type: 'text/plain',
      status: 415,
      detail: 'The content type must be application/json.',
    },
    { name: 'broken JSON', body: '{"a":', status: 400, detail: 'The body is not valid JSON.' },
    { name: 'a JSON array', body: '[]', status: 400, detail: 'The body must be a JSON object.' },
    {
      name: 'a large body',
      body: 'x'.repeat(16_385),
      status: 413,
      detail: 'The body must not be larger than 16384 bytes.',
    },
  ]
  for (const { name, body, type, status, detail } of refused)
    test(`refuses ${name}`, async () => {
      const response = await post(body, type)
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      const problem = (await response.json()) as Record<string, unknown>
      assert.deepEqual({ status: problem.status, detail: problem.detail }, { status, detail })
      assert.equal(response.status, status)
    })

  test('refuses a large body that does not tell its length', async () => {
    const stream = ReadableStream.from(Array.from({ length: 5 }, () => Buffer.alloc(4_000, 'x')))
    assert.equal((await post(stream)).status, 413)
  })

  test('HEAD is GET without the body', async () => {
    const response = await fetch(`${base}/hello`, { method: 'HEAD' })
    assert.deepEqual([response.status, response.headers.get('content-length'), await response.text()], [200, '5', ''])
  })

  test('a bug is 500 outside, and the reason stays in the log', async () => {
    const response = await fetch(`${base}/bug`, { headers: { 'x-request-id': 'from-the-proxy' } })
    assert.equal(response.status, 500)
    assert.equal(response.headers.get('x-request-id'), 'from-the-proxy')
    assert.doesNotMatch(await response.text(), /secret reason/)
    const entry = JSON.parse(lines.find(line => line.includes('from-the-proxy')) ?? '{}')
    assert.deepEqual([entry.level, entry.route, entry.error.message], ['error', '/bug', 'secret reason'])
  })

  test('a request id that could forge log lines is replaced', async () => {
    const response = await fetch(`${base}/hello`, { headers: { 'x-request-id': 'a b "c"' } })
    assert.match(response.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  })

  test('a client that leaves in the middle of its body harms nobody', async () => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1')
    socket.write('POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{')
    await wait(50)
    socket.destroy()
    assert.equal((await fetch(`${base}/hello`)).status, 200)
  })
})
