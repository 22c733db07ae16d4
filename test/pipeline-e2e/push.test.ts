import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import type { FaultRule } from '../support/ecr/faults.ts'
import { openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { pce } from './support/pce.ts'
import { loginFor, told } from './support/refusal.ts'
import { text } from './support/text.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web', 'acme/fixed'], immutable: ['acme/fixed'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const push = ['run', '--push', '--registries']

describe('a registry that fails is quoted, and no tag is set', () => {
  const failures: { title: string; fault: FaultRule; end: string }[] = [
    {
      title: 'errors of the registry',
      fault: { method: 'PUT', path: /\/manifests\//, times: 1000, answer: 500 },
      end: text`
        exit code 3
        Verdicts
          contract:web  passed about web linux/amd64 sha256:DIGEST
          push:web      broken: could not be done: Push 127.0.0.1:PORT/acme/web@sha256:DIGEST: regctl ended with exit code 1 after T
              failed to put manifest 127.0.0.1:PORT/acme/web@sha256:DIGEST: request failed: unexpected http status code: Internal Server Error [http 500]: {"errors":[{"code":"UNKNOWN","message":"An internal error occurred."}]}
              See that the registry is reachable, then run again: what is there already is not sent twice.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'connections that are cut',
      fault: { path: /\/blobs\//, times: 1000, answer: 'cut' },
      end: text`
      exit code 3
      Verdicts
        contract:web  passed about web linux/amd64 sha256:DIGEST
        push:web      broken: could not be done: Push 127.0.0.1:PORT/acme/web@sha256:DIGEST: regctl ended with exit code 1 after T
            failed to send blob post, ref 127.0.0.1:PORT/acme/web@sha256:DIGEST: Post "http://127.0.0.1:PORT/v2/acme/web/blobs/uploads/": EOF
            See that the registry is reachable, then run again: what is there already is not sent twice.

      Broken in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `,
    },
  ]
  it.each(failures)(
    '$title',
    async ({ fault, end }) => {
      await using checkout = await openCheckout('small')
      using _ = ecr.fault(fault)
      const ended = await pce(checkout, [...push, ecr.host], loginFor(ecr))
      expect(told(ended, checkout)).toBe(end)
      expect(await ecr.tags('acme/web')).toEqual([])
      expect(await leftovers(ended)).toEqual([])
    },
    120_000,
  )
})

describe('a tag that may not move', () => {
  it('an immutable tag of another image, which stays where it is', async () => {
    await using checkout = await openCheckout('small', { config: { image: 'acme/fixed', tags: ['v1'] } })
    expect(await pce(checkout, [...push, ecr.host], loginFor(ecr))).toMatchObject({ exitCode: 0 })
    const before = await ecr.manifest('acme/fixed', 'v1')

    await checkout.write({ 'package.json': '{ "name": "small", "version": "1.0.1" }\n' })
    const ended = await pce(checkout, [...push, ecr.host], loginFor(ecr))
    expect(told(ended, checkout)).toBe(text`
      exit code 3
      Verdicts
        contract:fixed  passed about fixed linux/amd64 sha256:DIGEST
        push:fixed      broken: could not be done: Push 127.0.0.1:PORT/acme/fixed:v1: regctl ended with exit code 1 after T
            failed to put manifest 127.0.0.1:PORT/acme/fixed:v1: request failed: unexpected http status code: Bad Request [http 400]: {"errors":[{"code":"TAG_INVALID","message":"The image tag 'v1' already exists in the 'acme/fixed' repository and cannot be overwritten because the tag is immutable."}]}
            The tag is there and may not move: use a tag that names this commit, such as type=sha.

      Broken in T:
        fixed linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
    expect(await ecr.manifest('acme/fixed', 'v1')).toEqual(before)
    expect(await ecr.tags('acme/fixed')).toEqual(['v1'])
    expect(await leftovers(ended)).toEqual([])
  }, 60_000)
})
