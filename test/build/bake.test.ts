import { describe, expect, it } from '@jest/globals'
import {
  type BakeDefinition,
  cachesOf,
  parseBake,
  planBakePrint,
  reachedFrom,
  secretsOf,
} from '../../src/build/bake.ts'
import { type BakePlan, planBake, planBakeCache } from '../../src/build/bake-plan.ts'
import { roundsOf, solveRounds } from '../../src/build/bake-rounds.ts'
import { readsOf, wishesFor, wishesOf } from '../../src/build/bake-wishes.ts'
import type { Build } from '../../src/build/build.ts'
import { buildConfigSchema } from '../../src/build/config.ts'
import { cacheConfigSchema } from '../../src/cache/config.ts'
import { imagesFrom } from '../../src/config/bake.ts'
import type { ImageConfig } from '../../src/config/config.ts'
import { refusal } from '../config/given.ts'

const printed = JSON.stringify({
  group: { default: { targets: ['all', 'cron'] }, all: { targets: ['web', 'job'] } },
  target: {
    web: {
      context: '.',
      dockerfile: 'docker/Dockerfile',
      target: 'web',
      args: { V: '2', EMPTY: null },
      labels: { team: 'a' },
      tags: ['ghcr.io/acme/web:1', 'acme/other:2'],
      // As --set *.platform=a,b gives it.
      platforms: ['linux/amd64, linux/arm64'],
      secret: [
        { id: 'npm', env: 'NPM_TOKEN' },
        { id: 'key', src: 'key.pem' },
      ],
      attest: [{ type: 'sbom' }],
      output: [{ type: 'registry' }],
      'cache-from': [{ type: 'registry', ref: 'acme/cache' }],
      'cache-to': [{ type: 'inline' }, { type: 'registry', ref: 'acme/cache' }],
      'shm-size': '1g',
    },
    job: { context: 'apps/job', dockerfile: 'Dockerfile', contexts: { base: 'target:base' } },
    cron: { context: 'https://github.com/acme/cron.git', dockerfile: 'Dockerfile', labels: {} },
    base: { context: '.', dockerfile: 'Dockerfile', output: [{ type: 'cacheonly' }] },
  },
})
const definition = parseBake(printed)
const web = { context: '.', dockerfile: 'Dockerfile', ...definition.targets.web }

describe('the look at bake files', () => {
  it('is asked of buildx', () => {
    expect(planBakePrint({ targets: [] })).toEqual(['buildx', 'bake', '--print', '--progress=quiet'])
    const question = {
      'bake-files': ['docker-bake.hcl', 'compose.yaml'],
      targets: ['web', 'job'],
      set: ['*.args.A=1,2', 'web.tags='],
      vars: { TAG: 'a b', N: '1' },
      allow: ['network.host'],
    }
    expect(planBakePrint(question).slice(4)).toEqual([
      ...['--file', 'docker-bake.hcl', '--file', 'compose.yaml'],
      ...['--set', '*.args.A=1,2', '--set', 'web.tags='],
      ...['--var', 'TAG=a b', '--var', 'N=1'],
      ...['--allow', 'network.host'],
      ...['web', 'job'],
    ])
  })

  it('gives targets, and groups taken apart', () => {
    expect(definition.wanted).toEqual(['cron', 'job', 'web'])
    expect(Object.keys(definition.targets)).toEqual(['web', 'job', 'cron', 'base'])
  })

  it('gives a target called default, which is in a group of its own name', () => {
    const text = { group: { default: { targets: ['default'] } }, target: { default: { context: '.' } } }
    expect(parseBake(JSON.stringify(text)).wanted).toEqual(['default'])
  })
})

const image: ImageConfig = {
  image: 'acme/app',
  platforms: ['native'],
  build: { context: '.', 'build-args': {}, secrets: ['HEX'], labels: { own: 'b' }, 'bake-files': ['docker-bake.hcl'] },
  contract: { user: 'any' },
  tags: ['a'],
  destinations: [{ registry: 'r.example', repository: 'acme/app' }],
  flavor: [],
  annotations: [],
}

describe('an image for each target', () => {
  const images = imagesFrom([{ name: 'app', image, definition }])

  it("is in the repository of its tag, or in a part of the image's own", () => {
    expect(images.web?.destinations).toEqual([{ registry: 'r.example', repository: 'acme/web' }])
    expect(Object.entries(images).map(([name, one]) => [name, one.image, one.platforms, one.build.target])).toEqual([
      ['cron', 'acme/app/cron', ['native'], 'cron'],
      ['job', 'acme/app/job', ['native'], 'job'],
      ['web', 'acme/web', ['linux/amd64', 'linux/arm64'], 'web'],
    ])
  })

  it('says what it is made of, as the build section would', () => {
    expect(images.web?.build).toEqual({
      ...image.build,
      file: 'docker/Dockerfile',
      target: 'web',
      'build-args': { V: '2' },
      'build-contexts': {},
      labels: { team: 'a', own: 'b' },
      secrets: ['HEX'],
      'secret-envs': { npm: 'NPM_TOKEN' },
      'secret-files': { key: 'key.pem' },
    })
    expect([images.job?.build.file, images.cron?.build.file]).toEqual(['apps/job/Dockerfile', 'Dockerfile'])
  })

  it('keeps its name where it is the only one, and platforms that were asked for', () => {
    const one = { ...definition, wanted: ['web'] }
    const asked = { ...image, platforms: ['linux/arm64'] }
    const only = imagesFrom([{ name: 'app', image: asked, definition: one }])
    expect(Object.entries(only).map(([name, each]) => [name, each.image, each.platforms])).toEqual([
      ['app', 'acme/app', ['linux/arm64']],
    ])
  })

  it('can not be two of one name', () => {
    const two = ['a', 'b'].map(name => ({ name, image, definition }))
    expect(refusal(() => imagesFrom(two))).toBe(
      'build.targets: two images would be called cron, from a and from b\nSay in images which target each is of: images: { web: { image: …, build: { target: web } } }',
    )
  })
})

