import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { stepsOf } from '../../src/record/steps.ts'
import { spy } from '../pipeline-e2e/support/spy.ts'
import { type Azblob, openAzblob } from '../support/azblob/azblob.ts'
import { type Bench, onGitHub, openBench } from './support/bench.ts'

let bench: Bench
let azblob: Azblob
beforeAll(async () => {
  azblob = await openAzblob(['layers'])
  bench = await openBench()
}, 120_000)
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await azblob[Symbol.asyncDispose]()
}, 60_000)

const doneIn = ({ vertices = [] }: Awaited<ReturnType<Bench['build']>>): number =>
  stepsOf(vertices).filter(({ cached }) => !cached).length
const config = (more: object = {}) => ({
  type: 'azblob',
  account: azblob.address,
  container: 'layers',
  prefix: 'web',
  ...more,
})
const by = (key = azblob.account.key) => ({ ...onGitHub, AZURE_STORAGE_KEY: key })
const name = 'web-default-linux-amd64-main'

it('a fresh builder with nothing but a cache in Azure does no step, and the key is nowhere to be seen', async () => {
  const first = await bench.build(by(), config())
  expect(doneIn(first)).toBe(5)
  expect(first.cache).toMatchObject({ type: 'azblob', missed: [name], notices: [] })
  const work = bench.write(by(), config())
  const { processes, withLogin } = await spy(join(bench.directory, '..'), {
    forms: [azblob.account.key],
    until: work,
  })
  const written = await work
  expect(written).toMatchObject({ value: { exported: true }, cache: { notices: [] } })
  const whole = azblob.log.filter(({ action, status }) => /^PutBlob$|^PutBlockList$/.test(action) && status === 201)
  expect(written.cache?.entries).toBe(whole.length)
  const told = processes.filter(one => `${one.command} ${one.environment}`.includes(azblob.account.key))
  expect([told, withLogin]).toEqual([[], []])
  expect(azblob.blobs('layers').filter(key => !key.startsWith('web/blobs/sha256:'))).toEqual([`web/manifests/${name}`])
  await bench.forget()
  const second = await bench.build(by(), config())
  expect(doneIn(second)).toBe(0)
  expect(second.cache).toMatchObject({ found: [name], missed: [], notices: [] })
  expect(second.cache?.from).toEqual([
    `type=azblob,account_url=${azblob.address},container=layers,prefix=web,name=${name}`,
  ])
  // What was there before is made new, so that no rule of the container for what is old takes it away.
  const before = azblob.log.length
  expect((await bench.write(by(), config())).value).toEqual({ exported: true })
  const calls = new Set(azblob.log.slice(before).map(({ action, status }) => `${action} ${status}`))
  expect([...calls].sort()).toEqual([
    'GetBlob 200',
    'GetBlobProperties 200',
    'GetBlobProperties 403',
    'PutBlob 201',
    'SetBlobMetadata 200',
  ])
}, 180_000)

it('an index that never comes keeps nobody waiting', async () => {
  using _ = azblob.fault({ action: 'GetBlob', answer: 'hang', times: 999 })
  const { value, cache } = await bench.build(by(), config())
  expect(value?.digest).toMatch(/^sha256:/)
  expect(cache?.notices).toEqual(['nothing, or not all, was read from the azblob cache: no byte within 10 s'])
}, 60_000)

const denied =
  'AZURE_STORAGE_KEY must be a key of the account, or AZURE_STORAGE_SAS_TOKEN must not have ended and allow to read, create and write in layers'
it.each<[string, () => object, object, string]>([
  ['another key', () => by('eA=='), {}, `it does not let us in (AuthenticationFailed): ${denied}`],
  [
    'a share of nobody',
    () => ({ ...onGitHub, AZURE_STORAGE_SAS_TOKEN: '?sp=rw&sig=x' }),
    {},
    `it does not let us in (AuthenticationFailed): ${denied}`,
  ],
  ['another container', by, { container: 'nowhere' }, 'there is no container nowhere'],
])(
  'with %s it is not written, and a notice says why',
  async (_, env, more, why) => {
    const { value, reason, cache } = await bench.write({ ...env() }, config(more))
    expect([value, reason]).toEqual([{ exported: false }, `cache not written: ${why}`])
    expect(cache?.notices).toEqual([reason])
  },
  60_000,
)

it('without a key BuildKit signs in by itself, and what it lacks is said', async () => {
  const account = azblob.address.replace('http://', 'https://')
  const { reason } = await bench.write(onGitHub, config({ account }))
  expect(reason).toMatch(
    /^cache not written: no identity of Azure in the builder: set AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN here/,
  )
}, 60_000)
