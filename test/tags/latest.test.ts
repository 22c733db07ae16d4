import { beforeAll, describe, expect, it } from '@jest/globals'
import { metadataOf } from '../../src/tags/metadata.ts'
import { loadFor } from '../../src/tags/python.ts'
import { at } from './facts.ts'

beforeAll(() => loadFor(['type=pep440']))

interface Case {
  readonly title: string
  readonly rule: string
  readonly tag: string
  /** other tags of the repository */
  readonly others?: readonly string[]
  readonly latest: boolean
  readonly notes?: readonly string[]
}

const semver = 'type=semver,pattern={{version}}'
const stays = (higher: string, tag: string) => [`latest stays where it is: ${higher} is higher than ${tag}`]

const cases: readonly Case[] = [
  { title: 'the first release', rule: semver, tag: 'v1.0.0', latest: true },
  { title: 'the highest', rule: semver, tag: 'v2.0.1', others: ['v1.9.1', 'v2.0.0'], latest: true },
  {
    title: 'a fix of an older line',
    rule: semver,
    tag: 'v1.9.1',
    others: ['v1.9.0', 'v2.0.1'],
    latest: false,
    notes: stays('v2.0.1', 'v1.9.1'),
  },
  {
    title: 'the same, by the name of the tag',
    rule: 'type=ref,event=tag',
    tag: 'v1.9.1',
    others: ['v2.0.1'],
    latest: false,
    notes: stays('v2.0.1', 'v1.9.1'),
  },
  { title: 'numbers, not text', rule: semver, tag: 'v1.10.0', others: ['v1.9.0'], latest: true },
  {
    title: 'a pre-release of what comes next is not higher',
    rule: semver,
    tag: 'v1.0.0',
    others: ['v2.0.0-rc.1'],
    latest: true,
  },
  { title: 'a pre-release', rule: semver, tag: 'v2.0.8-beta.67', latest: false },
  { title: 'a pre-release, by the name of the tag', rule: 'type=ref,event=tag', tag: 'v2.0.8-beta.67', latest: false },
  { title: 'a tag that is no version', rule: 'type=ref,event=tag', tag: 'sometag', others: ['v1.0.0'], latest: false },
  { title: 'a number after a word', rule: 'type=ref,event=tag', tag: 'release2', others: ['release1'], latest: true },
  {
    title: 'a number after a word that is not the highest',
    rule: 'type=ref,event=tag',
    tag: 'release1',
    others: ['release2'],
    latest: false,
    notes: stays('release2', 'release1'),
  },
  {
    title: 'a part of many in one repository: the others are other lines',
    rule: String.raw`type=semver,pattern={{version}},match=v(\d+\.\d+\.\d+)$`,
    tag: 'p1/v1.2.3',
    others: ['p1/v1.2.2', 'p2/v9.0.0', 'v8.0.0'],
    latest: true,
  },
  {
    title: 'a part of many, and not the highest of its line',
    rule: String.raw`type=match,pattern=v(\d+\.\d+\.\d+)$,group=1`,
    tag: 'p1/v1.2.3',
    others: ['p1/v1.2.4'],
    latest: false,
    notes: stays('p1/v1.2.4', 'p1/v1.2.3'),
  },
  { title: 'a date', rule: String.raw`type=match,pattern=\d{8}`, tag: '20200110', others: ['20191231'], latest: true },
  {
    title: 'a version of Python',
    rule: 'type=pep440,pattern={{version}}',
    tag: '1.2.3',
    others: ['1.2.3rc1', '1.2'],
    latest: true,
  },
  {
    title: 'a version of Python that is not the highest, by its epoch',
    rule: 'type=pep440,pattern={{version}}',
    tag: '2020.1',
    others: ['1!1.0'],
    latest: false,
    notes: stays('1!1.0', '2020.1'),
  },
  {
    title: 'a later fix of a version of Python',
    rule: 'type=pep440,pattern={{version}}',
    tag: '1.2.3.post1',
    latest: false,
  },
  {
    title: 'a value of its own',
    rule: `${semver},value=v1.0.0`,
    tag: 'nightly',
    others: ['v2.0.0'],
    latest: false,
    notes: stays('v2.0.0', 'v1.0.0'),
  },
  { title: 'a commit', rule: 'type=sha', tag: 'v1.0.0', latest: false },
  { title: 'a name', rule: 'type=raw,value=1.0.0', tag: 'v1.0.0', latest: false },
]

const decide = (rule: string, tag: string, told: { tags: string[]; tagsComplete?: boolean }) =>
  metadataOf({ names: [], tags: [rule], flavor: [], labels: {}, annotations: [] }, at(`refs/tags/${tag}`, told))

describe('latest goes to the highest release alone', () => {
  it.each(cases)('$title', ({ rule, tag, others = [], latest, notes = [] }) => {
    const metadata = decide(rule, tag, { tags: [tag, ...others] })
    expect([metadata.tagNames.includes('latest'), metadata.notes]).toEqual([latest, notes])
  })

  it('where the other tags are not there it is taken for the highest, and that is told', () => {
    const note =
      'latest goes to v1.9.1: this checkout does not have the tags of other releases, so nobody can say whether one is higher (actions/checkout: fetch-tags: true)'
    const unsure = decide(semver, 'v1.9.1', { tags: ['v1.9.1'], tagsComplete: false })
    expect([unsure.tagNames, unsure.notes]).toEqual([['1.9.1', 'latest'], [note]])
    const sure = decide(semver, 'v1.9.1', { tags: ['v1.9.1', 'v2.0.0'], tagsComplete: false })
    expect([sure.tagNames, sure.notes]).toEqual([['1.9.1'], stays('v2.0.0', 'v1.9.1')])
  })
})
