import { expect, it } from '@jest/globals'
import type { PlannedBuild, Where } from '../../src/build/tasks.ts'
import { mountsConfigSchema } from '../../src/mounts/config.ts'
import type { Restored } from '../../src/mounts/restore.ts'
import { planPipeline } from '../../src/pipeline/plan.ts'
import { planMounts } from '../../src/pipeline/plan-mounts.ts'
import { task } from '../../src/task/task.ts'
import { load } from '../config/given.ts'
import { openPlace, silentScope } from '../mounts/world.ts'
import { factsOf } from '../tags/facts.ts'

const revision = factsOf()
const graphOf = (keys: string) =>
  planPipeline(
    load({ text: `image: acme/web\nscan: { image: false, source: false }\nhadolint: false\n${keys}` }).config,
    revision,
  )
const edges = (keys: string) =>
  graphOf(keys).tasks.map(({ id, needs }) => `${id} <- ${needs.map(need => need.id).join(' ')}`)

it('no task where they are not kept', () => {
  for (const keys of [
    '',
    'cache-mounts: false',
    'cache-mounts: true\nbuild: { context: "https://github.com/acme/web.git" }',
  ])
    expect(edges(keys).filter(edge => edge.includes('mounts:'))).toEqual([])
})

it('every build waits for the mounts, which are fetched beside the builder and saved after the gate', () => {
  expect(edges('cache-mounts: true\nservices: { db: postgres:17 }\nunit: { target: test, run: make }')).toEqual([
    'builder <- ',
    'staging <- ',
    'mounts:fetch <- ',
    'mounts:restore <- builder staging mounts:fetch',
    'build:web <- builder staging mounts:restore',
    'test-image:web <- builder staging mounts:restore',
    'services <- ',
    'unit:web <- test-image:web services',
    'contract:web <- build:web',
    'gate <- build:web',
    'cache:web <- builder staging gate build:web',
    'cache:web:tests <- builder staging gate test-image:web',
    'mounts:save <- builder staging mounts:restore gate',
  ])
})

it('a step after the job saves them where no gate spoke', () => {
  const { goals } = graphOf('cache-mounts: true\ncache: { type: none }')
  const saves = goals.cache.filter(({ id }) => id === 'mounts:save')
  expect(saves.map(({ needs }) => needs.map(({ id }) => id))).toEqual([['builder', 'staging', 'mounts:restore']])
})

/** What is found by the task that fetches, for builds in a folder with these files. */
async function foundIn(files: Readonly<Record<string, string>>, planned: readonly object[]) {
  await using place = await openPlace(files)
  const { config } = load({ text: 'image: acme/web\ncache-mounts: { path: store }' })
  const never = task({
    id: 'never',
    request: null,
    needs: {},
    perform: async () => ({ status: 'skipped', reason: '' }),
  })
  const where = { builder: never, staging: never } as unknown as Where
  const plan = planMounts(config, { planned: planned as PlannedBuild[], where, pull: undefined })
  const fetch = plan?.restored.needs.find(({ id }) => id === 'mounts:fetch')
  const scope = { ...silentScope(place.root), context: place.context }
  const end = await fetch?.perform({ value: () => undefined as never, verdicts: [] }, scope)
  return (end?.value as Restored | undefined)?.mounts.map(({ id, prefix }) => [id, prefix.split('-', 5)[4]])
}

const build = { config: { context: '.', 'build-args': {} }, target: undefined, platform: 'linux/arm64' }
const mount = (id: string) => `FROM debian\nARG A TARGETARCH\nRUN --mount=type=cache,target=/x,id=${id} true\n`

it('every build is read, once', async () => {
  const files = { Dockerfile: `${mount('a')}FROM debian AS test\nRUN --mount=type=cache,target=/test true\nFROM 0\n` }
  expect(await foundIn(files, [build, build, { ...build, target: 'test' }])).toEqual([
    ['a', 'arm64'],
    ['/test', 'arm64'],
  ])
})

it('bake files: every target, its file beside its context, its arguments; none of a context elsewhere', async () => {
  const targets = {
    web: { context: 'apps/web', dockerfile: 'build/Dockerfile', args: { A: 'given', B: null } },
    inline: { context: '.', dockerfile: 'Dockerfile', 'dockerfile-inline': mount('inline-$TARGETARCH') },
    far: { context: 'https://github.com/acme/far.git', dockerfile: 'Dockerfile' },
  }
  const files = { 'apps/web/build/Dockerfile': mount('web-$A'), Dockerfile: mount('other') }
  expect(await foundIn(files, [{ ...build, target: 'web', baked: { wanted: ['web'], targets } }])).toEqual([
    ['web-given', 'arm64'],
    ['inline-arm64', 'arm64'],
  ])
})

it('what earthly builds has none', async () => {
  const earthly = { ...build, config: { ...build.config, earthfile: '+image' } }
  expect(await foundIn({ Dockerfile: mount('a') }, [earthly])).toBeUndefined()
})

it('the key is a switch or its settings', () => {
  expect(mountsConfigSchema.parse(true)).toEqual({ 'max-size': 2e9 })
  expect(mountsConfigSchema.parse(false)).toBe(false)
  expect(mountsConfigSchema.parse({ image: 'busybox', path: '/x' })).toEqual({
    'max-size': 2e9,
    image: 'busybox',
    path: '/x',
  })
  expect(mountsConfigSchema.safeParse({ 'max-size': 'much' }).success).toBe(false)
})
