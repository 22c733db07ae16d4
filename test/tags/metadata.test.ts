import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Facts } from '../../src/run/facts.ts'
import { metadataOf, renderBakeFile, renderJson, renderReference, type Wish } from '../../src/tags/metadata.ts'
import { loadFor } from '../../src/tags/python.ts'
import { refusal } from '../config/given.ts'
import { at, factsOf } from './facts.ts'

beforeAll(() => loadFor(['type=pep440']))

const hub = { registry: 'docker.io', repository: 'name/app' }
const ghcr = { registry: 'ghcr.io', repository: 'acme/web' }
const wish: Wish = { names: [hub], tags: ['type=ref', 'type=sha'], flavor: [], labels: {}, annotations: [] }
const of = (told: Partial<Wish>, facts: Facts = factsOf()) => metadataOf({ ...wish, ...told }, facts)

const described = {
  'org.opencontainers.image.created': '2020-01-10T00:30:00.000Z',
  'org.opencontainers.image.revision': '90dd6032fac8bda1b6c4436a2e65de27961ed071',
  'org.opencontainers.image.source': 'https://github.com/acme/web',
  'org.opencontainers.image.title': 'web',
  'org.opencontainers.image.url': 'https://github.com/acme/web',
  'org.opencontainers.image.version': 'main',
}

describe('references', () => {
  it('each tag in each place, in the order of priority', () => {
    const tags = ['type=sha', 'type=semver']
    expect(of({ names: [hub, ghcr], tags }, at('refs/tags/v1.2.3'))).toMatchObject({
      version: '1.2.3',
      tagNames: ['1.2.3', '1.2', '1', 'sha-90dd603', 'latest'],
      tags: [
        ...['1.2.3', '1.2', '1', 'sha-90dd603', 'latest'].map(tag => `name/app:${tag}`),
        ...['1.2.3', '1.2', '1', 'sha-90dd603', 'latest'].map(tag => `ghcr.io/acme/web:${tag}`),
      ],
    })
  })

  it('are set in another order: what stays first, what moves last', () => {
    const tags = ['edge', 'type=raw,value=at-{{sha}}', 'type=semver', 'type=ref', 'type=sha']
    const { references } = of({ tags }, at('refs/tags/v1.2.3'))
    expect(references.map(({ tag }) => tag)).toEqual([
      '1.2.3',
      'v1.2.3',
      'at-90dd603',
      'sha-90dd603',
      '1.2',
      '1',
      'edge',
      'latest',
    ])
  })

  it('full references go where they say, and nowhere else', () => {
    const metadata = of({
      names: [ghcr],
      tags: ['type=sha', 'user/app:1.2', 'ghcr.io/acme/web:{{branch}}', 'localhost:5000/Web:x', 'alpine:3'],
    })
    expect(metadata.references.map(renderReference)).toEqual([
      'ghcr.io/acme/web:sha-90dd603',
      'ghcr.io/acme/web:main',
      'user/app:1.2',
      'localhost:5000/web:x',
      'alpine:3',
    ])
    expect(metadata.references.at(-1)).toEqual({ registry: 'docker.io', repository: 'library/alpine', tag: '3' })
    expect(metadata.places.map(({ registry }) => registry)).toEqual([
      'ghcr.io',
      'docker.io',
      'localhost:5000',
      'docker.io',
    ])
    expect(metadata.version).toBe('1.2')
  })

  it('places do not depend on the branch', () => {
    const tags = ['type=semver', 'user/app:1.2']
    const { places, references } = of({ names: [ghcr], tags })
    expect([places, references.map(renderReference)]).toEqual([
      [ghcr, { registry: 'docker.io', repository: 'user/app' }],
      ['user/app:1.2'],
    ])
  })

  it('each once', () => {
    expect(of({ tags: ['main', 'type=ref', 'type=raw,value=main', 'name/app:main'] }).tags).toEqual(['name/app:main'])
  })

  it('without a place there are names of tags alone', () => {
    expect(of({ names: [] })).toMatchObject({ tags: ['main', 'sha-90dd603'], references: [], places: [] })
  })

  it('what gives no tag is told', () => {
    expect(of({ tags: ['type=ref'] }, at('refs/heads/v1.2.3')).notes).toEqual([
      'the branch v1.2.3 gets no tag: its name is that of a release, a commit or a pull request',
    ])
    expect(of({ tags: ['type=semver', 'type=raw,value='] }, at('refs/tags/x')).notes).toEqual([
      'x is no version, so type=semver gives no tag',
      'type=raw,value= has no value',
    ])
    expect(of({ tags: ['type=semver,pattern={{major}}'] }, at('refs/tags/v0.1.0')).notes).toEqual([
      'type=semver,pattern={{major}} gives no tag before version 1, where nothing is promised',
    ])
  })
})

