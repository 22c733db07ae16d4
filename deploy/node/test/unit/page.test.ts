import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parsePage, renderCursor } from '../../src/links/page.ts'

suite('parsePage', () => {
  const parse = (query: string) => parsePage(new URLSearchParams(query))

  test('without parameters is the first page', () => assert.deepEqual(parse(''), { limit: 20, before: undefined }))
  test('reads back a cursor', () => {
    for (const id of ['1', '42', '9223372036854775807'])
      assert.deepEqual(parse(`limit=100&cursor=${renderCursor(id)}`), { limit: 100, before: id })
  })

  for (const limit of ['0', '101', '-1', '1.5', 'ten', ''])
    test(`refuses the limit "${limit}"`, () => assert.throws(() => parse(`limit=${limit}`), { status: 400 }))
  const foreign = [
    '',
    'nonsense',
    renderCursor('0'),
    renderCursor('1; drop table links'),
    renderCursor('9223372036854775808'),
    `${renderCursor('42')}=`,
  ]
  for (const cursor of foreign)
    test(`refuses the cursor "${cursor}"`, () => assert.throws(() => parse(`cursor=${cursor}`), { status: 400 }))
})
