import { describe, expect, it } from '@jest/globals'
import { findImages } from '../../src/config/dockerfile-images.ts'
import { parseConfig } from '../../src/config/load.ts'
import { hostOfImage, pulledHosts } from '../../src/config/pulls.ts'

const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const tick = '`'

describe('the images that a Dockerfile pulls', () => {
  const cases: readonly { title: string; text: string; args?: Record<string, string>; found: readonly string[] }[] = [
    { title: 'one base', text: `FROM ${ecr}/base:1\n`, found: [`${ecr}/base:1`] },
    { title: 'of a platform', text: 'FROM --platform=$BUILDPLATFORM node:24 AS build\n', found: ['node:24'] },
    { title: 'nothing of nothing', text: 'FROM scratch\nCOPY a /\n', found: [] },
    {
      title: 'stages are no images, by name in any case and by number',
      text: 'FROM node:24 AS Build\nFROM build\nCOPY --from=BUILD /a /\nCOPY --from=0 /a /\nCOPY --from=1 /a /\n',
      found: ['node:24'],
    },
    {
      title: 'what is copied and mounted from an image',
      text: 'FROM a AS b\nCOPY --chown=1 --from=acme/tools:2 /x /\nRUN --mount=type=bind,from=acme/data,target=/d ls\nRUN --mount=from="acme/more" ls\n',
      found: ['a', 'acme/tools:2', 'acme/data', 'acme/more'],
    },
    {
      title: 'a name with arguments: by default, and as they are given',
      text: `ARG REGISTRY=docker.io/library\nARG TAG="24"\nARG OTHER\nFROM $REGISTRY/node:\${TAG}-slim\nFROM \${OTHER}\nFROM \${NONE:-alpine}\nFROM \${NONE}\n`,
      args: { REGISTRY: ecr, OTHER: 'busybox' },
      found: [`${ecr}/node:24-slim`, 'busybox', 'alpine'],
    },
    {
      title: 'an argument of a stage changes no FROM',
      text: 'ARG BASE=one\nFROM $BASE\nARG BASE=two\nFROM $BASE\n',
      found: ['one'],
    },
    {
      title: 'lines that go on, whatever the case',
      text: 'from \\\n  node:24 \\\n  as a\ncopy --from=nginx \\\n  /a /\n',
      found: ['node:24', 'nginx'],
    },
    {
      title: 'its frontend, which only the first lines name',
      text: `# escape=${tick}\n# syntax = ${ecr}/frontend:1\n# syntax=never/this\nFROM a\n# syntax=nor/this\n`,
      found: [`${ecr}/frontend:1`, 'a'],
    },
  ]
  it.each(cases)('$title', ({ text, args = {}, found }) => {
    expect(findImages(text, { args })).toEqual(found)
  })

  it('names that a build context stands for are no images', () => {
    expect(findImages('FROM Base\nCOPY --from=tools /a /\n', { args: {}, contexts: ['base', 'tools'] })).toEqual([])
  })
})

it.each([
  ['debian', 'docker.io'],
  ['acme/web:1', 'docker.io'],
  [`${ecr}/acme/web@sha256:00`, ecr],
  ['localhost/web', 'localhost'],
  ['127.0.0.1:5000/web', '127.0.0.1:5000'],
  ['registry:3', 'docker.io'],
])('the host of %s is %s', (image, host) => {
  expect(hostOfImage(image)).toBe(host)
})

