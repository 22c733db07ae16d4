import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from './ecr.ts'
import { type RawClient, rawClient } from './raw.ts'

let ecr: Ecr
let client: RawClient

beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
  client = rawClient(ecr.host, ecr.token)
}, 90_000)
afterAll(() => ecr[Symbol.asyncDispose]())

describe('faults', () => {
  it('fails as many requests as told, and only those that match', async () => {
    await client.image('acme/web', 'v1', 'one')
    using _ = ecr.fault({ method: 'GET', path: /\/manifests\//, times: 2, answer: 429 })
    const answers: number[] = []
    for (const path of ['manifests/v1', 'tags/list', 'manifests/v1', 'manifests/v1']) {
      answers.push((await client.ask(`acme/web/${path}`)).status)
    }
    expect(answers).toEqual([429, 200, 429, 200])
  })

  it("answers in ECR's words", async () => {
    ecr.fault({ path: /./, answer: 429 })
    const answer = await client.ask('acme/web/tags/list')
    expect(await answer.json()).toEqual({ errors: [{ code: 'TOOMANYREQUESTS', message: 'Rate exceeded' }] })
  })

  it.each([500, 503] as const)('answers %d', async answer => {
    ecr.fault({ path: /tags/, answer })
    expect((await client.ask('acme/web/tags/list')).status).toBe(answer)
  })

  it('cuts the connection', async () => {
    ecr.fault({ path: /tags/, answer: 'cut' })
    await expect(client.ask('acme/web/tags/list')).rejects.toThrow('fetch failed')
  })

  it('never answers', async () => {
    ecr.fault({ path: /tags/, answer: 'hang' })
    await expect(client.ask('acme/web/tags/list', { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout')
    expect(ecr.log.at(-1)).toMatchObject({ path: '/v2/acme/web/tags/list', status: 0 })
  })

  it('ends with its block', async () => {
    {
      using _ = ecr.fault({ path: /tags/, times: 9, answer: 503 })
    }
    expect((await client.ask('acme/web/tags/list')).status).toBe(200)
  })
})

describe('the log', () => {
  it('holds each request in order, counts what changed something, and keeps it in the file', async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), 'pce-ecr-log-'))
    const file = join(directory.path, 'access.jsonl')
    const logged = await openEcr({ repositories: ['acme/web'], logFile: file })
    const { ask, image, blob } = rawClient(logged.host, logged.token)
    await fetch(`http://${logged.host}/v2/`)
    await blob('acme/web', Buffer.from('twelve bytes'))
    const before = logged.writes().length
    await image('acme/api', 'v1', 'one').catch(() => undefined)
    await ask('acme/web/manifests/v1')

    expect(logged.log.map(({ method, status, user }) => [method, status, user])).toEqual([
      ['GET', 401, ''],
      ['POST', 202, 'AWS'],
      ['PATCH', 202, 'AWS'],
      ['PUT', 201, 'AWS'],
      ['POST', 404, 'AWS'],
      ['GET', 404, 'AWS'],
    ])
    expect([before, logged.writes().length]).toEqual([3, 3])
    expect(logged.log[2]).toMatchObject({ path: expect.stringMatching(/uploads\/.+\?_state=/), bytes: 12 })
    expect(logged.log[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)

    await logged[Symbol.asyncDispose]()
    const lines = (await readFile(file, 'utf8')).trim().split('\n')
    expect(lines.map(line => JSON.parse(line))).toEqual(logged.log)
  })
})
