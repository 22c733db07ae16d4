import { describe, expect, it } from '@jest/globals'
import { renderSummary } from '../../src/report/summary.ts'
import { digestOf, finding, greenRun, part, record, redRun, test } from './fixtures.ts'

const green = `**Passed**: web linux/amd64 <code>${digestOf('a')}</code>; commit <code>abcdef012345</code> of <code>refs/heads/main</code>, 1 m 20 s

| task | about | status | reason | time |
| --- | --- | --- | --- | --- |
| <code>scan:web:linux/amd64</code> | <code>web linux/amd64 sha256:aaaaaaaaaaaa</code> | passed |  | 3.0 s |

### Pushed

| reference | digest |
| --- | --- |
| <code>123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/web:1.2.0</code> | <code>${digestOf('b')}</code> |

<details><summary>3 tasks passed</summary>

| task | time | found |
| --- | --- | --- |
| <code>build:web:linux/amd64</code> | 1 m 15 s | 1 image |
| <code>scan:web:linux/amd64</code> | 3.0 s |  |
| <code>push:web</code> | 2.0 s |  |

</details>

<details><summary>Times: 1 m 20 s in all</summary>

The chain of tasks that made the run as long as it was:

| task | began after | took |
| --- | --- | --- |
| <code>build:web:linux/amd64</code> | 0 ms | 1 m 15 s |
| <code>scan:web:linux/amd64</code> | 1 m 15 s | 3.0 s |
| <code>push:web</code> | 1 m 18 s | 2.0 s |

Each stage from its first start to its last end:

| stage | began after | took |
| --- | --- | --- |
| <code>build</code> | 0 ms | 1 m 15 s |
| <code>scan</code> | 1 m 15 s | 3.0 s |
| <code>push</code> | 1 m 18 s | 2.0 s |

</details>
`

const red = `**Failed**: web linux/amd64 <code>${digestOf('a')}</code>; commit <code>abcdef012345</code> of <code>refs/heads/main</code>, 50.0 s

| task | about | status | reason | time |
| --- | --- | --- | --- | --- |
| <code>scan:web:linux/amd64</code> | <code>web linux/amd64 sha256:aaaaaaaaaaaa</code> | **failed** | 1 new finding of high or more | 3.2 s |
| <code>newman:web:linux/amd64</code> | <code>web linux/amd64 sha256:aaaaaaaaaaaa</code> | **failed** | 1 of 3 tests failed | 9.0 s |
| <code>contract:web:linux/amd64</code> | <code>web linux/amd64 sha256:aaaaaaaaaaaa</code> | **broken** | could not look: Start the app: docker ended with exit code 125 after 0.3 s | 4.0 s |
| <code>push:web</code> |  | **cancelled** | needs gate, which ended failed |  |
| <code>check:credo</code> | <code>source</code> | **failed (advisory)** | 1 finding | 4.0 s |
| <code>newman:web:linux/arm64</code> |  | skipped | not native: this host is linux/amd64 |  |
| <code>check:format</code> | <code>source</code> | passed | nothing to change | 2.0 s |

### <code>scan:web:linux/amd64</code> failed

1 new finding of high or more

| severity | blocks | rule | where | what |
| --- | --- | --- | --- | --- |
| high | yes | [<code>CVE-2026-0001</code>](https://avd.aquasec.com/nvd/cve-2026-0001) | <code>openssl 3.0.1 → 3.0.2</code> | a buffer overflow |
| medium |  | <code>CVE-2026-0002</code> | <code>zlib 1.2 (no fix yet)</code> | a buffer overflow |

<details><summary>Last lines of the log</summary>

<pre>2 packages looked at
found 2</pre>

</details>

### <code>newman:web:linux/amd64</code> failed

1 of 3 tests failed

<details><summary>Orders › has 2 orders: failed (12 ms)</summary>

[<code>postman/shop.json:40</code>](https://github.com/acme/web/blob/main/postman/shop.json#L40)

<pre>expected 1 to equal 2

GET /orders
200 [{}]</pre>

</details>

### <code>contract:web:linux/amd64</code> broken

It could not look at <code>web linux/amd64 sha256:aaaaaaaaaaaa</code>: this is **no** clean result. Something outside of this repository did not answer or refused.

<pre>Start the app: docker ended with exit code 125 after 0.3 s
port is already allocated
Free port 4000, then run again.</pre>

### <code>check:credo</code> failed (advisory)

1 finding

| severity | blocks | rule | where | what |
| --- | --- | --- | --- | --- |
| low |  | <code>Refactor.Nesting</code> | [<code>lib/a.ex:3</code>](https://github.com/acme/web/blob/main/lib/a.ex#L3) | nested \\| too \\\`deep\\\` |

<details><summary>2 tasks passed</summary>

| task | time | found |
| --- | --- | --- |
| <code>check:format</code> | 2.0 s | nothing to change |
| <code>build:web:linux/amd64</code> | 41.0 s | 1 image, 1 finding |

</details>

<details><summary>1 build warning</summary>

| rule | where | what |
| --- | --- | --- |
| [<code>FromAsCasing</code>](https://docs.docker.com/go/dockerfile/rule/from-as-casing/) | [<code>Dockerfile:1</code>](https://github.com/acme/web/blob/main/Dockerfile#L1) | keywords' casing do not match |

</details>

<details><summary>build:web:linux/amd64: 1 of 3 steps from the cache (33 %), 39.0 s of work</summary>

Sent to the builder: 1.2 kB. Pulled by it: 49.0 MB.

First step that was done anew: \\[3/4\\] RUN mix deps.get: its command changed

Cache: nothing was read from /cache: its index.json is not one

Built on <code>docker.io/library/debian:12@${digestOf('d')}</code>

| slowest steps | time | moved | error |
| --- | --- | --- | --- |
| <code>\\[4/4\\] RUN mix compile</code> | 29.0 s |  |  |
| <code>\\[3/4\\] RUN mix deps.get</code> | 10.0 s |  |  |
| <code>\\[1/4\\] FROM debian</code> | 0.5 s | 49.0 MB |  |
| <code>\\[internal\\] load build context</code> | 0.1 s | 1.2 kB |  |

</details>

<details><summary>1 program</summary>

| program | version |
| --- | --- |
| <code>buildx</code> | <code>0.35.0</code> |

</details>
`