describe('the hosts that a pipeline pulls from', () => {
  const { config } = parseConfig({
    source: {
      file: 'pce.yml',
      text: `images: { web: { image: a, build: { build-args: { HOST: ghcr.io } } }, worker: { image: b, build: { file: w.Dockerfile } } }\ncompose: deploy/compose.yaml\n`,
    },
    facts: { directory: 'web', context: '.', dockerfiles: [], collections: [] },
    overrides: [],
  })
  const compose = `
services:
  db: { image: '\${REGISTRY}/acme/db:\${TAG:-17}' }
  cache: { image: "quay.io/redis" }
  app: { build: ., image: 'never.example/app' }
  worker: {}
`

  it('of every Dockerfile with its own arguments, and of services that are not built', () => {
    const files = {
      Dockerfile: 'ARG HOST\nFROM $HOST/base\n',
      'w.Dockerfile': 'ARG HOST=docker.io\nFROM $HOST/acme/base\n',
    }
    expect(pulledHosts(config, { files, compose, variables: { REGISTRY: ecr } })).toEqual([
      ecr,
      'docker.io',
      'ghcr.io',
      'quay.io',
    ])
  })

  it('of named contexts that are images, in place of what they stand for', () => {
    const { web } = config.images
    if (web === undefined) throw new Error('no web')
    const contexts = {
      base: `docker-image://${ecr}/base:1`,
      docs: 'docs',
      'quay.io/tools': 'https://git.example/a.git',
    }
    const one = { ...config, images: { web: { ...web, build: { ...web.build, 'build-contexts': contexts } } } }
    const files = { Dockerfile: 'FROM base\nCOPY --from=docs / /\nCOPY --from=quay.io/tools / /\n' }
    expect(pulledHosts(one, { files, compose: '', variables: {} })).toEqual([ecr])
  })

  it('of bake targets, also those that others are built on, and of an Earthfile', () => {
    const { web } = config.images
    if (web === undefined) throw new Error('no web')
    const targets = {
      app: { context: 'app', dockerfile: 'app.Dockerfile', contexts: { base: 'target:base' }, args: { TAG: null } },
      base: { context: '.', dockerfile: 'Dockerfile', 'dockerfile-inline': `FROM ${ecr}/base` },
      far: { context: 'https://git.example/far.git', dockerfile: 'Dockerfile' },
    }
    const images = {
      baked: { ...web, baked: { wanted: ['app'], targets } },
      earthly: { ...web, build: { ...web.build, context: 'earth', earthfile: '+prod' } },
    }
    const files = {
      'app/app.Dockerfile': 'ARG TAG=1\nFROM quay.io/tools:$TAG\nFROM base\n',
      'earth/Earthfile': 'VERSION 0.8\nFROM gcr.io/base:1\nprod:\n  FROM +build\n',
      Dockerfile: 'FROM never.example/base',
    }
    expect(pulledHosts({ ...config, images }, { files, compose: '', variables: {} })).toEqual([
      ecr,
      'docker.io',
      'gcr.io',
      'quay.io',
    ])
  })

  it.each(['services: [', 'services: none', 'a: 1'])('a Compose file that says nothing: %s', text => {
    expect(pulledHosts(config, { files: {}, compose: text, variables: {} })).toEqual([])
  })

  it.each([
    {
      title: 'references alone and of type registry, and nothing that is only written',
      cache: {
        'cache-from': [
          'quay.io/acme/cache',
          `type=registry,ref=${ecr}/cache:main`,
          'type=gha,scope=a',
          'type=local,src=b',
        ],
        'cache-to': ['type=registry,ref=gcr.io/cache'],
      },
      hosts: [ecr, 'quay.io'],
    },
    { title: 'nothing where caches are only written', cache: { 'cache-to': ['gcr.io/cache'] }, hosts: [] },
    { title: 'a repository of its own', cache: { type: 'registry', ref: `${ecr}/cache` } as const, hosts: [ecr] },
    { title: 'beside the images', cache: { type: 'inline' } as const, hosts: ['ghcr.io'] },
    { title: 'nothing where the machine chooses', cache: { type: 'auto' } as const, hosts: [] },
  ])('of caches: $title', ({ cache, hosts }) => {
    const { web } = config.images
    if (web === undefined) throw new Error('no web')
    const destinations = [{ registry: 'ghcr.io', repository: 'acme/web' }]
    const one = { ...config, images: { web: { ...web, destinations } }, cache: { ...config.cache, ...cache } }
    expect(pulledHosts(one, { files: {}, compose: '', variables: {} })).toEqual(hosts)
  })

  it('the services of pce.yml', () => {
    const { compose: _, ...rest } = config
    const services = { db: { image: `${ecr}/db`, env: {} }, cache: { image: 'redis:7', env: {} } }
    expect(pulledHosts({ ...rest, services }, { files: {}, compose: '', variables: {} })).toEqual([ecr, 'docker.io'])
  })
})