describe('secrets of a target', () => {
  it('those of the configuration win, also where they may be empty', () => {
    const own = { secrets: ['npm?'], 'secret-files': { more: 'x' } }
    expect(secretsOf(web, 'web', own)).toEqual({
      secrets: ['npm?'],
      'secret-envs': {},
      'secret-files': { key: 'key.pem', more: 'x' },
    })
  })
  it('are never what pce itself may do', () => {
    const target = { context: '.', dockerfile: 'Dockerfile', secret: [{ id: 'GITHUB_TOKEN' }] }
    expect(refusal(() => secretsOf(target, 'web', { secrets: [] }))).toMatch(
      /^secret GITHUB_TOKEN of the bake target web: found GITHUB_TOKEN, expected a secret with a name of its own/,
    )
  })
})

describe('the solve of a bake', () => {
  const plan: BakePlan = {
    targets: definition.targets,
    builds: [
      {
        target: 'web',
        output: 'type=image,name=web',
        labels: { revision: 'c', team: 'ours' },
        annotations: { manifest: { a: 'b' }, index: { c: 'd' } },
      },
      { target: 'job', output: 'type=oci,dest=job', labels: {}, annotations: {} },
    ],
    secrets: { web: { secrets: ['HEX'], 'secret-envs': { npm: 'NPM_TOKEN' }, 'secret-files': { key: 'key.pem' } } },
    platform: 'linux/amd64',
    allow: ['network.host'],
    fresh: ['--no-cache', '--pull'],
    ours: ['fs.write=/run/layouts'],
    cacheFrom: { web: ['type=gha,scope=web'] },
  }
  const attestations = ['--provenance=mode=max', '--sbom=false']
  const argvWith = (...attested: string[]) => [
    ...['docker', 'buildx', 'bake', '--builder', 'pce-1', '--progress=rawjson', ...attested],
    ...['--allow', 'network.host', '--allow', 'fs.read=key.pem', '--allow', 'fs.write=/run/layouts', '--file', '-'],
  ]
  const { web: asked, job, cron, base } = JSON.parse(printed).target
  const secret = [
    { id: 'HEX', env: 'PCE_SECRET_web:HEX' },
    { id: 'npm', env: 'PCE_SECRET_web:npm' },
    { id: 'key', src: 'key.pem' },
  ]
  const kept = { ...asked, secret, platforms: ['linux/amd64'], annotations: ['manifest:a=b'] }
  for (const name of ['tags', 'attest', 'output', 'cache-to']) delete kept[name]
  const read = { 'cache-from': ['type=gha,scope=web'] }
  const unread = { 'cache-from': [], 'cache-to': [], output: ['type=cacheonly'] }
  const place = { builder: 'b', asked: ['web'], metadataFile: 'm', attestations, inline: [] }

  it('stages each image by digest, and leaves tags, attestations and pushes to the gate', () => {
    const bake = planBake(plan, {
      builder: 'pce-1',
      asked: ['web', 'job'],
      metadataFile: '/m.json',
      attestations,
      inline: ['web'],
    })
    const fresh = ['--no-cache', '--pull']
    expect(bake.argv).toEqual([...argvWith(...attestations), ...fresh, '--metadata-file', '/m.json', 'web', 'job'])
    const platforms = ['linux/amd64']
    expect(JSON.parse(bake.definition)).toEqual({
      target: {
        web: {
          ...kept,
          ...read,
          labels: { team: 'ours', revision: 'c' },
          output: ['type=image,name=web'],
          'cache-to': ['type=inline'],
        },
        job: {
          ...job,
          'cache-from': [],
          labels: {},
          annotations: [],
          secret: [],
          platforms,
          output: ['type=oci,dest=job'],
          'cache-to': [],
        },
        cron: { ...cron, ...unread, secret: [], platforms },
        base: { ...base, ...unread, secret: [], platforms },
      },
    })
  })

  it('writes the caches of one of them, and of what it is built on, with nothing done anew', () => {
    const again = { ...web, pull: true, 'no-cache': true, 'no-cache-filter': ['a'] }
    const bake = planBakeCache(
      { ...plan, fresh: [], targets: { ...plan.targets, web: again } },
      { builder: 'pce-1', target: 'web', cacheTo: { web: ['type=gha,scope=web'], base: ['type=gha,scope=base'] } },
    )
    expect(bake.argv).toEqual([...argvWith('--provenance=false', '--sbom=false'), 'web'])
    const { target } = JSON.parse(bake.definition)
    expect(target.web).toEqual({
      ...kept,
      ...read,
      labels: { team: 'ours', revision: 'c' },
      output: ['type=cacheonly'],
      'cache-to': ['type=gha,scope=web'],
    })
    expect([target.base['cache-to'], target.job['cache-to'], target.job.output]).toEqual([
      ['type=gha,scope=base'],
      [],
      ['type=cacheonly'],
    ])
  })

  it('has no templates: what looks like one is text', () => {
    const [shell, twice, now] = ['{HOME} %{x}', '{HOME} %%{x}', '{timestamp()}']
    const text = JSON.stringify({ target: { web: { labels: { a: `$$${twice}` } } } })
    const { targets } = parseBake(text)
    expect(targets.web?.labels).toEqual({ a: `$${shell}` })
    const builds = [{ target: 'web', output: 'o', labels: { branch: `$${now}` }, annotations: {} }]
    const bake = planBake({ ...plan, targets, builds }, place)
    expect(JSON.parse(bake.definition).target.web.labels).toEqual({ a: `$$${twice}`, branch: `$$${now}` })
  })

  it('for the platform of the builder none is named', () => {
    const { definition: text } = planBake({ ...plan, platform: 'native' }, place)
    expect(JSON.parse(text).target.web.platforms).toBeUndefined()
  })
})

