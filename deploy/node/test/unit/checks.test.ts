import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { findFormatFaults } from '../../script/check-format.ts'
import { findNumberFaults, findTransactionFaults } from '../../script/check-migrations.ts'
import { findSourceFaults } from '../../script/check-source.ts'

suite('the checks of this repository', () => {
  test('format', () => {
    assert.deepEqual(findFormatFaults('a.ts', 'fine\n\n  fine\n'), [])
    assert.deepEqual(findFormatFaults('a.ts', 'x \n\ty\nz\r\nend'), [
      'a.ts:1: white space at the end',
      'a.ts:2: tab',
      'a.ts:3: carriage return',
      'a.ts: no line break at the end',
    ])
    assert.deepEqual(findFormatFaults('a.ts', 'x\n\n'), ['a.ts: empty lines at the end'])
  })

  test('source', () => {
    assert.deepEqual(findSourceFaults('src/a.ts', 'export const a: number = 1\n'), [])
    assert.deepEqual(findSourceFaults('src/a.ts', '\nconsole.log(process.env)\n'), [
      'src/a.ts:2: logs are JSON lines: use the log',
      'src/a.ts:2: the environment is read once, by src/main.ts',
    ])
    assert.deepEqual(findSourceFaults('script/a.ts', 'console.log(process.env.X)\n'), [])
    assert.match(findSourceFaults('src/a.ts', 'const a: = 1').join(), /^src\/a\.ts: /)
    assert.match(findSourceFaults('src/a.ts', 'enum A { B }').join(), /enum/i)
  })

  test('migrations', () => {
    assert.deepEqual(findNumberFaults(['001-links.sql', '002-live-links.sql']), [])
    assert.deepEqual(findNumberFaults(['001-links.sql', '003-gap.sql']), [
      'migrations/003-gap.sql: must be called 002-words-with-hyphens.sql',
    ])
    assert.deepEqual(findTransactionFaults('001-a.sql', '-- begin\ncreate table a ();\n'), [])
    assert.deepEqual(findTransactionFaults('001-a.sql', 'create table a ();\ncommit;\n'), [
      'migrations/001-a.sql: leave out "commit", bin/migrate has a transaction open',
    ])
  })
})
