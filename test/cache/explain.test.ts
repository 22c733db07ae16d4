import { expect, it } from '@jest/globals'
import { explainMiss, type Reading } from '../../src/cache/explain.ts'
import type { Vertex } from '../../src/record/part.ts'

let count = 0
const step = (name: string, cached = false, more: Partial<Vertex> = {}): Vertex => {
  count += 1
  const at = new Date(1_800_000_000_000 + count * 1000).toISOString()
  return { name, digest: `sha256:${count}`, cached, started: at, completed: at, ...more }
}
const importing = (error?: string) =>
  step('importing cache manifest from gha:1234', false, error === undefined ? {} : { error })

const reading: Reading = { from: ['type=gha,scope=web'], found: ['web'], missed: [] }
const copy = '[2/4] COPY package.json ./'
const run = '[3/4] RUN npm ci'

it.each<[string, readonly Vertex[], Reading, string | undefined]>([
  ['every step was cached', [step(copy, true), step(run, true)], reading, undefined],
  ['no steps', [step('[internal] load build definition')], reading, undefined],
  ['no cache is read', [step(copy)], { ...reading, from: [] }, `${copy}: there was no cache to read`],
  [
    'none is there yet',
    [importing(), step(copy), step(run)],
    { ...reading, found: [], missed: ['web-prod', 'web-test'] },
    `${copy}: there is no cache yet for web-prod, web-test`,
  ],
  [
    'it could not be read',
    [importing('dial tcp: refused\nmore'), step(copy)],
    { ...reading, found: [] },
    `${copy}: the cache could not be read: dial tcp: refused`,
  ],
  [
    'nobody has written it yet',
    [importing('failed to configure registry cache importer: ghcr.io/acme/cache:web: not found'), step(copy)],
    { ...reading, found: [] },
    `${copy}: there is no cache yet`,
  ],
  [
    'a file changed',
    [step('[1/4] WORKDIR /app', true), step(copy), step(run)],
    reading,
    `${copy}: a file that it copies changed, or its base image`,
  ],
  [
    'a command changed',
    [step(copy, true), step(run)],
    reading,
    `${run}: its command, a build argument that it sees or its base image changed`,
  ],
  [
    'a stage changed',
    [step(copy, true), step('[prod 2/2] COPY --from=build /app /app')],
    reading,
    '[prod 2/2] COPY --from=build /app /app: what it copies from another stage changed, or its base image',
  ],
  [
    'a folder',
    [step(copy, true), step('[4/4] WORKDIR /b')],
    reading,
    '[4/4] WORKDIR /b: it changed, or its base image',
  ],
])('%s', (_, vertices, read, expected) => {
  expect(explainMiss(vertices, read)).toBe(expected)
})

it('the first is the one that began first, in whatever order they were told', () => {
  const [first, second] = [step(copy), step(run)]
  expect(explainMiss([second, first], reading)).toMatch(copy)
})
