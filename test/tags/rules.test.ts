import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { Facts } from '../../src/run/facts.ts'
import { metadataOf } from '../../src/tags/metadata.ts'
import { loadFor } from '../../src/tags/python.ts'
import { refusal } from '../config/given.ts'
import { at, factsOf } from './facts.ts'

beforeAll(() => loadFor(['type=pep440']))

const names = [{ registry: 'docker.io', repository: 'name/app' }]

/** Names of tags, without `latest` unless it is asked for. */
const tagsOf = (tags: readonly string[], facts: Facts, flavor: readonly string[] = ['latest=false']) =>
  metadataOf({ names, tags, flavor, labels: {}, annotations: [] }, facts).tagNames

type Row = readonly [rule: string, ref: string, tags: readonly string[]]

const version = (kind: string, rows: readonly (readonly [tag: string, pattern: string, output: string])[]): Row[] =>
  rows.map(([tag, rest, output]) => [`type=${kind},${rest}`, `refs/tags/${tag}`, [output]])

/** The results that the documentation of docker/metadata-action gives (README v6.2, "tags input"). */
const documented: readonly Row[] = [
  ...version('semver', [
    ['v1.2.3', 'pattern={{raw}}', 'v1.2.3'],
    ['v1.2.3', 'pattern={{version}}', '1.2.3'],
    ['v1.2.3', 'pattern={{major}}.{{minor}}', '1.2'],
    ['v1.2.3', 'pattern=v{{major}}', 'v1'],
    ['v1.2.3', 'pattern={{minor}}', '2'],
    ['v1.2.3', 'pattern={{patch}}', '3'],
    ['p1/v1.2.3', String.raw`pattern={{version}},match=v(\d.\d.\d)$`, '1.2.3'],
    ['v2.0.8-beta.67', 'pattern={{raw}}', 'v2.0.8-beta.67'],
    ['v2.0.8-beta.67', 'pattern={{version}}', '2.0.8-beta.67'],
    ['v2.0.8-beta.67', 'pattern={{major}}', '2.0.8-beta.67'],
    ['v2.0.8-beta.67', 'pattern={{major}}.{{minor}}', '2.0.8-beta.67'],
  ]),
  ...version('pep440', [
    ['1.2.3', 'pattern={{raw}}', '1.2.3'],
    ['1.2.3', 'pattern={{version}}', '1.2.3'],
    ['v1.2.3', 'pattern={{version}}', '1.2.3'],
    ['1.2.3', 'pattern={{major}}.{{minor}}', '1.2'],
    ['1.2.3', 'pattern=v{{major}}', 'v1'],
    ['v1.2.3rc2', 'pattern={{raw}}', 'v1.2.3rc2'],
    ['1.2.3rc2', 'pattern={{version}}', '1.2.3rc2'],
    ['p1/v1.2.3', String.raw`pattern={{version}},match=v(\d.\d.\d)$`, '1.2.3'],
    ['1.2.3rc2', 'pattern={{major}}.{{minor}}', '1.2.3rc2'],
    ['1.2.3post1', 'pattern={{major}}.{{minor}}', '1.2.3.post1'],
    ['1.2.3beta2', 'pattern={{major}}.{{minor}}', '1.2.3b2'],
    ['1.0dev4', 'pattern={{major}}.{{minor}}', '1.0.dev4'],
  ]),
  ...version('match', [
    ['v1.2.3', String.raw`pattern=\d.\d.\d`, '1.2.3'],
    ['v2.0.8-beta.67', 'pattern=v(.*),group=1', '2.0.8-beta.67'],
    ['v2.0.8-beta.67', String.raw`pattern=v(\d.\d),group=1`, '2.0'],
    ['20200110-RC2', String.raw`pattern=\d+`, '20200110'],
    ['p1/v1.2.3', String.raw`pattern=p1/v(\d.\d.\d),group=1`, '1.2.3'],
  ]),
  ['type=ref,event=pr', 'refs/pull/2/merge', ['pr-2']],
  ['type=ref,event=branch', 'refs/heads/master', ['master']],
  ['type=ref,event=branch', 'refs/heads/my/branch', ['my-branch']],
  ['type=ref,event=branch', 'refs/heads/releases/v1', ['releases-v1']],
  ['type=ref,event=tag', 'refs/tags/v1.2.3', ['v1.2.3']],
  ['type=ref,event=tag', 'refs/tags/v2.0.8-beta.67', ['v2.0.8-beta.67']],
  ['type=raw,value=foo', 'refs/heads/main', ['foo']],
  ['type=raw,foo', 'refs/heads/main', ['foo']],
  ['foo', 'refs/heads/main', ['foo']],
  ['type=sha', 'refs/heads/main', ['sha-90dd603']],
  ['type=sha,format=long', 'refs/heads/main', ['sha-90dd6032fac8bda1b6c4436a2e65de27961ed071']],
  ['type=edge', 'refs/heads/main', ['edge']],
  ['type=edge,branch=dev', 'refs/heads/dev', ['edge']],
  ['type=semver,pattern={{version}},value=v1.0.0', 'refs/heads/main', ['1.0.0']],
  [String.raw`type=semver,pattern={{version}},value=p1/v1.0.0,match=v(\d.\d.\d)$`, 'refs/heads/main', ['1.0.0']],
  ['type=pep440,pattern={{version}},value=1.0.0', 'refs/heads/main', ['1.0.0']],
  ['type=match,pattern=v(.*),group=1,value=v1.0.0', 'refs/heads/main', ['1.0.0']],
  ['type=sha,prefix={{branch}}-', 'refs/heads/main', ['main-90dd603']],
  ['type=raw,value=mytag-{{branch}}-{{sha}}', 'refs/heads/main', ['mytag-main-90dd603']],
  ['type=raw,value=x{{branch}}', 'refs/heads/my/branch', ['xmy-branch']],
  ['type=raw,value=x{{branch}}', 'refs/pull/2/merge', ['x']],
  ['type=raw,value=x{{tag}}', 'refs/tags/v1.2.3', ['xv1.2.3']],
  ['type=raw,value=x{{tag}}', 'refs/heads/main', ['x']],
  ['type=raw,value=latest,enable={{is_default_branch}}', 'refs/heads/main', ['latest']],
  ['type=raw,value=latest,enable={{is_default_branch}}', 'refs/heads/other', []],
  ['type=raw,value=next,enable={{is_not_default_branch}}', 'refs/heads/other', ['next']],
]

