import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Digest, digestSchema, isDigest, referenceOf } from '../../src/record/image.ts'
import { type Part, partSchema } from '../../src/record/part.ts'
import { mergeParts, recordSchema, verdictsOf } from '../../src/record/record.ts'

const digest: Digest = `sha256:${'a'.repeat(64)}`
const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString()
const part = (task: string, ended: number, told: Partial<Part> = {}): Part => ({
  task,
  kind: 'blocking',
  status: 'passed',
  started: at(0),
  ended: at(ended),
  request: '0123456789abcdef',
  ...told,
})
const web = { name: 'web', target: 'prod', platform: 'linux/amd64', digest, repository: '127.0.0.1:1/acme/web' }
const trivy = { name: 'trivy', version: '0.74.0', path: '/usr/bin/trivy' }
const frame = {
  id: '0a1b2c3d',
  revision: { commit: 'c'.repeat(40), ref: 'refs/heads/main', dirty: false, committed: at(0) },
  plan: { hash: 'fedcba9876543210', tasks: [{ id: 'build:web', kind: 'work' as const, needs: [] }] },
  started: at(0),
}

describe('the verdicts among parts', () => {
  it('are those of tasks that judge, with the reason or the fault; the source is the subject where none is named', () => {
    const parts = [
      part('build:web', 1, { kind: 'work', status: 'failed', reason: 'no space' }),
      part('check:format', 2),
      part('scan:web', 3, { subject: digest, status: 'failed', reason: '1 critical' }),
      part('unit:web', 4, { status: 'broken', fault: { kind: 'outside', message: 'the engine is gone' } }),
      part('check:types', 5, { kind: 'advisory', status: 'skipped', reason: 'not asked for' }),
      part('newman:web', 6, { status: 'broken', reason: 'no app', fault: { kind: 'bug', message: 'TypeError' } }),
    ]
    expect(verdictsOf(parts)).toEqual([
      { task: 'check:format', subject: 'source', status: 'passed', blocking: true },
      { task: 'scan:web', subject: digest, status: 'failed', blocking: true, reason: '1 critical' },
      { task: 'unit:web', subject: 'source', status: 'broken', blocking: true, reason: 'the engine is gone' },
      { task: 'check:types', subject: 'source', status: 'skipped', blocking: false, reason: 'not asked for' },
      { task: 'newman:web', subject: 'source', status: 'broken', blocking: true, reason: 'no app' },
    ])
  })
})

describe('the record', () => {
  const build = part('build:web', 5, { kind: 'work', images: [web], programs: [trivy] })
  const scan = part('scan:web', 9, { subject: digest, programs: [trivy], status: 'failed', reason: '1 critical' })
  const push = part('push:web', 7, { kind: 'work', pushed: [{ reference: 'ghcr.io/acme/web:main', digest }] })

  it('holds the parts in the order in which they ended, and what they found, each thing once', () => {
    expect(mergeParts(frame, [scan, build, push], at(10))).toEqual({
      version: 1,
      ...frame,
      ended: at(10),
      outcome: 'failed',
      tasks: [build, push, scan],
      indexes: [],
      images: [web],
      verdicts: [{ task: 'scan:web', subject: digest, status: 'failed', blocking: true, reason: '1 critical' }],
      programs: [trivy],
      pushed: [{ reference: 'ghcr.io/acme/web:main', digest }],
    })
  })

  it('of a run that goes on says so, whatever has ended', () => {
    const record = mergeParts(frame, [scan])
    expect(record.outcome).toBe('running')
    expect(record).not.toHaveProperty('ended')
  })

  it('is the same whatever the order in which parts are read, and fits its schema', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([build, scan, push], { minLength: 3 }), parts => {
        const record = mergeParts(frame, parts, at(10))
        expect(record).toEqual(mergeParts(frame, [build, scan, push], at(10)))
        expect(recordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record)
      }),
    )
  })

  it('two images of one name on two platforms stay two', () => {
    const arm = { ...web, platform: 'linux/arm64', digest: `sha256:${'b'.repeat(64)}` as const }
    expect(mergeParts(frame, [build, { ...build, task: 'build:arm', images: [arm] }]).images).toEqual([web, arm])
  })
})

describe('digests', () => {
  const hex = 'a'.repeat(64)
  const texts: readonly [string, boolean][] = [
    [`sha256:${hex}`, true],
    [`sha256:${hex.toUpperCase()}`, false],
    [`sha256:${hex}a`, false],
    [`sha256:${hex.slice(1)}`, false],
    [`sha512:${hex}`, false],
    [`web@sha256:${hex}`, false],
    [`sha256:${hex}\n`, false],
    ['latest', false],
    ['', false],
  ]
  it.each(texts)('%j: %s', (text, good) => {
    expect([isDigest(text), digestSchema.safeParse(text).success]).toEqual([good, good])
  })
  it('an image is handed on by digest, never by tag', () => {
    expect(referenceOf(web)).toBe(`127.0.0.1:1/acme/web@${digest}`)
  })
  it('a part whose subject is a tag is none', () => {
    expect(partSchema.safeParse({ ...part('scan:web', 1), subject: 'latest' }).success).toBe(false)
  })
})