describe('the caches of targets', () => {
  const usual = { context: '.', dockerfile: 'Dockerfile' }
  const targets: BakeDefinition['targets'] = {
    web: { ...usual, target: 'web', 'cache-to': [{ mode: 'max', type: 'gha' }, 'type=inline'] },
    job: { ...usual, target: 'job' },
    docs: { ...usual, dockerfile: 'docs.Dockerfile' },
    cron: { ...usual, 'dockerfile-inline': 'FROM lib', contexts: { lib: 'target:lib', files: './files' } },
    lib: {
      ...usual,
      'dockerfile-inline': 'FROM debian',
      contexts: { base: 'target:base' },
      'cache-from': ['type=gha'],
    },
    base: { ...usual, context: 'https://github.com/acme/base.git' },
  }

  it('are options, also where buildx prints objects', () => {
    expect(Object.values(targets).map(target => cachesOf(target))).toEqual([
      { from: [], to: ['type=gha,mode=max', 'type=inline'] },
      undefined,
      undefined,
      undefined,
      { from: ['type=gha'], to: [] },
      undefined,
    ])
  })

  it('are read one after another where targets share steps, at the same time where not', () => {
    expect(reachedFrom('cron', targets)).toEqual(['cron', 'lib', 'base'])
    expect(roundsOf(targets, ['cron', 'docs', 'job', 'web'])).toEqual([
      ['docs', 'job', 'base'],
      ['web', 'lib'],
      ['cron'],
    ])
    expect(roundsOf(targets, ['web'])).toEqual([['web']])
  })

  it('of what is no image are its own, or those of the first image that is built on it', () => {
    const build = (name: string): Build => ({
      ...{ name, image: name, target: name, platform: 'native', ships: true, labels: {}, annotations: {} },
      ...{ repositories: [], shared: [], exports: 1 },
      config: buildConfigSchema.parse({}),
      cache: cacheConfigSchema.parse({}),
    })
    const bake = { targets, builds: [build('web'), build('cron')] as const }
    expect(wishesOf(bake).map(({ target, linked = false }) => [target, linked])).toEqual([
      ['web', false],
      ['cron', false],
      ['lib', true],
    ])
    expect(wishesFor(bake.builds[0], bake).map(({ target }) => target)).toEqual(['web'])
    expect(readsOf(bake, [['a'], ['b'], ['c']])).toEqual({ web: ['a'], cron: ['b'], lib: ['c'], base: ['b'] })
    expect(readsOf(bake, [['a'], ['b'], []])).toEqual({ web: ['a'], cron: ['b'], lib: ['b'], base: ['b'] })
  })

  it('come in one record: what one solve has done the next finds done', async () => {
    const step = (name: string, cached: boolean) => ({ name, cached, digest: `${name} ${cached}` })
    const told = { bases: [{ image: 'a', digest: 'b' }], findings: [] }
    const solves = [
      { ...told, vertices: [step('[web common 1/2] COPY a', false), step('[lib 2/2] RUN b', true)] },
      { ...told, vertices: [step('[common 1/2] COPY a', true), step('[job 1/1] RUN c', true)] },
    ]
    const asked: (readonly string[])[] = []
    const joined = await solveRounds([['web', 'lib'], ['job']], async names => {
      asked.push(names)
      return solves[asked.length - 1] ?? { ...told, vertices: [] }
    })
    expect(joined).toEqual({
      ...told,
      vertices: [step('[web common 1/2] COPY a', false), step('[lib 2/2] RUN b', true), step('[job 1/1] RUN c', true)],
    })
  })
})
