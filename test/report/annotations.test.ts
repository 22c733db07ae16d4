import { describe, expect, it } from '@jest/globals'
import { renderAnnotations, renderCommand } from '../../src/report/annotations.ts'
import { finding, part, record, redRun, test } from './fixtures.ts'

describe('annotations', () => {
  it('are the worst first, at their places', () => {
    expect(renderAnnotations(redRun())).toEqual([
      {
        level: 'error',
        title: 'contract:web:linux/amd64 could not look',
        message:
          'Start the app: docker ended with exit code 125 after 0.3 s\nport is already allocated\nFree port 4000, then run again.',
      },
      {
        level: 'error',
        title: 'Orders › has 2 orders',
        message: 'expected 1 to equal 2',
        file: 'postman/shop.json',
        line: 40,
      },
      {
        level: 'error',
        title: 'high: CVE-2026-0001 (trivy)',
        message: 'openssl 3.0.1 → 3.0.2: a buffer overflow\nhttps://avd.aquasec.com/nvd/cve-2026-0001',
      },
      { level: 'warning', title: 'medium: CVE-2026-0002 (trivy)', message: 'zlib 1.2 (no fix yet): a buffer overflow' },
      {
        level: 'notice',
        title: 'low: Refactor.Nesting (credo)',
        message: 'nested | too `deep`',
        file: 'lib/a.ex',
        line: 3,
        column: 7,
      },
      {
        level: 'notice',
        title: 'low: FromAsCasing (buildkit)',
        message: "keywords' casing do not match\nhttps://docs.docker.com/go/dockerfile/rule/from-as-casing/",
        file: 'Dockerfile',
        line: 1,
      },
    ])
  })

  it.each(['failed', 'broken'] as const)(
    'a build that %s is told once, at its line, with the end of its log',
    status => {
      const fault = status === 'broken' ? { fault: { kind: 'outside' as const, message: 'no' } } : { reason: 'no' }
      const found = finding({
        tool: 'buildkit',
        rule: 'build-failed',
        message: '[2/2] RUN make: exit code 2',
        detail: 'make: *** no rule',
        location: { file: 'docker/Dockerfile', line: 7 },
      })
      const build = part('build:web', [0, 9], { kind: 'work', status, ...fault, findings: [found] })
      expect(renderAnnotations(record([build]))).toEqual([
        {
          level: 'error',
          title: 'high: build-failed (buildkit)',
          message: '[2/2] RUN make: exit code 2\nmake: *** no rule',
          file: 'docker/Dockerfile',
          line: 7,
        },
      ])
    },
  )

  it('what two platforms are warned of is told once', () => {
    const found = finding({ severity: 'low', blocking: false })
    const builds = ['linux/amd64', 'linux/arm64'].map(platform =>
      part(`build:web:${platform}`, [0, 1], { kind: 'work', findings: [found] }),
    )
    expect(renderAnnotations(record(builds)).map(({ level }) => level)).toEqual(['notice'])
  })

  it('tell once what two platforms share', () => {
    const scans = ['linux/amd64', 'linux/arm64'].map(platform =>
      part(`scan:web:${platform}`, [0, 1], { status: 'failed', findings: [finding(), finding()] }),
    )
    expect(renderAnnotations(record(scans))).toHaveLength(1)
  })

  it('are at most ten of a level', () => {
    const findings = Array.from({ length: 12 }, (_, index) =>
      finding({ rule: `R${index}`, severity: index === 11 ? 'critical' : 'high' }),
    )
    const mild = Array.from({ length: 10 }, (_, index) =>
      finding({ rule: `M${index}`, severity: 'low', blocking: false }),
    )
    const all = renderAnnotations(
      record([part('scan:x', [0, 1], { status: 'failed', findings: [...mild, ...findings] })]),
    )
    expect(all.map(({ level, title }) => `${level} ${title}`)).toEqual([
      'error critical: R11 (trivy)',
      ...[0, 1, 2, 3, 4, 5, 6, 7].map(index => `error high: R${index} (trivy)`),
      'error and 3 more errors',
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map(index => `notice low: M${index} (trivy)`),
      'notice and 1 more notice',
    ])
  })

  it.each([
    [
      'a failed task that nothing else tells of',
      part('check:x', [0, 1], { status: 'failed', reason: 'exit code 1' }),
      'error',
      'check:x failed',
    ],
    [
      'an advisory one',
      part('check:x', [0, 1], { kind: 'advisory', status: 'failed', reason: 'exit code 1' }),
      'warning',
      'check:x failed',
    ],
    [
      'a broken build',
      part('build:x', [0, 1], { kind: 'work', status: 'broken' }),
      'error',
      'build:x could not be done',
    ],
    [
      'a broken advisory check',
      part('check:x', [0, 1], { kind: 'advisory', status: 'broken' }),
      'warning',
      'check:x could not look',
    ],
    [
      'a test that could not say',
      part('newman:x', [0, 1], { status: 'failed', tests: [test({ status: 'error' })] }),
      'error',
      'Orders › GET /orders answers 200',
    ],
  ])('tell %s', (_, one, level, title) => {
    expect(renderAnnotations(record([one])).map(found => [found.level, found.title])).toEqual([[level, title]])
  })

  it('tell nothing of what passed, was skipped or was cancelled', () => {
    const parts = [
      part('a', [0, 1]),
      part('b', [0, 0], { status: 'skipped', reason: 'not native' }),
      part('c', [0, 0], { status: 'cancelled', reason: 'needs a' }),
    ]
    expect(renderAnnotations(record(parts))).toEqual([])
  })

  it('are no longer than GitHub keeps', () => {
    const long = finding({ rule: 'r'.repeat(500), message: 'm'.repeat(10_000) })
    const [annotation] = renderAnnotations(record([part('scan:x', [0, 1], { status: 'failed', findings: [long] })]))
    expect([annotation?.title.length, annotation?.message.length]).toEqual([250, 4_000])
  })
})

describe('a workflow command', () => {
  it.each([
    [{ level: 'error', title: 't', message: 'm' }, '::error title=t::m'],
    [
      { level: 'warning', title: 'a: b, c', message: '100%\r\nx: y, z::', file: 'a,b:c.ts', line: 3, column: 7 },
      '::warning title=a%3A b%2C c,file=a%2Cb%3Ac.ts,line=3,col=7::100%25%0D%0Ax: y, z::',
    ],
  ] as const)('%j', (annotation, expected) => {
    expect(renderCommand(annotation)).toBe(expected)
  })
})
