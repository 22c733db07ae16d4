import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { type Checkout, openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { pce } from './support/pce.ts'
import { loginFor, told } from './support/refusal.ts'
import { text } from './support/text.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const config = { checks: { syntax: 'test -f package.json' }, scan: { source: false } }
const push = (checkout: Checkout) => pce(checkout, ['push', '--registries', ecr.host], loginFor(ecr))

describe('a push after commands on their own', () => {
  it('says what to do first when nothing is built', async () => {
    await using checkout = await openCheckout('small', { config })
    const ended = await push(checkout)
    expect({ exitCode: ended.exitCode, stderr: ended.stderr }).toEqual({
      exitCode: 2,
      stderr: `build:web: nothing is staged in this run
Build first: pce build, or the build action as an earlier step of this job.
`,
    })
  }, 30_000)

  it('ships only what every stage has cleared', async () => {
    await using checkout = await openCheckout('small', { config })
    const built = await pce(checkout, ['build'])
    expect(built.exitCode).toBe(0)
    expect(told(await push(checkout), checkout)).toBe(text`
      exit code 1
      Verdicts
        gate      failed: nothing passed about web (linux/amd64) sha256:DIGEST: at least one of scan, contract, newman must judge it; check:syntax, scan:web, contract:web cancelled: no verdict in this run: do that stage before the push, or turn it off in pce.yml
        login     cancelled: needs gate, which ended failed
        push:web  cancelled: needs gate, which ended failed

      Failed in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
    expect(await pce(checkout, ['check'])).toMatchObject({ exitCode: 0, id: built.id })
    expect(await pce(checkout, ['test'])).toMatchObject({ exitCode: 0, id: built.id })
    expect(told(await push(checkout), checkout)).toBe(text`
      exit code 1
      Verdicts
        check:syntax  passed about source
        contract:web  passed about web linux/amd64 sha256:DIGEST
        gate          failed: scan:web cancelled: no verdict in this run: do that stage before the push, or turn it off in pce.yml
        login         cancelled: needs gate, which ended failed
        push:web      cancelled: needs gate, which ended failed

      Failed in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
    expect(ecr.log).toEqual([])

    expect(await pce(checkout, ['scan'])).toMatchObject({ exitCode: 0, id: built.id })
    const pushed = await push(checkout)
    expect(told(pushed, checkout)).toBe(text`
      exit code 0
      Verdicts
        check:syntax  passed about source
        contract:web  passed about web linux/amd64 sha256:DIGEST
        scan:web      passed about web linux/amd64 sha256:DIGEST: nothing found

      Pushed
        127.0.0.1:PORT/acme/web:sha-COMMIT sha256:DIGEST
        127.0.0.1:PORT/acme/web:main sha256:DIGEST

      Passed in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
    expect(new Set(pushed.record?.pushed.map(({ digest }) => digest))).toEqual(
      new Set([built.record?.images.at(0)?.digest]),
    )
    expect((await ecr.tags('acme/web')).length).toBe(2)

    expect((await pce(checkout, ['clean'])).stderr).toBe(`${built.id} closed\n`)
    expect(await leftovers(built)).toEqual([])
  }, 120_000)

  it('does not ship a build that came after the verdicts', async () => {
    await using checkout = await openCheckout('small', { config: { ...config, scan: { source: false, image: false } } })
    for (const command of ['build', 'check', 'test']) await pce(checkout, [command])
    await checkout.write({ 'package.json': '{ "name": "other", "version": "2.0.0" }\n' })
    await pce(checkout, ['build'])
    const before = ecr.log.length
    const ended = await push(checkout)
    expect(told(ended, checkout)).toBe(text`
      exit code 1
      Verdicts
        gate      failed: nothing passed about web (linux/amd64) sha256:DIGEST: at least one of scan, contract, newman must judge it; check:syntax, contract:web cancelled: no verdict in this run: do that stage before the push, or turn it off in pce.yml
        login     cancelled: needs gate, which ended failed
        push:web  cancelled: needs gate, which ended failed

      Failed in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
    expect(ecr.log.slice(before)).toEqual([])
    await pce(checkout, ['clean'])
    expect(await leftovers(ended)).toEqual([])
  }, 60_000)
})

describe('the layer cache', () => {
  const dockerfile = `FROM debian:bookworm-slim AS deps
RUN date +%N > /deps
FROM deps AS test-image
RUN date +%N > /test-deps
FROM deps AS prod
RUN date +%N > /prod-deps
USER 1000:1000
`
  const cachesOf = ({ record }: Awaited<ReturnType<typeof pce>>) =>
    (record?.tasks ?? [])
      .filter(({ task }) => task.startsWith('cache:'))
      .map(({ task, status, reason = '' }) => `${task} ${status} ${reason}`)
      .sort()

  it('is written after the gate, and the next run does no step again', async () => {
    await using checkout = await openCheckout('app', {
      config: {
        app: undefined,
        cache: { path: '../layers' },
        unit: { target: 'test-image', run: 'true' },
      },
      files: { Dockerfile: dockerfile },
    })
    const first = await pce(checkout, ['run'])
    const again = await pce(checkout, ['run'])
    const steps = (again.record?.tasks ?? []).flatMap(({ task, vertices = [] }) =>
      vertices.filter(({ name }) => name.includes('RUN')).map(({ name, cached }) => `${task} ${name} ${cached}`),
    )
    expect(steps.sort()).toEqual([
      'build:web [deps 2/2] RUN date +%N > /deps true',
      'build:web [prod 1/1] RUN date +%N > /prod-deps true',
      'test-image:web [deps 2/2] RUN date +%N > /deps true',
      'test-image:web [test-image 1/1] RUN date +%N > /test-deps true',
    ])
    expect(again.record?.images.at(0)?.digest).toBe(first.record?.images.at(0)?.digest)

    // What is there is not written again; what is new is.
    const nothing = 'skipped every step came from a cache: there is nothing to add'
    expect([cachesOf(first), cachesOf(again)]).toEqual([
      ['cache:web passed ', 'cache:web:tests passed '],
      [`cache:web ${nothing}`, `cache:web:tests ${nothing}`],
    ])
    await checkout.write({ Dockerfile: `${dockerfile}RUN true\n` })
    expect(cachesOf(await pce(checkout, ['run']))).toEqual(['cache:web passed ', `cache:web:tests ${nothing}`])
  }, 120_000)
})
