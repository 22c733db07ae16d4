import { describe, expect, it } from '@jest/globals'
import { secretInputsOf } from '../../src/config/secret-inputs.ts'
import { refusal } from './given.ts'

const inputs = (given: Readonly<Record<string, string>>) => ({
  readWhole: (name: string) => given[name],
  from: (name: string) => `input ${name}`,
})
const secrets = (text: string) => secretInputsOf(inputs({ secrets: text }))
const envs = (text: string) => [{ path: ['build', 'secret-envs'], text, from: 'input secrets' }]

describe('the input secrets', () => {
  it('names of variables are an override like any other', () => {
    const overrides = [{ path: ['build', 'secrets'], text: 'NPM_TOKEN\nHEX_KEY?', from: 'input secrets' }]
    expect(secrets('NPM_TOKEN\nHEX_KEY?')).toEqual({ overrides, variables: {} })
    expect(secretInputsOf(inputs({}))).toEqual({ overrides: [], variables: {} })
  })

  interface Case {
    readonly title: string
    readonly text: string
    readonly ids: string
    readonly values: Readonly<Record<string, string>>
  }
  const cases: readonly Case[] = [
    { title: 'a value', text: 'A=1\n', ids: 'A=BUILD_SECRET_A', values: { A: '1' } },
    { title: 'spaces belong to it', text: 'A= 1 \t\n', ids: 'A=BUILD_SECRET_A', values: { A: ' 1 \t' } },
    {
      title: 'and a carriage return',
      text: 'A=1\r\nB=2',
      ids: 'A=BUILD_SECRET_A\nB=BUILD_SECRET_B',
      values: { A: '1\r', B: '2' },
    },
    { title: 'equals signs, commas, hashes', text: 'A=a=b,c#d==', ids: 'A=BUILD_SECRET_A', values: { A: 'a=b,c#d==' } },
    { title: 'unicode', text: 'A=pässword €', ids: 'A=BUILD_SECRET_A', values: { A: 'pässword €' } },
    { title: 'quotes in the middle', text: 'A={"k": "v"}', ids: 'A=BUILD_SECRET_A', values: { A: '{"k": "v"}' } },
    {
      title: 'several lines, in quotes',
      text: '"K=-----BEGIN\nabc=\n\n-----END\n"\nA=1',
      ids: 'K=BUILD_SECRET_K\nA=BUILD_SECRET_A',
      values: { K: '-----BEGIN\nabc=\n\n-----END\n', A: '1' },
    },
    { title: 'a quote within quotes', text: '"A=say ""hi"""', ids: 'A=BUILD_SECRET_A', values: { A: 'say "hi"' } },
    {
      title: 'an id that is no variable, or a right of the job',
      text: 'GITHUB_TOKEN=x\nnpm-rc.v2=y',
      ids: 'GITHUB_TOKEN=BUILD_SECRET_GITHUB_TOKEN\nnpm-rc.v2=BUILD_SECRET_npm_rc_v2',
      values: { GITHUB_TOKEN: 'x', npm_rc_v2: 'y' },
    },
    { title: 'empty: who opens it says so', text: 'A=', ids: 'A=BUILD_SECRET_A', values: { A: '' } },
    {
      title: 'empty, and optional',
      text: 'A=1\nB?=',
      ids: 'A=BUILD_SECRET_A\nB?=BUILD_SECRET_B',
      values: { A: '1', B: '' },
    },
  ]
  it.each(cases)('$title', ({ text, ids, values }) => {
    const variables = Object.fromEntries(Object.entries(values).map(([id, value]) => [`BUILD_SECRET_${id}`, value]))
    expect(secrets(text)).toEqual({ overrides: envs(ids), variables })
  })

  const advice =
    'A value of several lines stands in quotes: "ID=value". One with quotes in it goes by a variable, which nothing takes apart: env: { KEY: a secret }, and secret-envs: ID=KEY.'
  it.each([
    ['a key without quotes', 'A=-----BEGIN\nMIIE\n-----END', `line 2 is not ID=value (not shown)\n${advice}`],
    [
      'the end of a Base64 text',
      'A=aaaa\nbbbb==',
      `the secret in line 2 is empty (its id is not shown)\nForks' pull requests get no secrets; one that may be empty is written ID?=…\n${advice}`,
    ],
    ['a value without an id', '=x', `line 1 is not ID=value (not shown)\n${advice}`],
    ['an id with spaces', 'my token=x', `line 1 is not ID=value (not shown)\n${advice}`],
    [
      'a quote without end',
      '"A=x',
      `a secret that begins with a quote must end with one; a quote in it is written twice (not shown)\n${advice}`,
    ],
    ['JSON in quotes', '"A={"k": "v"}"', `line 1 is not ID=value (not shown)\n${advice}`],
    ['a name among values', 'A=1\nNPM_TOKEN', `line 2 is not ID=value (not shown)\n${advice}`],
  ])('%s is refused, and not shown', (_, text, error) => {
    expect(refusal(() => secrets(text))).toBe(`input secrets: ${error}`)
  })

  it('the token for Git contexts is no secret that a configuration can name', () => {
    expect(secretInputsOf(inputs({ 'github-token': 'ghs_x' }))).toEqual({
      overrides: [],
      variables: { PCE_GITHUB_TOKEN: 'ghs_x' },
    })
  })
})
