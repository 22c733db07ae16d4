import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { formats, isFormat, renderAs } from '../../src/report/render.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { digestOf, finding, greenRun, part, record, redRun, test } from './fixtures.ts'

const red = `Verdicts
  check:format              passed (2.0 s) about source: nothing to change
  newman:web:linux/arm64    skipped: not native: this host is linux/amd64
  check:credo               failed (advisory) (4.0 s) about source: 1 finding
  push:web                  cancelled: needs gate, which ended failed
  contract:web:linux/amd64  broken (4.0 s) about web linux/amd64 sha256:aaaaaaaaaaaa: could not look: Start the app: docker ended with exit code 125 after 0.3 s
      port is already allocated
      Free port 4000, then run again.
  newman:web:linux/amd64    failed (9.0 s) about web linux/amd64 sha256:aaaaaaaaaaaa: 1 of 3 tests failed
  scan:web:linux/amd64      failed (3.2 s) about web linux/amd64 sha256:aaaaaaaaaaaa: 1 new finding of high or more

Findings
  high CVE-2026-0001 openssl 3.0.1 → 3.0.2: a buffer overflow
  medium (does not block) CVE-2026-0002 zlib 1.2 (no fix yet): a buffer overflow
  low (does not block) Refactor.Nesting lib/a.ex:3: nested | too \`deep\`

Failed tests
  Orders › has 2 orders
    expected 1 to equal 2
    GET /orders
    200 [{}]

Warnings
  low (does not block) FromAsCasing Dockerfile:1: keywords' casing do not match

Builds
  build:web:linux/amd64: 1 of 3 steps from the cache (33 %), 39.0 s of work
    first done anew: [3/4] RUN mix deps.get: its command changed
    cache: nothing was read from /cache: its index.json is not one

Times
  check 4.0 s, build 41.0 s, scan 3.2 s, contract 4.0 s, newman 9.0 s

Failed in 50.0 s:
  web linux/amd64 ${digestOf('a')}
`

describe('the closing text', () => {
  it('of a run in which everything went wrong', () => {
    expect(renderTerminal(redRun())).toBe(red)
  })

  it('of a run that shipped', () => {
    expect(renderTerminal(greenRun())).toBe(`Verdicts
  scan:web:linux/amd64  passed (3.0 s) about web linux/amd64 sha256:aaaaaaaaaaaa

Pushed
  123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/web:1.2.0 ${digestOf('b')}

Times
  build 1 m 15 s, scan 3.0 s, push 2.0 s

Passed in 1 m 20 s:
  web linux/amd64 ${digestOf('a')}
`)
  })

  it('of a run that did nothing', () => {
    expect(renderTerminal(record([]))).toBe('Passed in 0 ms\n')
  })

  it('names each image, also where two are the same bytes', () => {
    const image = (name: string) => ({
      name,
      target: '',
      platform: 'linux/amd64',
      digest: digestOf('a'),
      repository: `127.0.0.1:5001/acme/${name}`,
    })
    const parts = ['web', 'job'].map(name =>
      part(`scan:${name}`, [0, 1], { subject: digestOf('a'), images: [image(name)] }),
    )
    const text = renderTerminal(record(parts))
    expect(text).toContain(`  web linux/amd64 ${digestOf('a')}\n  job linux/amd64 ${digestOf('a')}\n`)
    expect(text).toMatch(/scan:web +passed .* about web /)
    expect(text).toMatch(/scan:job +passed .* about job /)
  })

  it('is the same in colour', () => {
    const coloured = renderTerminal(redRun(), { colour: true })
    expect(coloured).toContain('\x1b[31mfailed\x1b[39m')
    expect(stripVTControlCharacters(coloured)).toBe(red)
  })

  it('shows ten findings and twenty tests, and no control characters', () => {
    const findings = Array.from({ length: 12 }, (_, index) => finding({ rule: `R${index}`, message: '\x1b[2Ja\nb' }))
    const tests = Array.from({ length: 22 }, (_, index) =>
      test({ name: `t${index}`, status: 'failed', message: '\x1b]0;x\u0007y' }),
    )
    const text = renderTerminal(record([part('x', [0, 1], { status: 'failed', findings, tests })]))
    expect(text).toContain('\nFindings (10 of 12)\n  high R0: a b\n')
    expect(text).toContain('\n  and 2 more failed tests\n')
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u)
  })
})

describe('a format', () => {
  it('is one of five', () => {
    expect(formats.filter(isFormat)).toEqual(['summary', 'annotations', 'junit', 'terminal', 'json'])
    expect(isFormat('html')).toBe(false)
  })

  it.each([
    ['summary', '**Passed**: web'],
    ['annotations', ''],
    ['junit', '<?xml version="1.0" encoding="UTF-8"?>'],
    ['terminal', 'Verdicts\n'],
    ['json', '{\n  "version": 1,'],
  ] as const)('renders %s', (format, begin) => {
    expect(renderAs(format, greenRun()).slice(0, begin.length)).toBe(begin)
    expect(renderAs(format, greenRun())).toMatch(/^$|\n$/)
  })
})