describe('what the documentation of metadata-action says', () => {
  it.each(documented)('%s at %s', (rule, ref, tags) => expect(tagsOf([rule], at(ref))).toEqual(tags))

  it.each([
    ["{{date 'YYYYMMDD'}}", '20200110'],
    ["{{date 'dddd, MMMM Do YYYY, h:mm:ss a'}}", 'Friday-January-10th-2020-3-25-50-pm'],
    ["{{date 'YYYYMMDD-HHmmss' tz='Asia/Tokyo'}}", '20200111-002550'],
    ["{{commit_date 'YYYYMMDD-HHmmss' tz='Asia/Tokyo'}}", '20200110-093000'],
    ["{{commit_date 'YYYYMMDD'}}", '20200110'],
    ['nightly', 'nightly'],
  ])('a schedule: %s', (pattern, tag) => {
    expect(tagsOf([`type=schedule,pattern=${pattern}`], factsOf({ event: 'schedule' }))).toEqual([tag])
    expect(tagsOf([`type=schedule,pattern=${pattern}`], factsOf())).toEqual([])
  })

  it('the base branch, for a pull request and where the event of a tag says one', () => {
    expect(tagsOf(['type=raw,value={{base_ref}}'], at('refs/pull/2/merge', { base: 'master' }))).toEqual(['master'])
    expect(tagsOf(['type=raw,value=x{{base_ref}}'], at('refs/heads/dev'))).toEqual(['x'])
    expect(tagsOf(['type=raw,value={{base_ref}}'], at('refs/tags/v1.2.3', { base: 'master' }))).toEqual(['master'])
  })

  it.each([
    ['refs/pull/2/merge', ['pr-2']],
    ['refs/heads/master', ['master']],
    ['refs/heads/releases/v1', ['releases-v1']],
    ['refs/tags/v1.2.3', ['v1.2.3', 'latest']],
  ])('its own default at %s', (ref, tags) => {
    const rules = ['type=schedule', 'type=ref,event=branch', 'type=ref,event=tag', 'type=ref,event=pr']
    expect(tagsOf(rules, at(ref), [])).toEqual(tags)
  })

  it.each([
    ['refs/pull/2/merge', ['pr-2']],
    ['refs/heads/master', ['master']],
    ['refs/heads/releases/v1', ['releases-v1']],
    ['refs/tags/v1.2.3', ['1.2.3', '1.2', 'latest']],
    ['refs/tags/v2.0.8-beta.67', ['2.0.8-beta.67']],
  ])('semantic versions at %s', (ref, tags) => {
    const rules = [
      'type=ref,event=branch',
      'type=ref,event=pr',
      'type=semver,pattern={{version}}',
      'type=semver,pattern={{major}}.{{minor}}',
    ]
    expect(tagsOf(rules, at(ref), [])).toEqual(tags)
  })

  it('priorities, of which the first is the version', () => {
    const rules = [
      'type=sha',
      'raw',
      'type=ref,event=tag',
      'type=match,pattern=v(.*)',
      'type=semver,pattern={{major}}',
      'type=schedule',
      'type=raw,value=first,priority=2000',
      'type=raw,value=last,priority=-1',
    ]
    const metadata = metadataOf(
      { names, tags: rules, flavor: [], labels: {}, annotations: [] },
      at('refs/tags/v1.2.3', { event: 'schedule' }),
    )
    expect(metadata.version).toBe('first')
    expect(metadata.tagNames).toEqual(['first', 'nightly', '1', 'v1.2.3', 'raw', 'sha-90dd603', 'last', 'latest'])
  })

  it('edge is of the default branch, where that is known', () => {
    expect(tagsOf(['type=edge'], at('refs/heads/other'))).toEqual([])
    expect(tagsOf(['type=edge'], at('refs/tags/v1.2.3'))).toEqual([])
    expect(tagsOf(['type=edge'], at('refs/heads/main', { defaultBranch: undefined }))).toEqual([])
  })

  it('the number of digits of a commit', () => {
    expect(tagsOf(['type=sha', '{{sha}}'], factsOf({ shortSha: 12 }))).toEqual(['90dd6032fac8', 'sha-90dd6032fac8'])
  })
})

