import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { openCheckout } from './support/checkout.ts'
import { type Ended, startPce } from './support/pce.ts'
import { loginFor } from './support/refusal.ts'
import { type Spied, spy } from './support/spy.ts'

const secret = 'npm-s3cr3t-of-the-build'

describe('secrets of a run', () => {
  let ecr: Ecr
  let ended: Ended
  let spied: Spied
  let kept: Map<string, string>
  let image: string

  beforeAll(async () => {
    ecr = await openEcr({ repositories: ['acme/web'] })
    await using checkout = await openCheckout('app', {
      config: {
        build: { target: 'prod', secrets: ['NPM_TOKEN'] },
        unit: { target: 'test-image', run: 'env; sleep 1', junit: undefined },
        newman: 'postman/*.postman_collection.json',
      },
      files: { Dockerfile: dockerfile },
    })
    const running = startPce(checkout, ['run', '--push', '--registries', ecr.host, '--verbose', '--json'], {
      ...loginFor(ecr),
      NPM_TOKEN: secret,
    })
    const spying = spy(checkout.state, {
      forms: [...formsOf(ecr.token), ...formsOf(`AWS:${ecr.token}`)],
      until: running.ended,
    })
    ended = await running.ended
    spied = await spying
    kept = await textsBelow(checkout.state)
    const { bytes } = await ecr.manifest('acme/web', 'main')
    const { config } = JSON.parse(bytes.toString())
    const headers = { authorization: `Basic ${Buffer.from(`AWS:${ecr.token}`).toString('base64')}` }
    image = await (await fetch(`http://${ecr.host}/v2/acme/web/blobs/${config.digest}`, { headers })).text()
  }, 120_000)
  afterAll(() => ecr[Symbol.asyncDispose]())

  it('the build got its own', () => {
    expect(ended.stderr).toContain('the secret is 23 bytes')
    expect(ended.exitCode).toBe(0)
  })

  it('are in no file of the run, and in no output', () => {
    expect(kept.size).toBeGreaterThan(20)
    const all = [...kept, ['stderr', ended.stderr], ['stdout', ended.stdout], ['image configuration', image]] as const
    for (const [name, text] of all)
      for (const form of [...formsOf(secret), ...formsOf(ecr.token), ...formsOf(`AWS:${ecr.token}`)])
        expect([name, text.includes(form)]).toEqual([name, false])
    expect(image).toContain('cat /run/secrets/NPM_TOKEN')
  })

  it('are in no command line', () => {
    expect(spied.commands.size).toBeGreaterThan(5)
    const told = [...spied.commands].filter(command => command.includes(secret) || command.includes(ecr.token))
    expect(told).toEqual([])
  })

  it('the login for the push is on disk during the push alone', () => {
    expect(spied.withLogin.length).toBeGreaterThan(0)
    expect(new Set(spied.withLogin.filter(task => !/^(login|push|cache):?/.test(task)))).toEqual(new Set())
  })
})

const dockerfile = `FROM node:24-bookworm-slim AS base
RUN --mount=type=secret,id=NPM_TOKEN echo "the secret is $(wc -c < /run/secrets/NPM_TOKEN) bytes"; cat /run/secrets/NPM_TOKEN
COPY --link server.js /app/
FROM base AS test-image
FROM base AS prod
USER 1000:1000
CMD ["node", "/app/server.js"]
`

const formsOf = (text: string): string[] => [text, Buffer.from(text).toString('base64'), encodeURIComponent(text)]

async function textsBelow(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return new Map(await Promise.all(files.map(async file => [file, await readFile(file, 'utf8')] as const)))
}
