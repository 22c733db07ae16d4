import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { planMigrations, readMigrations } from '../../src/database/migrations.ts'

const migration = (name: string, checksum = `sum of ${name}`) => ({ name, checksum, sql: 'select 1' })
const [first, second] = [migration('001-a.sql'), migration('002-b.sql')]

suite('planMigrations', () => {
  test('a new database gets all', () => assert.deepEqual(planMigrations([first, second], []), [first, second]))
  test('an old one gets the rest', () => assert.deepEqual(planMigrations([first, second], [first]), [second]))
  test('a current one gets none', () => assert.deepEqual(planMigrations([first, second], [first, second]), []))
  test('a newer one is left alone', () => assert.deepEqual(planMigrations([first], [first, second]), []))
  test('a changed file is refused', () =>
    assert.throws(() => planMigrations([first, second], [migration('001-a.sql', 'other')]), {
      message: 'Changed after it was applied: 001-a.sql. Restore the file and write a new migration instead.',
    }))
})

test('readMigrations reads them in order', () => {
  const names = readMigrations().map(({ name }) => name)
  assert.ok(names.length > 0)
  assert.deepEqual(names, [...names].sort())
})