describe('the flavor', () => {
  const tag = at('refs/tags/v1.2.3')
  it.each([
    [['latest=true'], ['1.2.3', 'latest']],
    [['latest=false'], ['1.2.3']],
    [
      ['prefix=a-', 'suffix=-z'],
      ['a-1.2.3-z', 'latest'],
    ],
    [
      ['prefix=a-,onlatest=true', 'suffix=-z,onlatest=true'],
      ['a-1.2.3-z', 'a-latest-z'],
    ],
    [['suffix=-alpine,onlatest=false'], ['1.2.3-alpine', 'latest']],
    [['latest=auto,suffix=-{{sha}},onlatest=true'], ['1.2.3-90dd603', 'latest-90dd603']],
  ])('%j', (flavor, tags) => expect(tagsOf(['type=semver,pattern={{version}}'], tag, flavor)).toEqual(tags))

  it('gives way to what a rule says itself, nothing as well', () => {
    const rules = ['type=raw,value=a,prefix=', 'type=raw,value=b,prefix=own-', 'type=sha', 'type=raw,value=c']
    expect(tagsOf(rules, tag, ['prefix=f-'])).toEqual(['a', 'own-b', 'f-c', 'sha-90dd603'])
  })

  it('latest=true is for a branch as well', () => {
    expect(tagsOf(['type=ref'], at('refs/heads/main'), ['latest=true'])).toEqual(['main', 'latest'])
    expect(tagsOf(['type=semver'], at('refs/heads/main'), ['latest=true'])).toEqual([])
  })
})

