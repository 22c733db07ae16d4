import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { pce } from './support/pce.ts'
import { loginFor, told } from './support/refusal.ts'
import { text } from './support/text.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const platforms = ['linux/amd64', 'linux/arm64']

describe('an image for several platforms', () => {
  it('is built and judged for each of them, and ships as the index of just those digests', async () => {
    await using checkout = await openCheckout('small', { config: { platforms, tags: 'type=ref' } })
    const ended = await pce(checkout, ['run', '--push', '--registries', ecr.host], loginFor(ecr))
    expect(told(ended, checkout)).toBe(text`
      exit code 0
      Verdicts
        contract:web:linux/amd64  passed about web linux/amd64 sha256:DIGEST
        contract:web:linux/arm64  passed about web linux/arm64 sha256:DIGEST

      Pushed
        127.0.0.1:PORT/acme/web:main sha256:DIGEST

      Passed in T:
        web linux/amd64 sha256:DIGEST
        web linux/arm64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
    const { images = [], indexes = [], pushed = [] } = ended.record ?? {}
    expect(images.map(({ platform }) => platform).sort()).toEqual(platforms)
    expect(pushed.map(({ digest }) => digest)).toEqual(indexes.map(({ digest }) => digest))
    expect(indexes[0]?.images.toSorted()).toEqual(images.map(({ digest }) => digest).sort())
    expect(await leftovers(ended)).toEqual([])
  }, 120_000)

  it('does not ship when one platform is refused', async () => {
    await using checkout = await openCheckout('small', {
      config: { platforms, contract: { user: 'any' }, scan: { source: false } },
      files: {
        Dockerfile:
          'FROM scratch AS amd64\nCOPY package.json /\nFROM scratch AS arm64\nCOPY node_modules /node_modules\nARG TARGETARCH\nFROM $TARGETARCH\n',
        'node_modules/minimist/package.json': '{ "name": "minimist", "version": "1.2.0" }\n',
      },
    })
    const before = ecr.log.length
    const ended = await pce(checkout, ['run', '--push', '--registries', ecr.host], loginFor(ecr))
    expect(ended.exitCode).toBe(1)
    const verdicts = (ended.record?.verdicts ?? []).map(({ task, status }) => `${task} ${status}`).sort()
    expect(verdicts).toEqual([
      'contract:web:linux/amd64 skipped',
      'contract:web:linux/arm64 skipped',
      'scan:web:linux/amd64 passed',
      'scan:web:linux/arm64 failed',
    ])
    expect(ecr.log.slice(before)).toEqual([])
  }, 120_000)

  it('is tested where this machine can run it, and says where it can not', async () => {
    await using checkout = await openCheckout('small', {
      config: { platforms: ['linux/arm64'], app: { port: 80 }, newman: 'no.json' },
    })
    const ended = await pce(checkout, ['run'])
    expect(told(ended, checkout)).toBe(text`
      exit code 0
      Verdicts
        app:web       skipped about web linux/arm64 sha256:DIGEST: not native: this host is linux/amd64
        contract:web  passed about web linux/arm64 sha256:DIGEST
        newman:web    skipped: app:web was skipped: not native: this host is linux/amd64

      Passed in T:
        web linux/arm64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
  }, 120_000)

  it('is refused when two of them are one', async () => {
    await using checkout = await openCheckout('small', { config: { platforms: ['native', 'linux/amd64'] } })
    const ended = await pce(checkout, ['build'])
    expect(told(ended, checkout)).toBe(text`
      exit code 2
      Verdicts
        index:web  broken: could not be done: platforms: linux/amd64 is built twice
            native is linux/amd64 on this machine: name each platform once.

      Broken in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
  }, 120_000)
})
