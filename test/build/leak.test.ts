import { describe, expect, it } from '@jest/globals'
import { leakMessage, leaksIn } from '../../src/build/leak.ts'

const token = 'npm-s3cr3t-of-the-build'
const key = `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC0\n-----END PRIVATE KEY-----\n`
const secrets = new Map([
  ['NPM_TOKEN', Buffer.from(token)],
  ['key', Buffer.from(key)],
])

interface Case {
  readonly title: string
  readonly config?: Readonly<Record<string, unknown>>
  readonly history?: readonly object[]
  readonly annotations?: Readonly<Record<string, string>>
  readonly places: readonly string[]
}
const base64 = Buffer.from(token).toString('base64')
const cases: readonly Case[] = [
  { title: 'nowhere', config: { Env: ['PATH=/bin'] }, history: [{ created_by: 'RUN npm ci' }], places: [] },
  {
    title: 'a build argument that a step was given',
    history: [{ created_by: 'FROM' }, { created_by: `RUN |1 T=${token} /bin/sh -c npm ci` }],
    places: ['NPM_TOKEN history[1]: RUN |1 T=*** /bin/sh -c npm ci'],
  },
  { title: 'the environment', config: { Env: ['A=1', `T=${token}`] }, places: ['NPM_TOKEN config.Env[1]'] },
  { title: 'a label', config: { Labels: { note: `x${token}y` } }, places: ['NPM_TOKEN config.Labels.note'] },
  { title: 'the name of a label', config: { Labels: { [token]: '' } }, places: ['NPM_TOKEN config.Labels'] },
  { title: 'in Base64', config: { Cmd: [`echo ${base64}`] }, places: ['NPM_TOKEN config.Cmd[0]'] },
  { title: 'an annotation', annotations: { note: token }, places: ['NPM_TOKEN annotations.note'] },
  { title: 'a line of a key', config: { Env: [`K=${key.split('\n')[1]}`] }, places: ['key config.Env[0]'] },
  { title: 'a key without its last line end', config: { Env: [`K=${key.trim()}`] }, places: ['key config.Env[0]'] },
  { title: 'not the frame of a key', config: { Env: ['K=-----BEGIN PRIVATE KEY-----'] }, places: [] },
]

describe('secrets in what an image says of itself', () => {
  it.each(cases)('$title', ({ config = {}, history = [], annotations, places }) => {
    const configuration = { architecture: 'amd64', os: 'linux', config, history }
    const found = leaksIn({ manifest: { annotations }, configuration }, secrets)
    expect(found.map(({ id, place }) => `${id} ${place}`)).toEqual(places)
  })

  it('a build argument in the provenance', () => {
    const attestations = [{ predicate: { buildDefinition: { args: { 'build-arg:T': token } } } }]
    const configuration = { architecture: 'amd64', os: 'linux' }
    expect(leaksIn({ manifest: {}, configuration, attestations }, secrets)).toEqual([
      { id: 'NPM_TOKEN', place: 'attestations[0].predicate.buildDefinition.args.build-arg:T' },
    ])
  })

  it('a long step is cut once the secret is hidden', () => {
    const history = [{ created_by: `${'x'.repeat(190)}${token}` }]
    const [leak] = leaksIn({ manifest: {}, configuration: { architecture: 'a', os: 'b', history } }, secrets)
    expect(leak?.place).toBe(`history[0]: ${'x'.repeat(190)}***`)
  })

  it('says which, where, and what to do', () => {
    expect(leakMessage([{ id: 'NPM_TOKEN', place: 'config.Env[1]' }])).toBe(
      'the secret NPM_TOKEN is in the image: config.Env[1]\nWhoever pulls the image can read it, so it must be replaced. ARG, ENV and LABEL stay in an image: read it in the step that needs it alone, RUN --mount=type=secret,id=ID.',
    )
  })
})
