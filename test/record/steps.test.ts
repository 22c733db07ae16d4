import { describe, expect, it } from '@jest/globals'
import type { Vertex } from '../../src/record/part.ts'
import { cacheHitRatio, stepsOf } from '../../src/record/steps.ts'

const at = '2026-03-01T12:00:00Z'
const done = (name: string, digest = name): Vertex => ({ name, digest, cached: false, started: at, completed: at })
const hit = (name: string, digest = name): Vertex => ({ name, digest, cached: true })

describe('the steps of the user', () => {
  it.each([
    '[2/3] RUN make',
    '[base 2/3] COPY . .',
    '[linux/arm64 base 2/3] WORKDIR /app',
    '[linux/amd64->arm64 build 10/12] ADD https://example.com/a.tar /',
    '[web base 2/3] RUN <<EOF (make)',
    '[b 1/1] RUN echo "FROM here"',
  ])('%s', name => expect(stepsOf([hit(name)])).toEqual([hit(name)]))

  it.each([
    '[base 1/3] FROM docker.io/library/debian:bookworm-slim@sha256:0',
    '[internal] load build context',
    '[web internal] load metadata for docker.io/library/debian:bookworm-slim',
    'exporting to image',
    'importing cache manifest from local:1',
    '[auth] library/debian:pull token for registry-1.docker.io',
    'docker-image://docker.io/docker/dockerfile:1',
    '[context docs] load from client',
  ])('not %s', name => expect(stepsOf([done(name)])).toEqual([]))

  it('not one that failed, was cancelled or never began', () => {
    const { completed: _, ...running } = done('[1/3] RUN a')
    const { started: __, ...waiting } = running
    expect(stepsOf([running, waiting, { ...done('[2/3] RUN b'), error: 'exit code: 1' }])).toEqual([])
  })

  it('one that two builds of a run share was done, whichever tells it first', () => {
    const [work, found] = [done('[2/3] RUN make'), hit('[2/3] RUN make')]
    expect([stepsOf([found, work]), stepsOf([work, found])]).toEqual([[work], [work]])
  })
})

describe('the cache-hit ratio', () => {
  it.each<[string, readonly Vertex[], number | undefined]>([
    ['no build', [], undefined],
    ['no step', [done('[1/1] FROM scratch')], undefined],
    ['nothing from the cache', [done('[2/3] RUN a'), done('[3/3] RUN b')], 0],
    ['all from the cache', [hit('[2/3] RUN a'), hit('[3/3] RUN b')], 1],
    ['some, and what is no step does not count', [hit('[2/3] RUN a'), done('[3/3] RUN b'), done('exporting')], 0.5],
  ])('%s', (_, vertices, ratio) => expect(cacheHitRatio(vertices)).toBe(ratio))
})
