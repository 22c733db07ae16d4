import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { runToEnd, startServer } from '../support/program.ts'

/** Port 1 is never listened on: whoever connects is refused at once. */
const nowhere = { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x', REDIS_URL: 'redis://127.0.0.1:1' }

suite('the server as a process', () => {
  test('ends with 78 when the environment is incomplete', async () => {
    const { code, stdout, stderr } = await runToEnd('src/main.ts', { PORT: 'http' })
    assert.equal(stdout, '')
    assert.equal(
      stderr,
      [
        'Cannot start: the environment is incomplete or wrong.',
        '  DATABASE_URL is not set. Example: postgres://user:password@db:5432/shortener',
        '  REDIS_URL is not set. Example: redis://redis:6379',
        '  PORT is "http", but must be a whole number from 0 to 65535.',
        '',
      ].join('\n'),
    )
    assert.equal(code, 78)
  })

  for (const program of ['bin/migrate', 'bin/seed'])
    test(`${program} ends with 78 without DATABASE_URL, with 1 without a database`, async () => {
      assert.equal((await runToEnd(program, {})).code, 78)
      assert.equal((await runToEnd(program, nowhere)).code, 1)
    })

  test('without stores it lives, is not ready, answers 503, and stops', async () => {
    using server = await startServer(nowhere)
    assert.equal((await fetch(`${server.url}/livez`)).status, 200)
    const readiness = await fetch(`${server.url}/readyz`)
    const { checks } = (await readiness.json()) as { checks: Record<string, string> }
    assert.equal(readiness.status, 503)
    assert.match(checks.postgres ?? '', /ECONNREFUSED/)
    assert.notEqual(checks.redis, 'ok')
    assert.equal((await fetch(`${server.url}/abc`)).status, 503)
    const started = performance.now()
    server.child.kill('SIGTERM')
    assert.equal(await server.exited, 0)
    assert.ok(performance.now() - started < 2_000)
  })
})
