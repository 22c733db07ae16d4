import type { Finding } from '../../src/record/finding.ts'
import type { Digest, Image } from '../../src/record/image.ts'
import type { Part } from '../../src/record/part.ts'
import { mergeParts, type Record } from '../../src/record/record.ts'
import type { TestCase } from '../../src/record/test-case.ts'

const began = Date.parse('2026-03-01T12:00:00.000Z')

/** ISO time `seconds` after the start of the run. */
export const at = (seconds: number): string => new Date(began + seconds * 1000).toISOString()

export const digestOf = (digit: string): Digest => `sha256:${digit.repeat(64)}`

const image = (platform: string, digit: string): Image => ({
  name: 'web',
  target: 'prod',
  platform,
  digest: digestOf(digit),
  repository: '127.0.0.1:5001/acme/web',
})

export const finding = (told: Partial<Finding> = {}): Finding => ({
  tool: 'trivy',
  rule: 'CVE-2026-0001',
  severity: 'high',
  message: 'a buffer overflow',
  blocking: true,
  ...told,
})

export const test = (told: Partial<TestCase> = {}): TestCase => ({
  suite: 'Orders',
  name: 'GET /orders answers 200',
  status: 'passed',
  duration: 12,
  ...told,
})

/** A part from `from` to `to`, in seconds of the run. */
export const part = (task: string, [from, to]: readonly [number, number], told: Partial<Part> = {}): Part => ({
  task,
  kind: 'blocking',
  status: 'passed',
  started: at(from),
  ended: at(to),
  request: '0123456789abcdef',
  ...told,
})

export const record = (
  parts: readonly Part[],
  needs: Readonly<globalThis.Record<string, readonly string[]>> = {},
): Record =>
  mergeParts(
    {
      id: '0a1b2c3d',
      revision: { commit: 'abcdef0123456789', ref: 'refs/heads/main', dirty: false, committed: at(-60) },
      plan: {
        hash: 'fedcba9876543210',
        tasks: parts.map(({ task, kind }) => ({ id: task, kind, needs: [...(needs[task] ?? [])] })),
      },
      started: at(0),
    },
    parts,
    parts
      .map(({ ended }) => ended)
      .sort()
      .at(-1) ?? at(0),
  )

const amd64 = image('linux/amd64', 'a')

/** A run in which everything that can go wrong did: failed, broken, cancelled, skipped, advisory. */
export const redRun = (): Record =>
  record(
    [
      part('build:web:linux/amd64', [0, 41], {
        kind: 'work',
        images: [amd64],
        vertices: [
          {
            name: '[internal] load build context',
            digest: 'sha256:0',
            cached: false,
            started: at(0.1),
            completed: at(0.2),
            bytes: 1_234,
          },
          {
            name: '[1/4] FROM debian',
            digest: 'sha256:1',
            cached: false,
            started: at(0.5),
            completed: at(1),
            bytes: 49_000_000,
          },
          { name: '[2/4] WORKDIR /app', digest: 'sha256:2', cached: true },
          { name: '[3/4] RUN mix deps.get', digest: 'sha256:3', cached: false, started: at(1), completed: at(11) },
          { name: '[4/4] RUN mix compile', digest: 'sha256:4', cached: false, started: at(11), completed: at(40) },
        ],
        findings: [
          finding({
            tool: 'buildkit',
            rule: 'FromAsCasing',
            severity: 'low',
            message: "keywords' casing do not match",
            location: { file: 'Dockerfile', line: 1 },
            url: 'https://docs.docker.com/go/dockerfile/rule/from-as-casing/',
            blocking: false,
          }),
        ],
        bases: [{ image: 'docker.io/library/debian:12', digest: digestOf('d') }],
        cache: {
          type: 'local',
          why: 'a folder',
          from: ['type=local,src=/cache'],
          to: [],
          found: [],
          missed: [],
          received: 0,
          sent: 0,
          entries: 0,
          miss: '[3/4] RUN mix deps.get: its command changed',
          notices: ['nothing was read from /cache: its index.json is not one'],
        },
        programs: [{ name: 'buildx', version: '0.35.0', path: '/usr/bin/docker' }],
      }),
      part('check:format', [0, 2], { reason: 'nothing to change' }),
      part('check:credo', [0, 4], {
        kind: 'advisory',
        status: 'failed',
        reason: '1 finding',
        findings: [
          finding({
            tool: 'credo',
            rule: 'Refactor.Nesting',
            severity: 'low',
            message: 'nested | too `deep`',
            location: { file: 'lib/a.ex', line: 3, column: 7 },
          }),
        ],
      }),
      part('scan:web:linux/amd64', [41, 44.2], {
        status: 'failed',
        reason: '1 new finding of high or more',
        subject: amd64.digest,
        findings: [
          finding({
            rule: 'CVE-2026-0002',
            severity: 'medium',
            blocking: false,
            package: { name: 'zlib', installed: '1.2' },
          }),
          finding({
            package: { name: 'openssl', installed: '3.0.1', fixed: '3.0.2' },
            url: 'https://avd.aquasec.com/nvd/cve-2026-0001',
          }),
        ],
        log: ['2 packages looked at', 'found 2'],
      }),
      part('newman:web:linux/amd64', [41, 50], {
        status: 'failed',
        reason: '1 of 3 tests failed',
        subject: amd64.digest,
        tests: [
          test(),
          test({
            name: 'has 2 orders',
            status: 'failed',
            message: 'expected 1 to equal 2',
            detail: 'GET /orders\n200 [{}]',
            location: { file: 'postman/shop.json', line: 40 },
          }),
          test({ name: 'DELETE /orders', status: 'skipped' }),
        ],
      }),
      part('contract:web:linux/amd64', [41, 45], {
        status: 'broken',
        subject: amd64.digest,
        fault: {
          kind: 'outside',
          message:
            'Start the app: docker ended with exit code 125 after 0.3 s\nport is already allocated\nFree port 4000, then run again.',
        },
      }),
      part('newman:web:linux/arm64', [50, 50], { status: 'skipped', reason: 'not native: this host is linux/amd64' }),
      part('push:web', [50, 50], { kind: 'work', status: 'cancelled', reason: 'needs gate, which ended failed' }),
    ],
    {
      'scan:web:linux/amd64': ['build:web:linux/amd64'],
      'newman:web:linux/amd64': ['build:web:linux/amd64'],
      'contract:web:linux/amd64': ['build:web:linux/amd64'],
    },
  )

/** A run that shipped. */
export const greenRun = (): Record =>
  record(
    [
      part('build:web:linux/amd64', [0, 75], { kind: 'work', images: [amd64] }),
      part('scan:web:linux/amd64', [75, 78], { subject: amd64.digest }),
      part('push:web', [78, 80], {
        kind: 'work',
        pushed: [{ reference: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/web:1.2.0', digest: digestOf('b') }],
      }),
    ],
    { 'scan:web:linux/amd64': ['build:web:linux/amd64'], 'push:web': ['scan:web:linux/amd64'] },
  )
