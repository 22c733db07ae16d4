import { describe, expect, it } from '@jest/globals'
import { load, refusal } from './given.ts'

describe('a document that is no configuration', () => {
  it.each([
    { text: '- image: a', error: 'pce.yml:1:1  found a list, expected a mapping, such as image: acme/web' },
    { text: 'acme/web', error: 'pce.yml:1:1  found "acme/web", expected a mapping, such as image: acme/web' },
    { text: '42', error: 'pce.yml:1:1  found 42, expected a mapping, such as image: acme/web' },
    { text: 'image: a\nimage: b', error: 'pce.yml:2:1  Map keys must be unique' },
    {
      text: 'image: [a',
      error: 'pce.yml:1:10  Flow sequence in block collection must be sufficiently indented and end with a ]',
    },
    { text: 'image: a\n\tscan: b', error: 'pce.yml:2:1  Tabs are not allowed as indentation' },
    { text: 'image: !env IMAGE', error: 'pce.yml:1:8  Unresolved tag: !env' },
    { text: 'image: *base', error: 'pce.yml:1:8  no such anchor before this alias' },
    {
      text: 'image: a\n---\nimage: b',
      error: 'pce.yml:2:1  Source contains multiple documents; please use YAML.parseAllDocuments()',
    },
    { text: '? [a, b]\n: c', error: 'pce.yml:1:3  With stringKeys, all keys must be strings' },
    { text: 'checks: &a { b: *a }', error: 'pce.yml  too many aliases, or an alias inside of what it stands for' },
    { text: 'checks: { __proto__: make }', error: 'pce.yml  __proto__ is no key' },
  ])('$text', ({ text, error }) => {
    expect(refusal(() => load({ text }))).toBe(error)
  })

  it('does not unfold aliases without end', () => {
    const bomb = [
      'a: &a [x, x]',
      ...[...'bcdefghij'].map((key, at) => `${key}: &${key} [${`*${'abcdefghi'[at]}, `.repeat(9)}]`),
    ]
    expect(refusal(() => load({ text: bomb.join('\n') }))).toBe(
      'pce.yml  too many aliases, or an alias inside of what it stands for',
    )
  })
})

describe('YAML as people write it', () => {
  it('takes anchors and merge keys', () => {
    const text = 'image: a\nchecks:\n  one: &c { run: make one, gate: advisory }\n  two: { <<: *c, run: make two }\n'
    const rest = { gate: 'advisory', weight: 1, timeout: 600_000 }
    expect(load({ text }).config.checks).toEqual({
      one: { run: 'make one', ...rest },
      two: { run: 'make two', ...rest },
    })
  })

  it('keeps versions as they are written', () => {
    const text = 'image: a\nbuild:\n  build-args: { OTP: 27.0, ELIXIR: 1.10, HEX: 0x10, DEBUG: True, PLAIN: x }\n'
    expect(load({ text }).config.images.a?.build['build-args']).toEqual({
      OTP: '27.0',
      ELIXIR: '1.10',
      HEX: '0x10',
      DEBUG: 'True',
      PLAIN: 'x',
    })
  })

  it('points through an alias to what was written', () => {
    const text = 'image: a\nchecks:\n  one: &c\n    run: 5\n  two: *c\n'
    expect(refusal(() => load({ text })).split('\n')).toEqual([
      'pce.yml:4:5  checks.one.run: found 5, expected text or a list',
      'pce.yml:4:5  checks.two.run: found 5, expected text or a list',
    ])
  })
})
