import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { checkReadiness } from '../../src/health/readiness.ts'

suite('checkReadiness', () => {
  test('is ready when every check passes', async () => {
    const readiness = await checkReadiness({ a: async () => {}, b: async () => 'anything' })
    assert.deepEqual(readiness, { ready: true, checks: { a: 'ok', b: 'ok' } })
  })

  test('says what is wrong with each', async () => {
    const readiness = await checkReadiness(
      {
        fine: async () => {},
        broken: () => Promise.reject(new Error('connection refused')),
        wordless: () => Promise.reject(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })),
        silent: () => new Promise(() => {}),
      },
      20,
    )
    assert.deepEqual(readiness, {
      ready: false,
      checks: { fine: 'ok', broken: 'connection refused', wordless: 'ECONNREFUSED', silent: 'no answer within 20 ms' },
    })
  })
})