describe('labels', () => {
  it('say what the commit says', () => expect(of({}).labels).toEqual(described))

  it('the configuration has the last word, with expressions; all in the order of their names', () => {
    const labels = {
      maintainer: 'A',
      'org.opencontainers.image.title': 'My {{branch}}',
      'com.acme.at': "{{commit_date 'YYYY-MM-DDTHH:mm:ss.SSS[Z]'}}",
      empty: '',
    }
    expect(Object.entries(of({ labels }).labels)).toEqual(
      Object.entries({
        'com.acme.at': '2020-01-10T00:30:00.000Z',
        empty: '',
        maintainer: 'A',
        ...described,
        'org.opencontainers.image.title': 'My main',
      }).sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  })

  it('a changed checkout says so, and what is not known is left out', () => {
    const dirty = of({}, factsOf({ revision: { dirty: true } })).labels
    expect(dirty['org.opencontainers.image.revision']).toBe('90dd6032fac8bda1b6c4436a2e65de27961ed071-dirty')
    const nothing = factsOf({ revision: { commit: '', ref: '', committed: '' }, sha: '', repository: undefined })
    expect(of({}, nothing).labels).toEqual({})
  })

  it('a tag after a changed checkout is explained', () => {
    const facts = factsOf({ revision: { dirty: true } })
    const note = expect.stringContaining('what is named after the commit ends in -dirty')
    expect(of({ tags: ['type=sha'] }, facts).notes).toEqual([note])
    expect([of({ tags: ['type=sha'] }).notes, of({ tags: ['edge'] }, facts).notes]).toEqual([[], []])
  })

  it.each([
    ['labels', { labels: { a: '{{nope}}' } }],
    ['labels', { labels: { a: "{{date 'YYYY' tz='Nowhere'}}" } }],
    ['annotations', { annotations: ['manifest:a={{nope}}'] }],
  ])('an expression that is none is of %s', (key, wish) => {
    expect(() => of(wish)).toThrow(new RegExp(`^${key}: `))
  })

  it('are the same whenever the image is built, and whatever for: a version that tells the time is none', () => {
    const tags = ['type=schedule', "type=raw,value={{date 'YYYYMMDD'}},priority=2000", 'type=ref']
    const [now, later] = ['2020-01-10T00:00:00.000Z', '2021-01-01T00:00:00.000Z'].map(time =>
      of({ tags }, factsOf({ now: time, event: 'schedule' })),
    )
    expect([now?.version, later?.version]).toEqual(['20200110', '20210101'])
    expect(now?.labels).toEqual(described)
    expect(later?.labels).toEqual(described)
    expect(of({ tags }, factsOf({ event: 'push' })).labels).toEqual(described)
  })
})

it('an image that is built already keeps its version, whatever tags are asked for now', () => {
  const metadata = of({ tags: ['type=sha'], version: 'main', annotations: ['a=b'] })
  expect([metadata.version, metadata.ownVersion, metadata.labels]).toEqual(['sha-90dd603', 'main', described])
  expect(metadata.annotations).toEqual({ manifest: { a: 'b', ...described } })
  const none = of({ version: '' }).labels
  expect(none).toEqual({ ...described, 'org.opencontainers.image.version': undefined })
})

describe('annotations', () => {
  it('there are none unless one is asked for; then the usual ones are beside it', () => {
    expect(of({}).annotations).toEqual({})
    expect(of({ annotations: ['com.acme.team=web'] }).annotations).toEqual({
      manifest: { 'com.acme.team': 'web', ...described },
    })
  })

  it('by level, for one platform alone, with commas and expressions in a value', () => {
    const annotations = [
      'index:org.opencontainers.image.title=All of {{branch}}',
      'manifest,index:com.acme.list=a,b=c',
      'manifest[linux/arm64]:com.acme.arm=yes',
    ]
    const own = { ...described, 'com.acme.list': 'a,b=c' }
    expect(of({ annotations }).annotations).toEqual({
      index: { 'com.acme.list': 'a,b=c', 'org.opencontainers.image.title': 'All of main' },
      manifest: own,
      'manifest[linux/arm64]': { 'com.acme.arm': 'yes' },
    })
    const both = of({ annotations: ['com.acme.list=a,b=c'] }, factsOf({ levels: ['manifest', 'index'] }))
    expect(both.annotations).toEqual({ index: own, manifest: own })
  })

  it('a level that there is none of is an error', () => {
    expect(refusal(() => of({ annotations: ['a=b'] }, factsOf({ levels: ['image'] })))).toBe(
      'DOCKER_METADATA_ANNOTATIONS_LEVELS: found "image", expected manifest, index, manifest-descriptor, index-descriptor',
    )
  })
})

it('as JSON, and as a bake file', () => {
  const metadata = of(
    { names: [hub, ghcr], tags: ['type=sha'], annotations: ['index:a=b'] },
    factsOf({ levels: ['index'] }),
  )
  const annotations = Object.entries({ a: 'b', ...described, 'org.opencontainers.image.version': 'sha-90dd603' }).map(
    ([key, value]) => `index:${key}=${value}`,
  )
  const labels = { ...described, 'org.opencontainers.image.version': 'sha-90dd603' }
  const tags = ['name/app:sha-90dd603', 'ghcr.io/acme/web:sha-90dd603']
  expect(renderJson(metadata)).toEqual({ tags, 'tag-names': ['sha-90dd603'], labels, annotations })
  expect(renderBakeFile(metadata)).toEqual({
    target: {
      'docker-metadata-action': {
        tags,
        labels,
        annotations,
        args: { DOCKER_META_IMAGES: 'name/app,ghcr.io/acme/web', DOCKER_META_VERSION: 'sha-90dd603' },
      },
    },
  })
  expect(renderBakeFile(of({}))).toEqual({
    target: {
      'docker-metadata-action': {
        tags: ['name/app:main', 'name/app:sha-90dd603'],
        labels: described,
        args: { DOCKER_META_IMAGES: 'name/app', DOCKER_META_VERSION: 'main' },
      },
    },
  })
})

describe('whatever the names', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 })
  const rules = [
    'type=ref',
    'type=semver',
    'type=pep440',
    'type=match,pattern=.(.*)',
    'type=sha',
    'type=edge',
    'type=schedule',
    'type=raw,value={{branch}}{{tag}}',
    'type=raw,value=x,prefix={{branch}}-,suffix=-{{tag}}',
    'ghcr.io/acme/web:{{branch}}{{tag}}',
  ]

  it('a tag is one that a registry takes, and all of it is said again for the same facts', () => {
    const ref = fc.tuple(fc.constantFrom('heads', 'tags', 'pull'), text)
    fc.assert(
      fc.property(
        ref,
        text,
        fc.boolean(),
        fc.subarray(rules, { minLength: 1 }),
        ([kind, name], base, onlatest, tags) => {
          const facts = at(`refs/${kind}/${name}`, { base, event: 'schedule', tags: [name, base] })
          const flavor = [`latest=true`, `suffix=-{{base_ref}},onlatest=${onlatest}`]
          const metadata = of({ tags, flavor }, facts)
          for (const { tag } of metadata.references) expect(tag).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
          for (const tag of metadata.tagNames) expect(tag).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
          expect(new Set(metadata.references.map(renderReference)).size).toBe(metadata.references.length)
          expect(new Set(metadata.references.map(renderReference))).toEqual(new Set(metadata.tags))
          expect(of({ tags, flavor }, facts)).toEqual(metadata)
        },
      ),
      { numRuns: 500 },
    )
  })
})
