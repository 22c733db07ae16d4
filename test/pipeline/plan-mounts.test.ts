import { expect, it } from '@jest/globals'
import { mountsConfigSchema } from '../../src/mounts/config.ts'
import { planPipeline } from '../../src/pipeline/plan.ts'
import { load } from '../config/given.ts'
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

it('one plan for all builds: what they read, and nothing of the machine', () => {
  const { tasks } = graphOf(
    'cache-mounts: { max-size: 1 GB }\nunit: { target: test, run: make }\nplatforms: linux/arm64',
  )
  expect(tasks.find(({ id }) => id === 'mounts:fetch')?.request).toEqual({
    'max-size': 1e9,
    elsewhere: null,
    uses: [null, 'test'].map(target => ({
      context: '.',
      dockerfile: 'Dockerfile',
      target,
      platform: 'linux/arm64',
      buildArgs: {},
      contexts: {},
      fresh: false,
    })),
  })
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
