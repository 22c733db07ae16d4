import { readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { layerFileOf, readArchive, writeArchive } from '../../src/mounts/archive.ts'
import { fetchMounts } from '../../src/mounts/fetch.ts'
import { openPlace, openRegistry, type Registry, runOnce, silentScope } from './world.ts'

let registry: Registry
beforeAll(async () => {
  registry = await openRegistry()
}, 60_000)
afterAll(async () => registry[Symbol.asyncDispose](), 60_000)

/** Prints what a mount holds, then adds a line. */
const noting = (mount: string) => `FROM debian:bookworm-slim
ARG TURN
RUN --mount=type=cache,${mount} cat /m/notes 2>/dev/null; echo "turn $TURN" >>/m/notes
`

it.each(['digest', 'layout'] as const)(
  'a build on a fresh builder finds what the last one left: by %s',
  async stages => {
    await using place = await openPlace({ Dockerfile: noting('target=/m'), 'package-lock.json': '{}' })
    const first = await runOnce(place, registry, { stages, args: { TURN: '1' } })
    expect([first.printed, first.restored.filled, first.kept]).toEqual([[], [], ['/m']])
    await place.write({ 'package-lock.json': '{"a": 1}' })
    const second = await runOnce(place, registry, { stages, args: { TURN: '2' } })
    expect([second.printed, second.restored.filled, second.kept]).toEqual([['turn 1'], ['/m'], ['/m']])
    const third = await runOnce(place, registry, { stages, args: { TURN: '3' } })
    expect([third.printed, third.restored.filled, third.kept]).toEqual([['turn 1', 'turn 2'], ['/m'], []])
  },
  300_000,
)

it('a pull request reads the folder that all branches share, and leaves it as it is', async () => {
  await using place = await openPlace({ Dockerfile: noting('target=/m'), 'package-lock.json': '{}' })
  const config = { path: 'store' }
  const main = await runOnce(place, registry, { config, args: { TURN: '1' } })
  expect(main.kept).toEqual(['/m'])
  await place.write({ 'package-lock.json': '{"a": 1}' })
  const store = join(place.context, 'store')
  const before = await readdir(store)
  for (const rights of [{ GITHUB_EVENT_NAME: 'pull_request_target' }, { GITHUB_REF: 'refs/pull/7/merge' }]) {
    const pull = await runOnce(place, registry, { config, args: { TURN: '2' }, rights })
    expect([pull.printed, pull.kept, pull.lines.at(-1), await readdir(store)]).toEqual([
      ['turn 1'],
      [],
      'Cache mounts are not kept: a pull request only reads store, which all branches share',
      before,
    ])
  }
}, 300_000)

it('an image may have a name that all objects have, and what nobody can read is a line', async () => {
  await using place = await openPlace({})
  const scope = silentScope(place.root)
  const lines: string[] = []
  const use = { context: '.', dockerfile: 'x', target: undefined, platform: 'linux/amd64', buildArgs: {}, contexts: {} }
  const fetched = (inline: string) =>
    fetchMounts(
      { config: { 'max-size': 1, path: 'none' }, uses: [{ ...use, inline, fresh: false }], elsewhere: undefined },
      { ...scope, say: line => lines.push(line) },
    )
  expect((await fetched('FROM constructor\nRUN --mount=type=cache,target=/m true')).images).toEqual(['constructor'])
  const deep = `${'${A:-'.repeat(50_000)}${'}'.repeat(50_000)}`
  expect((await fetched(`FROM debian\nRUN --mount=type=cache,target=/${deep} true`)).mounts).toEqual([])
  expect(lines).toEqual([expect.stringMatching(/^Cache mounts are not kept: /)])
})

it('what came out of a cache as a link is not followed', async () => {
  await using place = await openPlace({ secret: 'abc' })
  const digest = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' as const
  await writeArchive(place.context, { mediaType: 'a', digest, size: 3, diffId: digest })
  await symlink(join(place.context, 'secret'), layerFileOf(place.context))
  expect(await readArchive(place.context)).toBe('it has 0 bytes of 3')
})