describe('what is ours alone', () => {
  it.each<Row>([
    ['type=ref', 'refs/heads/main', ['main']],
    ['type=ref', 'refs/tags/v1.2.3', ['v1.2.3']],
    ['type=ref', 'refs/pull/7/merge', ['pr-7']],
    ['type=semver', 'refs/tags/v1.2.3', ['1.2.3', '1.2', '1']],
    ['type=semver', 'refs/tags/v0.2.3', ['0.2.3', '0.2']],
    ['type=semver', 'refs/tags/v2.0.0-rc.1', ['2.0.0-rc.1']],
    ['type=semver', 'refs/tags/v1.2.3+build.5', ['1.2.3', '1.2', '1']],
    ['type=semver,pattern={{version}}-{{build}}', 'refs/tags/v1.2.3+build.5', ['1.2.3-build.5']],
    ['type=pep440', 'refs/tags/1.2', ['1.2', '1']],
    ['type=semver', 'refs/tags/nightly', []],
    ['type=semver', 'refs/heads/main', []],
    ['type=semver,pattern={{version}},match=app-(.*)', 'refs/tags/v1.2.3', []],
    [String.raw`type=semver,pattern={{version}},match=\d+\.\d+\.\d+`, 'refs/tags/app-1.2.3-x', ['1.2.3']],
    ['type=semver,pattern={{major}}', 'refs/tags/v0.2.3', []],
    ['type=pep440,pattern=v{{major}}', 'refs/tags/0.2.3', []],
    ['type=raw,value=', 'refs/heads/main', []],
    ['type=raw,value=a b', 'refs/heads/main', ['a-b']],
    ['type=raw,value={{branch}}', 'refs/heads/a&b', ['a-b']],
    ['type=ref', 'refs/heads/.-x', ['x']],
    ['type=ref', 'refs/heads/日本', []],
    ['type=ref', `refs/heads/${'x'.repeat(200)}`, ['x'.repeat(128)]],
    ['type=ref,suffix=-alpine', `refs/heads/${'x'.repeat(200)}`, [`${'x'.repeat(121)}-alpine`]],
    ...['v1.2.3', '1.2', '2', '1.2.3-rc.1', '1.0rc1', 'sha-90dd603', 'pr-7', 'latest'].map(
      (name): Row => ['type=ref', `refs/heads/${name}`, []],
    ),
    ...['1.x', 'release/1.2', 'v1-fixes', 'edge'].map(
      (name): Row => ['type=ref', `refs/heads/${name}`, [name.replace('/', '-')]],
    ),
    ['type=ref,prefix=branch-', 'refs/heads/v1.2.3', ['branch-v1.2.3']],
    ['type=match,pattern=/V(.*)/i,group=1', 'refs/tags/v1.2.3', ['1.2.3']],
    ['type=match,pattern=x(.*)', 'refs/tags/v1.2.3', []],
    ['type=match,pattern=v(.*),group=2', 'refs/tags/v1.2.3', []],
  ])('%s at %s', (rule, ref, tags) => expect(tagsOf([rule], at(ref))).toEqual(tags))

  it('a changed checkout is not its commit', () => {
    const facts = factsOf({ revision: { dirty: true } })
    expect(tagsOf(['type=sha', '{{sha}}'], facts)).toEqual(['90dd603-dirty', 'sha-90dd603-dirty'])
  })

  it('a checkout that is none has no commit', () => {
    const facts = factsOf({ revision: { commit: '', ref: '' }, sha: '' })
    expect(tagsOf(['type=sha', 'type=ref'], facts)).toEqual([])
  })

  it.each([
    // A helper of Handlebars that writes to the log, where a runner takes what is in it for a command of ours.
    "a{{log '::set-output name=digest::sha256:0'}}",
    'a{{constructor}}',
    'a{{this}}',
    'a{{#each this}}{{@key}}{{/each}}',
    "a{{#*inline 'b'}}{{/inline}}",
  ])('fills in what there is and does nothing else: %s', rule => {
    const print = jest.spyOn(console, 'info').mockReturnValue()
    try {
      expect(refusal(() => tagsOf([rule], factsOf()))).toMatch(`tags: ${rule} can't be filled in\n`)
      expect(print).not.toHaveBeenCalled()
    } finally {
      print.mockRestore()
    }
  })

  it.each([
    ['enable={{branch}},value=a', 'tags: enable={{branch}},value=a: enable is "main", expected true or false'],
    [
      '{{brunch}}',
      `tags: {{brunch}} can't be filled in\nExpressions are {{…}} with one of branch, tag, sha, base_ref, is_default_branch, is_not_default_branch, date, commit_date`,
    ],
    ["{{date 'YYYY' zone='UTC'}}", "tags: {{date}} takes tz='…', not zone"],
    ["{{date 'YYYY' tz='Mars/One'}}", 'tags: there is no time zone Mars/One; one is called Europe/Berlin, another UTC'],
  ])('an expression that gives nothing is an error: %s', (rule, message) => {
    expect(refusal(() => tagsOf([rule], factsOf()))).toBe(message)
  })
})
