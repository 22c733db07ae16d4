import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { forgetOthers, joinOverrides, partsOf } from '../../src/pipeline/join.ts'
import type { Command } from '../../src/pipeline/plan.ts'
import type { Digest, Image } from '../../src/record/image.ts'
import type { Part } from '../../src/record/part.ts'
import { writeOverrides } from '../../src/run/kept.ts'
import { readParts, writePart } from '../../src/run/parts.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'join-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))
const run = () => ({ id: '0a1b2c3d', directory })

it('what earlier steps said counts, but not where a push goes', async () => {
  const over = (path: string, text: string) => ({ path: path.split('.'), text, from: `input ${path}` })
  const kept = [
    over('image', 'ghcr.io/acme/web'),
    over('build.file', 'Dockerfile'),
    over('annotations', 'a=b'),
    over('hadolint', 'false'),
    over('registries', 'evil.example.com'),
    over('destinations', 'evil.example.com/a'),
    over('tags', 'evil.example.com/a:1'),
    over('flavor', 'latest=true'),
    over('login.role-to-assume', 'arn:aws:iam::123456789012:role/other'),
  ]
  await writeOverrides(directory, kept)
  const own = [over('scan.block', 'high')]
  const join = (command: Command, pushes: boolean) => joinOverrides(run(), { command, pushes, overrides: own })
  expect(await join('scan', false)).toEqual([...kept, ...own])
  expect(await join('push', true)).toEqual([{ ...kept[0], text: 'acme/web' }, kept[1], kept[2], kept[3], ...own])
  // A second build is its own, but for what a check was told, and the caches at the end of a job are those of its last build.
  expect(await join('build', false)).toEqual([kept[3], ...own])
  expect(await join('build', true)).toEqual([kept[3], ...own])
  expect(await join('cache', false)).toEqual(kept)
})

const digest = (digit: string): Digest => `sha256:${digit.repeat(64)}`
const part = (task: string, told: Partial<Part> = {}): Part => ({
  task,
  kind: 'blocking',
  status: 'passed',
  started: '2026-01-01T00:00:00.000Z',
  ended: '2026-01-01T00:00:01.000Z',
  request: '0123456789abcdef',
  source: 'here',
  ...told,
})
const image: Image = {
  name: 'web',
  target: '',
  platform: 'linux/amd64',
  digest: digest('a'),
  repository: '127.0.0.1:1/acme/web',
}

it('when an image is built again, what was said about it goes, but for what is red until there is another digest', async () => {
  const parts = [
    part('builder', { kind: 'work' }),
    part('build:web', { kind: 'work' }),
    part('check:format', { status: 'failed' }),
    part('check:old', { status: 'failed', source: 'elsewhere' }),
    part('contract:web', { subject: digest('a') }),
    part('scan:web', { subject: digest('a'), status: 'failed' }),
    part('newman:web', { subject: digest('b'), status: 'broken' }),
    part('gate', { kind: 'work' }),
  ]
  for (const one of parts) await writePart(directory, one)
  const ids = (all: readonly Part[]) => all.map(({ task }) => task).sort()
  const left = ['builder', 'check:format', 'newman:web', 'scan:web']
  expect(ids(await partsOf('build', run(), 'here'))).toEqual(left)
  expect(ids(await readParts(directory))).toEqual(left)
  await forgetOthers(run(), [image])
  expect(ids(await readParts(directory))).toEqual(['builder', 'check:format', 'scan:web'])
})
