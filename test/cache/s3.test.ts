import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { stepsOf } from '../../src/record/steps.ts'
import { spy } from '../pipeline-e2e/support/spy.ts'
import type { Keys } from '../support/aws/keyring.ts'
import { allow } from '../support/aws/policy.ts'
import { openS3, type S3 } from '../support/s3/s3.ts'
import { type Bench, onGitHub, openBench } from './support/bench.ts'

let bench: Bench
let s3: S3
beforeAll(async () => {
  s3 = await openS3({ buckets: ['layers'] })
  bench = await openBench()
}, 120_000)
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await s3[Symbol.asyncDispose]()
}, 60_000)

const doneIn = ({ vertices = [] }: Awaited<ReturnType<Bench['build']>>): number =>
  stepsOf(vertices).filter(({ cached }) => !cached).length
const config = (more: object = {}) => ({
  type: 's3',
  endpoint: s3.origin,
  bucket: 'layers',
  region: s3.region,
  prefix: 'web/',
  ...more,
})
const by = ({ accessKeyId, secretAccessKey, sessionToken }: Keys = s3Keys()) => ({
  ...onGitHub,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
})
const name = 'web-default-linux-amd64-main'

it('a fresh builder with nothing but a cache in S3 does no step, and what is old is made new', async () => {
  const first = await bench.build(by(), config())
  expect(doneIn(first)).toBe(5)
  expect(first.cache).toMatchObject({ type: 's3', missed: [name], notices: [] })
  expect(first.cache?.miss).toBe(`[deps 2/3] COPY package.json /: there is no cache yet for ${name}`)
  const written = await bench.write(by(), config())
  expect(written).toMatchObject({ value: { exported: true }, cache: { notices: [] } })
  expect(written.cache?.sent).toBeGreaterThan(2_000_000)
  expect(s3.objects('layers').filter(key => !key.startsWith('web/blobs/sha256:'))).toEqual([`web/manifests/${name}`])
  const whole = s3.log.filter(({ action, status }) => /^(PutObject|CompleteM.*)$/.test(action) && status === 200)
  expect(written.cache?.entries).toBe(whole.length)
  await bench.forget()
  const second = await bench.build(by(), config())
  expect(doneIn(second)).toBe(0)
  expect(second.cache).toMatchObject({ found: [name], missed: [], notices: [] })
  expect(second.cache?.received).toBeGreaterThan(2_000_000)
  s3.age(48 * 3_600_000)
  const before = s3.log.length
  expect((await bench.write(by(), config())).value).toEqual({ exported: true })
  const calls = s3.log.slice(before).map(({ action, status }) => `${action} ${status}`)
  expect(new Set(calls)).toEqual(
    new Set([' 403', 'GetObject 200', 'HeadObject 200', 'CopyObject 200', 'PutObject 200']),
  )
}, 180_000)

// The tests below read what this one wrote: what an answer of S3 means is told by the tests of the relay.
const unread = 'nothing, or not all, was read from the s3 cache: '

it('an index that never comes keeps nobody waiting, nor the next build', async () => {
  await bench.forget()
  using _ = s3.fault({ action: 'GetObject', answer: 'hang', times: 999 })
  const result = await bench.build(by(), config())
  expect(result.value?.digest).toMatch(/^sha256:/)
  expect(result.cache?.notices).toEqual([`${unread}no byte within 10 s`])
  expect(result.said).toContain(`Cache: ${unread}no byte within 10 s`)
  expect(doneIn(await bench.build(by(), { type: 'none' }))).toBe(0)
}, 120_000)

it('a layer that can’t be read is built', async () => {
  await bench.forget()
  using _ = s3.fault({ action: 'GetObject', answer: 'cut', after: 1, times: 999 })
  const result = await bench.build(by(), config())
  expect(doneIn(result)).toBe(5)
  const broke = 'it broke off: ECONNRESET'
  expect(result.cache?.notices).toEqual([
    unread + broke,
    `built without the cache, which broke the first try: ${broke}`,
  ])
}, 120_000)

it('the keys are in no command line, in no environment of a program and in no file of the run', async () => {
  const keys = s3Keys()
  const forms = [keys.accessKeyId, keys.secretAccessKey, keys.sessionToken ?? '']
  const work = bench.build(by(keys), config()).then(() => bench.write(by(keys), config()))
  const { processes, commands, withLogin } = await spy(join(bench.directory, '..'), { forms, until: work })
  expect((await work).value).toEqual({ exported: true })
  expect([...commands].some(command => command.includes('type=s3,bucket=layers'))).toBe(true)
  const told = processes.filter(one => forms.some(form => `${one.command} ${one.environment}`.includes(form)))
  expect([told, withLogin]).toEqual([[], []])
}, 120_000)

it('without keys it is neither read nor written, and a notice says which to give', async () => {
  const env = { ...onGitHub, AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null' }
  const why =
    'there are no AWS credentials here: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role.'
  expect((await bench.build(env, config())).cache?.notices).toEqual([`nothing was read from s3: ${why}`])
  expect(await bench.write(env, config())).toMatchObject({ status: 'skipped', reason: `no cache in s3: ${why}` })
}, 60_000)

it.each<[string, () => Keys, Parameters<S3['fault']>[0] | undefined, string]>([
  [
    'that takes nothing',
    () => s3.issue(allow('s3:GetObject', 's3:ListBucket')),
    undefined,
    'it does not let us in (AccessDenied): the keys need s3:GetObject, s3:PutObject and s3:AbortMultipartUpload on the objects of layers, and s3:ListBucket on itself',
  ],
  ['that says nothing', s3Keys, { action: 'HeadObject', answer: 'hang', times: 999 }, 'not done within 4 s'],
])(
  'a bucket %s is a notice with the cause, within the deadline',
  async (_, keys, fault, why) => {
    using __ = fault && s3.fault(fault)
    const { value, reason, cache } = await bench.write(by(keys()), config({ timeout: '4 s', prefix: 'other/' }))
    expect([value, reason]).toEqual([{ exported: false }, `cache not written: ${why}`])
    expect(cache?.notices).toEqual([reason])
    expect(s3.objects('layers').filter(key => key.startsWith('other/'))).toEqual([])
  },
  60_000,
)

function s3Keys(): Keys {
  return s3.issue(allow('s3:*'), 900)
}
