import { describe, expect, it } from '@jest/globals'
import { createMasker } from '../../src/host/mask.ts'
import { maskPart, maskRecord } from '../../src/record/masked.ts'
import { type Part, partSchema } from '../../src/record/part.ts'
import { mergeParts } from '../../src/record/record.ts'

const digest = `sha256:${'1'.repeat(64)}` as const
const image = { name: 'web', target: '', platform: 'linux/amd64', digest, repository: '127.0.0.1:5001/acme/web' }
const revision = { commit: '1'.repeat(40), ref: 'refs/heads/main', dirty: false, committed: '2026-01-11T00:00:00Z' }
const part = (secret: string): Part => ({
  task: 'build:web',
  kind: 'blocking',
  status: 'failed',
  started: '2026-01-11T00:00:01Z',
  ended: '2026-01-11T00:00:11Z',
  request: '1111',
  source: '1111111111111111',
  subject: digest,
  value: image,
  images: [image],
  indexes: [{ name: 'web', digest, repository: image.repository, images: [digest] }],
  pushed: [{ reference: 'ghcr.io/acme/web:1', digest }],
  bases: [{ image: 'docker.io/library/debian:11', digest }],
  programs: [{ name: 'regctl', version: '1.11', path: '/acme/regctl' }],
  reason: `said ${secret}`,
  fault: { kind: 'user', message: `fault ${secret}` },
  log: ['one', `two ${secret}`],
  vertices: [{ name: `[web 1/1] RUN echo ${secret}`, digest, cached: false, error: `not ${secret}` }],
  findings: [
    { tool: 'trivy', rule: 'r', severity: 'high', message: `found ${secret}`, detail: secret, blocking: true },
  ],
  tests: [{ suite: secret, name: secret, status: 'passed', duration: 1, message: secret, detail: secret }],
  cache: {
    type: 'gha',
    why: secret,
    from: [],
    to: [],
    found: [],
    missed: [],
    received: 0,
    sent: 0,
    entries: 0,
    miss: secret,
    notices: [secret],
  },
})
const maskerOf = (secret: string) => {
  const masker = createMasker()
  masker.add(secret)
  return masker
}

describe('a part and a record without secrets', () => {
  it('have none in whatever is text', () => {
    const { apply } = maskerOf('s3cr3t-of-npm')
    const frame = { id: '0a1b2c3d', revision, plan: { hash: '11', tasks: [] }, started: '2026-01-11T00:00:00Z' }
    const record = maskRecord(mergeParts(frame, [part('s3cr3t-of-npm')], '2026-01-11T00:00:12Z'), apply)
    const text = JSON.stringify([record, maskPart(part('s3cr3t-of-npm'), apply)])
    expect(text).not.toContain('s3cr3t')
    expect(text.match(/\*\*\*/g)).toHaveLength(29)
  })

  // The owner of an image, a word of our own, a digit of a digest: all have been secrets of somebody.
  it.each(['1', 'acme', 'linux', 'sha256', 'failed', 'high', 'passed', 'web', 'gha'])(
    'keep what the run reads again, also where the secret is %s',
    secret => {
      const made = partSchema.parse(maskPart(part('quiet'), maskerOf(secret).apply))
      const { reason: _, fault, log: __, vertices, findings, tests, cache, ...typed } = part('quiet')
      expect(made).toMatchObject(typed)
      expect(made.vertices?.[0]).toMatchObject({ digest, cached: false, name: expect.stringMatching(/^\[web 1\/1\] /) })
      expect([made.findings?.[0]?.severity, made.tests?.[0]?.status]).toEqual(['high', 'passed'])
      expect([made.fault?.kind, made.cache?.type]).toEqual([fault?.kind, cache?.type])
      expect([vertices, findings, tests].map(all => all?.length)).toEqual([1, 1, 1])
    },
  )
})
