import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { type Checkout, openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { type Ended, pce } from './support/pce.ts'
import { loginFor, told } from './support/refusal.ts'
import { text } from './support/text.ts'
import { steady } from './support/words.ts'

const config = {
  hadolint: true,
  scan: { block: 'high' },
  checks: { syntax: 'node --check server.js' },
  unit: { target: 'test-image', junit: '/tmp/junit.xml' },
  services: { cache: 'redis:7' },
  newman: 'postman/*.postman_collection.json',
  contract: { size: '400 MB' },
}

describe('a run from a commit to a registry', () => {
  let ecr: Ecr
  let checkout: Checkout
  let ended: Ended
  beforeAll(async () => {
    ecr = await openEcr({ repositories: ['acme/web'] })
    checkout = await openCheckout('app', { config })
    ended = await pce(checkout, ['run', '--push', '--registries', ecr.host, '--json'], loginFor(ecr))
  }, 120_000)
  afterAll(async () => {
    await checkout[Symbol.asyncDispose]()
    await ecr[Symbol.asyncDispose]()
  })

  it('ends well, and says so', () => {
    expect(told(ended, checkout)).toBe(text`
      exit code 0
      Verdicts
        app:web       passed about web linux/amd64 sha256:DIGEST
        check:syntax  passed about source
        contract:web  passed about web linux/amd64 sha256:DIGEST
        hadolint      passed about source
        newman:web    passed about web linux/amd64 sha256:DIGEST: 2 assertions of 2 requests passed
        scan:source   passed about source: 1 low
        scan:web      passed about web linux/amd64 sha256:DIGEST: nothing found
        unit:web      passed about source: 2 tests, 0 failed

      Pushed
        127.0.0.1:PORT/acme/web:sha-COMMIT sha256:DIGEST
        127.0.0.1:PORT/acme/web:main sha256:DIGEST

      Passed in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
  })

  it('ships the manifest that was tested, byte for byte, under the planned tags', async () => {
    const commit = await checkout.git('rev-parse', 'HEAD')
    expect(await ecr.tags('acme/web')).toEqual(['main', `sha-${commit.slice(0, 7)}`])
    const digests = new Set(
      ended.record?.verdicts.map(({ subject }) => subject).filter(subject => subject !== 'source'),
    )
    expect(digests.size).toBe(1)
    const [digest = ''] = digests
    for (const tag of await ecr.tags('acme/web')) {
      const { bytes } = await ecr.manifest('acme/web', tag)
      expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(digest)
    }
    expect(judgesOf(ended, digest)).toEqual(['app:web', 'contract:web', 'newman:web', 'scan:web'])
  })

  it('sets the tags last, that of the commit before that of the branch', () => {
    const puts = ecr.writes().filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/'))
    expect(puts.map(({ path }) => steady(path))).toEqual([
      '/v2/acme/web/manifests/sha256:DIGEST',
      '/v2/acme/web/manifests/sha-COMMIT',
      '/v2/acme/web/manifests/main',
    ])
    expect(ecr.writes().at(-1)).toEqual(puts.at(-1))
  })

  it('keeps a record that its published schema describes, and prints it', async () => {
    const schema = JSON.parse(await readFile(join(import.meta.dirname, '../../docs/run.schema.json'), 'utf8'))
    const written = JSON.parse(await readFile(join(ended.directory, 'run.json'), 'utf8'))
    expect(z.fromJSONSchema(schema).parse(written)).toEqual(written)
    expect(JSON.parse(ended.stdout)).toEqual(written)
    expect(written).toMatchObject({ id: ended.id, outcome: 'passed' })
  })

  it('renders the record in every form', async () => {
    const render = async (form: string) =>
      (await pce(checkout, ['report', join(ended.directory, 'run.json'), '--as', form])).stdout
    const names = [...(await render('junit')).matchAll(/<testcase name="([^"]*)"/g)].map(([, name = '']) =>
      steady(name),
    )
    expect(names.sort()).toEqual([
      'Hello: greets',
      'Nowhere: is 404',
      'app:web (web linux/amd64 sha256:DIGEST)',
      'check:syntax (source)',
      'contract:web (web linux/amd64 sha256:DIGEST)',
      'greets',
      'hadolint (source)',
      'has no other page',
      'is at most 400.0 MB',
      'names a user other than root',
      'newman:web (web linux/amd64 sha256:DIGEST)',
      'scan:source (source)',
      'scan:web (web linux/amd64 sha256:DIGEST)',
      'unit:web (source)',
    ])
    expect(await render('summary')).toContain('newman:web')
    expect(JSON.parse(await render('json'))).toEqual(ended.record)
  }, 30_000)

  it('leaves nothing behind but its record and logs', async () => {
    expect(await leftovers(ended)).toEqual([])
    expect(await stat(join(ended.directory, 'logs')).then(found => found.isDirectory())).toBe(true)
  })
})

function judgesOf({ record }: Ended, digest: string): string[] {
  const about = record?.verdicts.filter(({ subject, status }) => subject === digest && status === 'passed') ?? []
  return about.map(({ task }) => task).sort()
}
