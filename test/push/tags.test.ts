import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { UserError } from '../../src/errors.ts'
import { tagRuleSchema } from '../../src/push/config.ts'
import { tagsOf } from '../../src/push/tags.ts'
import type { Revision } from '../../src/record/record.ts'

const revision: Revision = {
  commit: '0123456789abcdef0123456789abcdef01234567',
  ref: 'refs/heads/main',
  dirty: false,
  committed: '',
}
const sha = 'sha-0123456789ab'

interface Case {
  readonly title: string
  readonly rules: readonly string[]
  readonly at?: Partial<Revision>
  readonly tags: readonly string[]
}

const cases: readonly Case[] = [
  { title: 'a branch', rules: ['type=ref'], tags: ['main'] },
  {
    title: 'a branch with slashes',
    rules: ['type=ref'],
    at: { ref: 'refs/heads/feature/a b#1' },
    tags: ['feature-a-b-1'],
  },
  { title: 'a branch that begins with a dot', rules: ['type=ref'], at: { ref: 'refs/heads/.-x' }, tags: ['x'] },
  {
    title: 'a branch longer than a tag',
    rules: ['type=ref'],
    at: { ref: `refs/heads/${'x'.repeat(200)}` },
    tags: ['x'.repeat(128)],
  },
  {
    title: 'a branch of which nothing may stand in a tag',
    rules: ['type=ref', 'type=sha'],
    at: { ref: 'refs/heads/日本' },
    tags: [sha],
  },
  { title: 'a tag of Git', rules: ['type=ref'], at: { ref: 'refs/tags/v1.2.3' }, tags: ['v1.2.3'] },
  { title: 'a pull request', rules: ['type=ref'], at: { ref: 'refs/pull/7/merge' }, tags: ['pr-7'] },
  { title: 'a commit', rules: ['type=sha'], tags: [sha] },
  { title: 'a changed checkout is not its commit', rules: ['type=sha'], at: { dirty: true }, tags: [`${sha}-dirty`] },
  { title: 'a commit without a branch', rules: ['type=ref', 'type=sha'], at: { ref: '' }, tags: [sha] },
  {
    title: 'what stays comes first, what moves last',
    rules: ['edge', 'type=ref', 'type=sha'],
    tags: [sha, 'edge', 'main'],
  },
  { title: 'a version', rules: ['type=semver'], at: { ref: 'refs/tags/v1.2.3' }, tags: ['1.2.3', '1.2', '1'] },
  {
    title: 'a version without a v',
    rules: ['type=semver'],
    at: { ref: 'refs/tags/1.2.3' },
    tags: ['1.2.3', '1.2', '1'],
  },
  {
    title: 'a version before the first',
    rules: ['type=semver'],
    at: { ref: 'refs/tags/v0.2.3' },
    tags: ['0.2.3', '0.2'],
  },
  {
    title: 'a pre-release is only itself',
    rules: ['type=semver'],
    at: { ref: 'refs/tags/v2.0.0-rc.1' },
    tags: ['2.0.0-rc.1'],
  },
  {
    title: 'a version with a build',
    rules: ['type=semver'],
    at: { ref: 'refs/tags/v1.2.3+build.5' },
    tags: ['1.2.3', '1.2', '1'],
  },
  { title: 'no version on a branch', rules: ['type=semver', 'type=sha'], tags: [sha] },
  {
    title: 'no version in another tag',
    rules: ['type=semver', 'type=ref'],
    at: { ref: 'refs/tags/nightly' },
    tags: ['nightly'],
  },
  {
    title: 'everything of a release: versions and commit first',
    rules: ['type=raw,value=latest', 'type=ref', 'type=semver', 'type=sha'],
    at: { ref: 'refs/tags/v1.2.3' },
    tags: ['v1.2.3', '1.2.3', sha, 'latest', '1.2', '1'],
  },
  { title: 'a raw value', rules: ['type=raw,value=edge'], tags: ['edge'] },
  { title: 'each tag once', rules: ['main', 'type=ref', 'type=raw,value=main'], tags: ['main'] },
]

describe('the tags of a revision', () => {
  it.each(cases)('$title', ({ rules, at, tags }) => {
    expect(tagsOf(rules, { ...revision, ...at })).toEqual(tags)
  })

  it('no tag at all is an error, with what to do', () => {
    expect(() => tagsOf(['type=semver'], revision)).toThrow(
      new UserError('tags: type=semver give no tag for refs/heads/main\nAdd type=sha, or type=raw,value=…'),
    )
    expect(() => tagsOf(['type=ref', 'type=semver'], { ...revision, ref: '' })).toThrow(
      new UserError(
        'tags: type=ref, type=semver give no tag for a detached checkout\nAdd type=sha, or type=raw,value=…',
      ),
    )
    expect(() => tagsOf(['type=sha'], { ...revision, commit: '' })).toThrow(
      new UserError(
        'tags: type=sha needs a Git commit, and this is not a Git checkout\nName a tag instead: tags: [type=raw,value=…]',
      ),
    )
  })

  it('whatever the branch or tag, a tag is one that a registry takes', () => {
    const ref = fc.tuple(fc.constantFrom('heads', 'tags'), fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }))
    fc.assert(
      fc.property(ref, ([kind, name]) => {
        const tags = tagsOf(['type=ref', 'type=semver', 'edge'], { ...revision, ref: `refs/${kind}/${name}` })
        for (const tag of tags) expect(tag).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('rules', () => {
  const good = [
    'type=sha',
    'type=ref',
    'type=semver',
    'type=raw,value=edge',
    'latest',
    'v1.2_3-x',
    '_x',
    'x'.repeat(128),
  ]
  it.each(good)('%s is one', rule => expect(tagRuleSchema.safeParse(rule).success).toBe(true))
  const bad = [
    '',
    'type=schedule',
    'type=raw',
    'type=raw,value=',
    'type=raw,value=a b',
    'a:b',
    'a/b',
    '.x',
    '-x',
    'x'.repeat(129),
    'type=sha,prefix=',
  ]
  it.each(bad)('%j is none', rule => expect(tagRuleSchema.safeParse(rule).success).toBe(false))
})
