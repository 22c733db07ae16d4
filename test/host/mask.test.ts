import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createMasker, linesOf } from '../../src/host/mask.ts'

const masked = (secrets: readonly string[], text: string): string => {
  const masker = createMasker()
  for (const secret of secrets) masker.add(secret)
  return masker.apply(text)
}

const key = '-----BEGIN KEY-----\nMIIEabcdef\nxyz987+/=\n}\n-----END KEY-----\n'
const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('a masker', () => {
  it.each([
    ['a secret of one line', ['hunter2'], 'x=hunter2 y=hunter2', 'x=*** y=***'],
    ['a short one too', ['pw'], 'pw', '***'],
    ['the longer of two, whole', ['abc', 'abcdef'], 'abcdef abc', '*** ***'],
    ['no secret', [''], 'a b', 'a b'],
    ['no white space', ['  \n '], 'a  b', 'a  b'],
    ['a secret without its line end', ['hunter2\n'], 'hunter2', '***'],
    ['a secret of several lines', [key], `<${key}>`, '<***>'],
    ['each of its lines alone', [key], 'MIIEabcdef', '***'],
    ['but no line that is everywhere', [key], 'a } b', 'a } b'],
    ['its Base64', ['hunter2!'], base64('hunter2!'), '***'],
    ['its address form', ['p@ss word'], 'https://u:p%40ss%20word@host', 'https://u:***@host'],
    ['its JSON form', ['say "please"'], '{"a":"say \\"please\\""}', '{"a":"***"}'],
    ['nothing that only looks alike', ['hunter2'], 'hunter3', 'hunter3'],
    ['special characters as they are', ['a.*b$1'], 'a.*b$1 aXXb', '*** aXXb'],
  ])('hides %s', (_, secrets, text, expected) => {
    expect(masked(secrets, text)).toBe(expected)
  })

  it.each(['', 'u', 'us', 'AWS:', 'user:'])('hides a secret in the Base64 of something longer, after %j', before => {
    const text = base64(`${before}correct horse battery${before}`)
    const result = masked(['correct horse battery'], text)
    expect(result).toContain('***')
    expect(Buffer.from(result.replaceAll('***', ''), 'base64').toString()).not.toContain('horse')
  })

  it('never leaves a secret that stands in a text', () => {
    const words = fc
      .string({ minLength: 4, maxLength: 30 })
      .filter(text => text.trim().length > 3 && !text.includes('*'))
    fc.assert(
      fc.property(words, fc.string(), fc.string(), (secret, before, after) => {
        expect(masked([secret], `${before}${secret}${after}`)).not.toContain(secret)
      }),
    )
  })

  it('knows the lines that are worth hiding', () => {
    expect(linesOf(key)).toEqual(['-----BEGIN KEY-----', 'MIIEabcdef', 'xyz987+/=', '-----END KEY-----'])
    expect(linesOf('ab\r\n')).toEqual(['ab'])
  })
})