describe('a job summary', () => {
  it('of a run that shipped', () => {
    expect(renderSummary(greenRun())).toBe(green)
  })

  it('of a run in which everything went wrong', () => {
    const summary = renderSummary(redRun(), { source: 'https://github.com/acme/web/blob/main' })
    expect(summary.slice(0, red.length)).toBe(red)
  })

  it.each([
    ['|', '\\|'],
    ['a\nb', 'a b'],
    ['<img src=x onerror=y>', '&lt;img src=x onerror=y&gt;'],
    ['[a](javascript:b)', '\\[a\\](javascript:b)'],
    ['`a` *b* _c_ ~d~', '\\`a\\` \\*b\\* \\_c\\_ \\~d\\~'],
    ['a\\', 'a\\\\'],
    ['\x1b[31mred\x1b[0m\u0007\u202e', 'red'],
    ['https://evil.example/a_b www.evil.example', 'https&#58;//evil.example/a\\_b www&#46;evil.example'],
    ['$x$', '<span>$</span>x<span>$</span>'],
  ])('tells %j as it is', (message, expected) => {
    const summary = renderSummary(
      record([part('scan:x', [0, 1], { status: 'failed', findings: [finding({ message })] })]),
    )
    expect(summary).toContain(`| high | yes | <code>CVE-2026-0001</code> |  | ${expected} |\n`)
  })

  it.each(['javascript:alert(1)', 'https://a.b/)[x', 'http://a.b/', 'https://a b/'])('makes no link of %s', url => {
    const summary = renderSummary(record([part('scan:x', [0, 1], { status: 'failed', findings: [finding({ url })] })]))
    expect(summary).toContain('| high | yes | <code>CVE-2026-0001</code> |  |')
  })

  it('lets no test or log out of its box', () => {
    const tests = [
      test({ name: '</summary><b>', status: 'error', message: '</pre></details>\n\n# Passed', suite: 'a\nb' }),
    ]
    const summary = renderSummary(
      record([part('newman:x', [0, 1], { status: 'failed', tests, log: ['</pre>', '```'] })]),
    )
    expect(summary).toContain('<details><summary>a b › &lt;/summary&gt;&lt;b&gt;: could not say (12 ms)</summary>')
    expect(summary).toContain('<pre>&lt;/pre&gt;&lt;/details&gt;\n\n# Passed</pre>')
    expect(summary).toContain('<pre>&lt;/pre&gt;\n```</pre>')
  })

  it('tells a failed build, which has no verdict', () => {
    const reason = 'Dockerfile:3: RUN false: exit code 1\n#5 one\n#5 two'
    const summary = renderSummary(record([part('build:web', [0, 1], { kind: 'work', status: 'failed', reason })]))
    expect(summary).toContain(
      '| <code>build:web</code> |  | **failed** | Dockerfile:3: RUN false: exit code 1 | 1.0 s |',
    )
    expect(summary).toContain(`### <code>build:web</code> failed\n\n<pre>${reason}</pre>`)
  })

  it.each([
    ['user', 'This can be mended in this repository.'],
    ['outside', 'Something outside of this repository did not answer or refused.'],
    ['bug', 'This is a bug of pce: please report it with the text below.'],
  ] as const)('never shows a broken scan as a clean one: %s', (kind, advice) => {
    const message = Array.from({ length: 60 }, (_, index) => `line ${index}`).join('\n')
    const summary = renderSummary(record([part('scan:x', [0, 1], { status: 'broken', fault: { kind, message } })]))
    expect(summary).toMatch(/^\*\*Broken\*\*/)
    expect(summary).toContain('| <code>scan:x</code> |  | **broken** | could not look: line 0 | 1.0 s |')
    expect(summary).toContain(`It could not look: this is **no** clean result. ${advice}\n\n<pre>${message}</pre>`)
  })

  it('stays within its budget, the most telling first, and says what is missing', () => {
    const tests = Array.from({ length: 3_000 }, (_, index) =>
      test({ name: `t${index}`, status: 'failed', detail: 'ü'.repeat(30_000) }),
    )
    const findings = Array.from({ length: 3_000 }, (_, index) =>
      finding({ rule: `R${index}`, message: 'm'.repeat(5_000) }),
    )
    const parts = [
      part('newman:x', [0, 1], { status: 'failed', tests }),
      part('scan:x', [0, 1], { status: 'failed', findings }),
    ]
    const summary = renderSummary(record(parts))
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(900 * 1024)
    expect(Buffer.byteLength(summary)).toBeGreaterThan(800 * 1024)
    expect(summary).toContain('And 2900 more failed tests.')
    expect(summary).toContain('And 2950 more findings.')
    expect(summary).toMatch(/\n\n\*\*\d+ more sections did not fit into this summary;\*\* .*run\.json.*\n$/)
    expect(summary).toContain('<details><summary>Times: 1.0 s in all</summary>')
  })
})
