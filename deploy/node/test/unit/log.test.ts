import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../../src/log.ts'

test('each entry is one line of JSON, entries below the level are left out', () => {
  const lines: string[] = []
  const log = createLog('warn', line => lines.push(line))
  log.info('not written')
  log.warn('two\nlines', { slug: 'abc' })
  log.error('failed', { error: new Error('why', { cause: 'deep' }) })
  const [warning, failure] = lines.map(line => JSON.parse(line))
  assert.equal(lines.length, 2)
  assert.ok(lines.every(line => line.indexOf('\n') === line.length - 1))
  assert.deepEqual({ ...warning, time: '' }, { time: '', level: 'warn', message: 'two\nlines', slug: 'abc' })
  const { name, message, cause } = failure.error
  assert.deepEqual({ name, message, cause }, { name: 'Error', message: 'why', cause: 'deep' })
})
