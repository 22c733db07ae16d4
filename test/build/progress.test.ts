import { describe, expect, it } from '@jest/globals'
import { createProgress } from '../../src/build/progress.ts'
import { linesOf, read } from './captured/read.ts'

describe('progress', () => {
  const withoutTimes = (lines: readonly string[]) => lines.map(line => line.replace(/ \d+\.\d+s /, ' T '))

  it('tells each step once, when it ends, and its output as it comes', () => {
    expect(withoutTimes(read('run').told)).toEqual([
      'DONE T [internal] load build definition from Dockerfile',
      'DONE T [internal] load metadata for docker.io/library/debian:bookworm-slim',
      'DONE T [internal] load .dockerignore',
      expect.stringMatching(/^DONE T \[base 1\/2\] FROM docker\.io\/library\/debian:bookworm-slim@sha256:/),
      'one',
      'DONE T [base 2/2] RUN echo one',
      'preparing',
      'cannot find module left-pad',
      'ERROR T [prod 1/1] RUN echo preparing &&     echo "cannot find module left-pad" >&2 &&     exit 3',
      ...linesOf('run').filter(line => line !== '' && !line.startsWith('{')),
    ])
  })

  it('a step that is cached says so', () => {
    expect(read('good-cached').told.filter(line => line.startsWith('CACHED'))).toEqual([
      'CACHED [base 2/2] RUN echo one && echo two >&2',
      'CACHED [prod 1/1] COPY hello.txt /',
    ])
    expect(read('good').told.filter(line => line.startsWith('CACHED'))).toEqual([])
  })

  it('keeps every step with its times: from its first start to its last end', () => {
    const { vertices } = read('run').progress
    expect(vertices.map(({ name, cached, error }) => [name.replace(/@.*/, ''), cached, error])).toEqual([
      ['[internal] load build definition from Dockerfile', false, undefined],
      ['[internal] load metadata for docker.io/library/debian:bookworm-slim', false, undefined],
      ['[internal] load .dockerignore', false, undefined],
      [
        '[prod 1/1] RUN echo preparing &&     echo "cannot find module left-pad" >&2 &&     exit 3',
        false,
        'process "/bin/sh -c echo preparing &&     echo \\"cannot find module left-pad\\" >&2 &&     exit 3" did not complete successfully: exit code: 3',
      ],
      ['[base 2/2] RUN echo one', false, undefined],
      ['[base 1/2] FROM docker.io/library/debian:bookworm-slim', false, undefined],
    ])
    const pull = vertices.at(-1)
    expect([pull?.started, pull?.completed]).toEqual([
      '2026-11-24T12:03:45.104391312Z',
      '2026-11-24T12:03:48.67048242Z',
    ])
  })

  it('what is cancelled since another step failed is not what failed', () => {
    const { progress } = read('both')
    expect(progress.failure).toMatchObject({ name: '[b 1/1] RUN echo b fails && false', log: ['b fails'] })
    expect(progress.vertices.find(({ name }) => name.includes('sleep 20'))?.error).toMatch(/canceled/)
  })

  it('also when it comes before it', () => {
    const progress = createProgress()
    const [a, b] = ['a', 'b'].map(name => ({ digest: `sha256:${name}`, name }))
    const failed = { ...b, error: 'exit code: 1' }
    progress.read(JSON.stringify({ vertexes: [{ ...a, error: 'Canceled: context canceled' }, failed] }))
    expect(progress.failure).toEqual({ name: 'b', error: 'exit code: 1', log: [] })
  })

  it('a cache that is not there is not what failed, unless nothing else did', () => {
    const progress = createProgress()
    const cache = { digest: 'sha256:c', name: '[web] importing cache manifest from ghcr.io/acme/cache:web' }
    progress.read(JSON.stringify({ vertexes: [{ ...cache, error: 'not found' }] }))
    expect(progress.failure).toMatchObject({ name: cache.name })
    progress.read(
      JSON.stringify({ vertexes: [{ digest: 'sha256:s', name: '[web 2/2] RUN false', error: 'exit code: 1' }] }),
    )
    expect(progress.failure).toEqual({ name: '[web 2/2] RUN false', error: 'exit code: 1', log: [] })
  })

  it('lines that are no progress are handed on: an empty one, half JSON, another JSON', () => {
    const progress = createProgress()
    const lines = ['', '  ', 'WARNING: no output', '{"vertexes":[{"dig', '{"vertexes": 1}', '{"warnings":[]}']
    expect(lines.flatMap(line => progress.read(line))).toEqual([
      'WARNING: no output',
      '{"vertexes":[{"dig',
      '{"vertexes": 1}',
    ])
    expect(progress.rest).toEqual(lines.slice(0, -1))
    expect([progress.vertices, progress.failure]).toEqual([[], undefined])
  })

  it('bytes that were sent or pulled are told of their step', () => {
    const { vertices } = read('bytes').progress
    expect(
      vertices.flatMap(({ name, bytes }) => (bytes === undefined ? [] : [[name.replace(/@.*/, ''), bytes]])),
    ).toEqual([
      ['[internal] load build definition from Dockerfile', 101],
      ['[internal] load .dockerignore', 2],
      ['[internal] load build context', 30],
      ['[1/3] FROM docker.io/library/node:24-bookworm-slim', 49_021_151 + 345 + 3_358],
    ])
  })

  it('which image a registry is asked for, while nothing else is under way', () => {
    const progress = createProgress()
    const asked = (...vertexes: object[]) => {
      progress.read(JSON.stringify({ vertexes }))
      return progress.asksFor
    }
    const started = '2026-03-01T12:00:00Z'
    const metadata = { digest: 'a', name: '[internal] load metadata for docker.io/library/debian:12', started }
    const step = { digest: 'b', name: '[2/2] RUN make', started }
    expect(asked({ digest: 'a', name: metadata.name })).toBe(undefined)
    expect(asked(metadata)).toBe('docker.io/library/debian:12')
    expect(asked(step)).toBe(undefined)
    expect(asked({ ...step, completed: started })).toBe('docker.io/library/debian:12')
    expect(asked({ ...metadata, completed: started })).toBe(undefined)
    const frontend = 'resolve image config for docker-image://docker.io/docker/dockerfile:1'
    expect(asked({ digest: 'c', name: frontend, started })).toBe('docker.io/docker/dockerfile:1')
  })
})
