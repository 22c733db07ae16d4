import { describe, expect, it } from '@jest/globals'
import type { Facts } from '../../src/config/guess.ts'
import { infer } from '../../src/config/infer.ts'
import { load, plain, refusal } from './given.ts'

const dockerfile = (text: string, path = 'Dockerfile') => ({ dockerfiles: [{ path, text }] })
const collections = ['postman/api.postman_collection.json']

interface Case {
  readonly what: string
  readonly facts: Partial<Facts>
  readonly given?: readonly string[]
  readonly tree: unknown
  readonly notes: readonly string[]
}

const image = "image: web, from the directory's name"
const build = 'build.file: Dockerfile, found in the repository'

const cases: readonly Case[] = [
  {
    what: 'a Dockerfile alone',
    facts: {},
    tree: { image: 'web', build: { file: 'Dockerfile' } },
    notes: [image, build],
  },
  {
    what: 'everything',
    facts: {
      remote: 'https://github.com/Acme/Web.git',
      ...dockerfile(
        'FROM node AS base\nEXPOSE 4000\nFROM base AS test-image\nFROM base AS prod\n',
        'deploy/Dockerfile',
      ),
      compose: 'compose.yaml',
      collections,
    },
    tree: {
      image: 'acme/web',
      build: { file: 'deploy/Dockerfile' },
      unit: { target: 'test-image' },
      app: { port: 4000 },
      compose: 'compose.yaml',
      newman: { collections },
    },
    notes: [
      'image: acme/web, from the git remote',
      'build.file: deploy/Dockerfile, found in the repository',
      'unit.target: test-image, a stage of deploy/Dockerfile',
      'app.port: 4000, from EXPOSE in deploy/Dockerfile',
      'compose: compose.yaml, found in the repository',
      'newman: postman/api.postman_collection.json, found in the repository',
    ],
  },
  {
    what: 'a stage for tests at the end does not ship',
    facts: dockerfile('FROM a AS prod\nEXPOSE 80\nFROM prod AS Test\nEXPOSE 9999\n'),
    tree: { image: 'web', build: { file: 'Dockerfile', target: 'prod' }, unit: { target: 'test' }, app: { port: 80 } },
    notes: [
      image,
      build,
      'build.target: prod, the last stage of Dockerfile that is not for tests',
      'unit.target: test, a stage of Dockerfile',
      'app.port: 80, from EXPOSE in Dockerfile',
    ],
  },
  {
    what: 'a target that is given ships, and its port counts',
    facts: { ...dockerfile('FROM a AS one\nEXPOSE 1\nFROM a AS two\nEXPOSE 2\n'), target: 'one' },
    given: ['build.target'],
    tree: { image: 'web', build: { file: 'Dockerfile' }, app: { port: 1 } },
    notes: [image, build, 'app.port: 1, from EXPOSE in Dockerfile'],
  },
  {
    what: 'collections without a port are told',
    facts: { collections },
    tree: { image: 'web', build: { file: 'Dockerfile' } },
    notes: [
      image,
      build,
      "Skipped newman: postman/api.postman_collection.json can't run, since no port is known; set app.port",
    ],
  },
  {
    what: 'collections run on a port that is given',
    facts: { collections },
    given: ['app.port', 'image'],
    tree: { build: { file: 'Dockerfile' }, newman: { collections } },
    notes: [build, 'newman: postman/api.postman_collection.json, found in the repository'],
  },
  {
    what: 'the Dockerfile of the context before others',
    facts: {
      context: 'app',
      dockerfiles: [
        { path: 'app/Dockerfile', text: 'FROM a' },
        { path: 'app/deploy/Dockerfile', text: 'FROM b' },
      ],
    },
    tree: { image: 'web', build: { file: 'app/Dockerfile' } },
    notes: [image, 'build.file: app/Dockerfile, found in the repository'],
  },
]

describe('without a configuration', () => {
  it.each(cases)('$what', ({ facts, given = [], tree, notes }) => {
    expect(infer({ written: {}, facts: { ...plain, ...facts }, given })).toEqual({ tree, notes, faults: [] })
  })

  it('there must be one Dockerfile', () => {
    expect(refusal(() => load({ facts: { ...plain, dockerfiles: [] } }))).toBe(
      'no Dockerfile here: write one, or name the file: input file, in pce.yml build.file',
    )
    const two = ['deploy/alpine.Dockerfile', 'deploy/debian.Dockerfile'].map(path => ({ path, text: '' }))
    expect(refusal(() => load({ text: '# nothing yet\n', facts: { ...plain, dockerfiles: two } }))).toBe(
      'pce.yml  several Dockerfiles (deploy/alpine.Dockerfile, deploy/debian.Dockerfile): say in pce.yml which one ships, with build.file',
    )
  })

  it('says that there is none, or that it is empty', () => {
    expect([load({}).notes[0], load({ text: '---\n' }).notes[0]]).toEqual([
      'No pce.yml: the repository says what to do',
      'pce.yml is empty: the repository says what to do',
    ])
  })
})

describe('with a configuration only what is needed is guessed', () => {
  const facts = { ...plain, ...dockerfile('FROM a AS test\nFROM a\nEXPOSE 1', 'deploy/Dockerfile'), collections }
  it.each([
    { written: { scan: {} }, added: { image: 'web', build: { file: 'deploy/Dockerfile' } } },
    { written: { image: 'a', build: { target: 'x' } }, added: { build: { file: 'deploy/Dockerfile', target: 'x' } } },
    { written: { image: 'a', build: { file: 'x' } }, added: {} },
    { written: { image: 'a', build: { context: 'x' } }, added: {} },
    { written: { images: {}, build: 5 }, added: {} },
  ])('$written', ({ written, added }) => {
    expect(infer({ written, facts, given: [] }).tree).toEqual({ ...written, ...added })
  })
})

describe('the name of the image', () => {
  it.each([
    { remote: 'https://github.com/acme/web.git', image: 'acme/web' },
    { remote: 'https://x-access-token:ghs_secret@github.com/acme/web', image: 'acme/web' },
    { remote: 'git@github.com:Acme/My.Web_App.git', image: 'acme/my.web_app' },
    { remote: 'ssh://git@gitlab.example:2222/group/sub/web.git/', image: 'group/sub/web' },
    { remote: 'https://github.com/acme/mono', prefix: 'apps/web', image: 'acme/mono/web' },
    { remote: '/srv/git/web.git', directory: 'Here', image: 'here' },
    { remote: '/srv/git/mono.git', prefix: 'apps/web', directory: 'Web', image: 'web' },
    { remote: 'file:///srv/git/web.git', directory: 'Here', image: 'here' },
    { directory: '_My  Web--App_ ', image: 'my-web--app' },
    { directory: 'Привет', image: 'app' },
    { directory: 'a.-b___c', image: 'a-b-c' },
  ])('$remote $directory: $image', ({ image: expected, ...facts }) => {
    expect(infer({ written: {}, facts: { ...plain, ...facts }, given: [] }).tree.image).toBe(expected)
    expect(load({ facts: { ...plain, ...facts } }).config.images).toBeDefined()
  })
})
