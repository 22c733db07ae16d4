import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Problem } from '../../src/http/problem.ts'
import { chooseSlug, parseNewLink } from '../../src/links/link.ts'

const publicUrl = 'https://sho.rt'
const url = 'https://example.com/path?q=1#part'

const errorsOf = (body: Readonly<Record<string, unknown>>) => {
  try {
    parseNewLink(body, publicUrl)
    return []
  } catch (error) {
    assert.ok(error instanceof Problem)
    assert.equal(error.status, 422)
    return error.errors.map(({ field, message }) => `${field} ${message}`)
  }
}

suite('parseNewLink', () => {
  test('takes a URL alone', () => assert.deepEqual(parseNewLink({ url }, publicUrl), { url, slug: undefined }))
  test('takes a slug', () => assert.deepEqual(parseNewLink({ url, slug: 'a-1' }, publicUrl), { url, slug: 'a-1' }))
  test('stores the URL as browsers write it', () =>
    assert.equal(parseNewLink({ url: 'HTTP://Exämple.com' }, publicUrl).url, 'http://xn--exmple-cua.com/'))

  const slugRule = 'slug must be 3 to 64 lower-case letters, digits or hyphens, with no hyphen at the ends'
  const refused: { body: Readonly<Record<string, unknown>>; errors: string[] }[] = [
    { body: {}, errors: ['url is required and must be text'] },
    { body: { url: 7 }, errors: ['url is required and must be text'] },
    { body: { url: 'example.com' }, errors: ['url must begin with http:// or https://'] },
    { body: { url: 'javascript:alert(1)' }, errors: ['url must begin with http:// or https://'] },
    {
      body: { url: `https://example.com/${'a'.repeat(2048)}` },
      errors: ['url must not be longer than 2048 characters'],
    },
    { body: { url: 'https://me:pw@example.com' }, errors: ['url must not hold a user name or password'] },
    { body: { url: 'https://sho.rt/other' }, errors: ['url must not lead back to this shortener'] },
    { body: { url, slug: 'ab' }, errors: [slugRule] },
    { body: { url, slug: 'Upper' }, errors: [slugRule] },
    { body: { url, slug: '-abc' }, errors: [slugRule] },
    { body: { url, slug: 'a'.repeat(65) }, errors: [slugRule] },
    { body: { url, slug: null }, errors: [slugRule] },
    { body: { url, slug: 'metrics' }, errors: ['slug is used by the app itself'] },
    { body: { slug: 'x', ttl: 5 }, errors: ['ttl is not a known field', 'url is required and must be text', slugRule] },
  ]
  for (const { body, errors } of refused)
    test(`refuses ${JSON.stringify(body).slice(0, 60)}`, () => assert.deepEqual(errorsOf(body), errors))
})

test('a chosen slug passes the check for slugs', () => {
  for (let round = 0; round < 100; round++) assert.deepEqual(errorsOf({ url, slug: chooseSlug() }), [])
})
