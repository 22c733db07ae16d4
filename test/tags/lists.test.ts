import { describe, expect, it } from '@jest/globals'
import {
  annotationSchema,
  destinationOf,
  destinationSchema,
  flavorSchema,
  tagRuleSchema,
} from '../../src/tags/config.ts'
import { linesOf, splitRules } from '../../src/tags/list.ts'
import { parseName, renderName } from '../../src/tags/name.ts'
import { load, refusal } from '../config/given.ts'

describe('a list of rules', () => {
  it.each<[string, readonly string[]]>([
    ['type=sha\ntype=ref', ['type=sha', 'type=ref']],
    ['# all\n  type=sha  \n\n  # of them\n type=ref,event=branch', ['type=sha', 'type=ref,event=branch']],
    ['type=sha,type=ref', ['type=sha', 'type=ref']],
    ['type=raw,value=edge,enable=true', ['type=raw,value=edge,enable=true']],
    ['type=raw,edge', ['type=raw,edge']],
    ['type=sha,edge', ['type=sha', 'edge']],
    ['type=raw,value=v1,edge', ['type=raw,value=v1', 'edge']],
    ['a,b', ['a', 'b']],
    ['acme/web:1,acme/web:2', ['acme/web:1', 'acme/web:2']],
    ['edge,priority=1', ['edge,priority=1']],
    ["type=schedule,pattern={{date 'dddd, MMMM Do'}}", ["type=schedule,pattern={{date 'dddd, MMMM Do'}}"]],
    [String.raw`type=match,"pattern=\d{1,2}",group=0`, [String.raw`type=match,"pattern=\d{1,2}",group=0`]],
    ['type=raw,value=a#b', ['type=raw,value=a#b']],
    ['name=a/b,enable=false\r\nname=c/d', ['name=a/b,enable=false', 'name=c/d']],
    ['latest=auto\nsuffix=-x,onlatest=true', ['latest=auto', 'suffix=-x,onlatest=true']],
    ['', []],
    ['# nothing', []],
  ])('%j', (text, items) => expect(splitRules(text)).toEqual(items))

  it('a quoted field may hold commas and line ends; a quote that is never closed is the text of its line', () => {
    expect(linesOf('"a=1,2\nb"\nc')).toEqual([['a=1,2\nb'], ['c']])
    expect(linesOf('"a\nb')).toEqual([['"a'], ['b']])
  })
})

const expectation = (schema: typeof tagRuleSchema, text: string) => schema.safeParse(text).error?.issues[0]?.message

describe('a rule', () => {
  it.each([
    'type=sha',
    'type=sha,prefix=',
    'type=sha,format=long,prefix={{branch}}-',
    'type=ref',
    'type=ref,event=pr,enable=true,priority=600,prefix=pr-,suffix=',
    'type=schedule,pattern=nightly',
    'type=semver',
    'type=semver,pattern={{version}},value=v1.0.0,match=v(.*)',
    'type=pep440,pattern={{version}}',
    String.raw`type=match,pattern=v(\d+),group=1,value=v1`,
    'type=match,pattern=/v(.*)/i',
    'type=edge,branch=main',
    'type=raw,value=edge',
    'type=raw,edge',
    'type=raw,value=',
    'type=raw,value=a/b',
    'value=a:b',
    'latest',
    '{{branch}}-x',
    "{{date 'YYYY/MM:DD'}}",
    'x'.repeat(129),
    'ghcr.io/acme/web:1.2',
    'localhost:5000/web:{{sha}}',
    "acme/web:{{date 'HH:mm'}}",
  ])('%s is one', rule => expect(expectation(tagRuleSchema, rule)).toBeUndefined())

  it.each([
    ['', 'a tag or a rule, and not nothing'],
    ['# type=sha', 'a tag or a rule, and not nothing'],
    ['type=shaa', 'a rule: type=schedule|semver|pep440|match|edge|ref|raw|sha'],
    ['type=raw', 'a value: type=raw,value=…'],
    ['type=sha,value=x', 'a rule: type=sha with enable, priority, prefix, suffix, format and nothing else'],
    ['type=sha,format=tiny', 'a rule: format=short or format=long'],
    ['type=ref,event=push', 'a rule: event=branch, event=tag or event=pr'],
    ['type=ref,priority=high', 'a whole number for priority'],
    ['type=semver,pattern=', 'a pattern: type=semver,pattern={{version}}'],
    ['type=semver,pattern=x,match=(', 'a regular expression for match'],
    ['type=match,pattern=(', 'a regular expression for pattern'],
    ['type=match', String.raw`a pattern: type=match,pattern=v(\d+),group=1`],
    ['type=match,pattern=x,group=y', 'a number for group'],
    ['acme/web', 'a tag; an image needs one too (acme/web:latest), and a tag with / or : is type=raw,value=…'],
    ['acme/web:', 'a tag; an image needs one too (acme/web:latest), and a tag with / or : is type=raw,value=…'],
    [`acme/web@sha256:${'a'.repeat(64)}`, 'the name of an image such as ghcr.io/acme/web, without tag and digest'],
    ['ac me/web:1', 'the name of an image such as ghcr.io/acme/web, without tag and digest'],
    ['"a', 'a rule: quotes that are closed'],
  ])('%s is none', (rule, message) => expect(expectation(tagRuleSchema, rule)).toBe(message))
})

