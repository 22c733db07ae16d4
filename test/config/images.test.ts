import { describe, expect, it } from '@jest/globals'
import type { Config } from '../../src/config/config.ts'
import { load } from './given.ts'

const imagesOf = (text: string): Config['images'] => load({ text }).config.images

describe('the root holds the defaults of all images', () => {
  it('merged deeply, with the image over the root and the schema under both', () => {
    const images = imagesOf(`
platforms: [linux/amd64, linux/arm64]
build: { target: prod, build-args: { A: 1, B: 2 }, secrets: [ROOT] }
unit: { run: mix test, timeout: 20 m }
app: { ready: /healthz }
contract: { size: 1 MB }
images:
  web:
    image: acme/web
    build: { build-args: { B: 3 }, secrets: OWN }
    unit: { target: test }
    app: { port: 4000 }
  job:
    image: acme/job
    platforms: native
    unit: false
    app: false
    contract: { user: any }
    tags: job
`)
    expect(images).toEqual({
      web: {
        image: 'acme/web',
        platforms: ['linux/amd64', 'linux/arm64'],
        build: { context: '.', target: 'prod', 'build-args': { A: '1', B: '3' }, secrets: ['OWN'], labels: {} },
        unit: { target: 'test', run: 'mix test', env: {}, timeout: 1_200_000 },
        app: { port: 4000, ready: '/healthz', env: {}, timeout: 60_000 },
        contract: { user: 'non-root', size: 1_000_000 },
        destinations: [],
        tags: ['type=ref', 'type=sha'],
        flavor: [],
        annotations: [],
      },
      job: {
        image: 'acme/job',
        platforms: ['native'],
        build: { context: '.', target: 'prod', 'build-args': { A: '1', B: '2' }, secrets: ['ROOT'], labels: {} },
        contract: { user: 'any', size: 1_000_000 },
        destinations: [],
        tags: ['job'],
        flavor: [],
        annotations: [],
      },
    })
  })

  it.each([
    { root: 'newman: root.json', own: 'newman: { timeout: 1 m }', collections: ['root.json'], timeout: 60_000 },
    {
      root: 'newman: { collections: [r.json], timeout: 1 m }',
      own: 'newman: own.json',
      collections: ['own.json'],
      timeout: 60_000,
    },
    {
      root: 'newman: { timeout: 2 m }',
      own: 'newman: [a.json, b.json]',
      collections: ['a.json', 'b.json'],
      timeout: 120_000,
    },
    { root: 'newman: root.json', own: 'tags: a', collections: ['root.json'], timeout: 300_000 },
  ])('newman in its short and its long form: $root, $own', ({ root, own, collections, timeout }) => {
    const images = imagesOf(`${root}\napp: { port: 1 }\nimages: { web: { image: a, ${own} } }\n`)
    expect(images.web?.newman).toMatchObject({ collections, timeout })
  })

  it('two images in one repository, when their tags differ', () => {
    expect(Object.keys(imagesOf('images: { a: { image: x, tags: a }, b: { image: x, tags: b } }\n'))).toEqual([
      'a',
      'b',
    ])
  })
})

describe('a single image is named after the last part of its repository', () => {
  it.each([
    ['acme/web', 'web'],
    ['web', 'web'],
    ['acme/my_web.app', 'my-web-app'],
    ['acme/a__b', 'a-b'],
  ])('%s', (image, name) => {
    expect(Object.keys(imagesOf(`image: ${image}\n`))).toEqual([name])
  })
})

it('the names of objects that JavaScript has anyway are names like others', () => {
  const { config } = load({ text: 'images: { constructor: { image: a } }\nchecks: { toString: make }\n' })
  expect([Object.keys(config.images), Object.keys(config.checks)]).toEqual([['constructor'], ['toString']])
})