it.each([
  ['latest=auto', undefined],
  ['prefix=a,onlatest=true', undefined],
  ['latest=yes', 'a flavor: latest=auto, latest=true or latest=false'],
  ['onlatest=true', 'a flavor: onlatest=true or onlatest=false, after a prefix or a suffix'],
  ['suffix=x,onlatest=1', 'a flavor: onlatest=true or onlatest=false, after a prefix or a suffix'],
  ['-alpine', 'a flavor: latest=…, prefix=… or suffix=…'],
])('a flavor: %s', (text, message) => expect(expectation(flavorSchema, text)).toBe(message))

it.each([
  ['a=b', undefined],
  ['a=', undefined],
  ['manifest,index:a=b', undefined],
  ['manifest-descriptor[linux/arm/v7]:a=b', undefined],
  ['a', 'an annotation: name=value, or with levels before it, manifest,index:name=value'],
  ['image:a=b', 'annotations at: manifest, index, manifest-descriptor, index-descriptor'],
])('an annotation: %s', (text, message) => expect(expectation(annotationSchema, text)).toBe(message))

describe('the name of an image', () => {
  it.each([
    ['name/app', 'docker.io', 'name/app', 'name/app'],
    ['alpine', 'docker.io', 'library/alpine', 'alpine'],
    ['index.docker.io/name/app', 'docker.io', 'name/app', 'name/app'],
    ['ghcr.io/Acme/Web', 'ghcr.io', 'acme/web', 'ghcr.io/acme/web'],
    ['GHCR.io/acme/web', 'ghcr.io', 'acme/web', 'ghcr.io/acme/web'],
    ['localhost/web', 'localhost', 'web', 'localhost/web'],
    ['registry:5000/web', 'registry:5000', 'web', 'registry:5000/web'],
  ])('%s', (text, registry, repository, rendered) => {
    const name = parseName(text)
    expect(name).toEqual({ registry, repository })
    expect('fault' in name ? '' : renderName(name)).toBe(rendered)
  })

  it('in a list it may be switched off', () => {
    expect(destinationOf('name=ghcr.io/acme/web,enable=true')).toEqual([
      { registry: 'ghcr.io', repository: 'acme/web' },
    ])
    expect(destinationOf('name=ghcr.io/acme/web,enable=false')).toEqual([])
    expect(expectation(destinationSchema, 'name=a/b,enable=yes')).toBe('an image: enable=true or enable=false')
    expect(expectation(destinationSchema, 'name=a/b,tag=x')).toBe('an image: name=… and enable=… and nothing else')
    expect(expectation(destinationSchema, 'a/b:1')).toBe(
      'the name of an image such as ghcr.io/acme/web, without tag and digest',
    )
  })
})

describe('where an image goes', () => {
  const [ecr, ghcr] = ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'ghcr.io']
  const placesIn = (text: string, overrides: Parameters<typeof load>[0]['overrides'] = []) =>
    Object.fromEntries(
      Object.entries(load({ text, overrides }).config.images).map(([name, { image, destinations }]) => [
        name,
        [image, ...destinations.map(renderName)],
      ]),
    )

  it('its name in each registry', () => {
    expect(placesIn(`image: acme/web\nregistries: [${ecr}, ${ghcr}]\n`)).toEqual({
      web: ['acme/web', `${ecr}/acme/web`, 'ghcr.io/acme/web'],
    })
  })

  it('the host of its name, also beside another that has none', () => {
    expect(placesIn('image: ghcr.io/acme/web\n')).toEqual({ web: ['acme/web', 'ghcr.io/acme/web'] })
    expect(placesIn(`images: { a: { image: ghcr.io/acme/a }, b: { image: acme/b } }\nregistries: [${ecr}]\n`)).toEqual({
      a: ['acme/a', 'ghcr.io/acme/a'],
      b: ['acme/b', `${ecr}/acme/b`],
    })
  })

  it('full names, of which the first is its own name where it has none', () => {
    const names = 'ghcr.io/Acme/web\n# Docker Hub too\nname=acme/site,enable=true\nname=quay.io/x/y,enable=false'
    const given = [{ path: ['destinations'], text: names, from: 'input images' }]
    expect(placesIn('tags: edge\n', given)).toEqual({ web: ['acme/web', 'ghcr.io/acme/web', 'acme/site'] })
    expect(placesIn('image: acme/other\n', given)).toEqual({ other: ['acme/other', 'ghcr.io/acme/web', 'acme/site'] })
  })

  it('a registry that nothing goes to is told', () => {
    const text = `image: ghcr.io/acme/web\nregistries: [${ecr}, ghcr.io]\n`
    expect(refusal(() => load({ text }))).toBe(
      `pce.yml:2:1  registries: nothing goes to ${ecr}: the images name other places; leave it out, or give the image a name without a host`,
    )
  })

  it('names that are none are told where they stand', () => {
    const text =
      'image: acme/web\ndestinations:\n  - ghcr.io/acme/web:1\ntags: [edge, type=ref, type=sha,format=x]\nflavor: latest\n'
    expect(refusal(() => load({ text })).split('\n')).toEqual([
      'pce.yml:3:5  destinations[0]: found "ghcr.io/acme/web:1", expected the name of an image such as ghcr.io/acme/web, without tag and digest',
      'pce.yml:4:33  tags[3]: found "format=x", expected a rule: type=raw with enable, priority, prefix, suffix, value and nothing else',
      'pce.yml:5:1  flavor: found "latest", expected a flavor: latest=…, prefix=… or suffix=…',
    ])
  })
})
