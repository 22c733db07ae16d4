import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { type Given, openCheckout } from './support/checkout.ts'
import { noise } from './support/fake.ts'
import { runRefused, told } from './support/refusal.ts'
import { text } from './support/text.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const small = 'FROM scratch\nCOPY package.json /\n'
const minimist = '{ "name": "minimist", "version": "1.2.0" }\n'

describe('an image does not ship', () => {
  const faults: (Given & { title: string; end: string })[] = [
    {
      title: 'with a vulnerable package in it',
      config: { scan: { source: false } },
      files: {
        Dockerfile: 'FROM scratch\nCOPY node_modules /node_modules\nUSER 1000:1000\n',
        'node_modules/minimist/package.json': minimist,
      },
      end: text`
        exit code 1
        Verdicts
          cache:web     cancelled: not worth doing: scan:web failed
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: scan:web failed: 1 of severity high or above, such as CVE-2021-44906 in minimist
          login         cancelled: not worth doing: scan:web failed
          push:web      cancelled: needs login, which ended cancelled
          scan:web      failed about web linux/amd64 sha256:DIGEST: 1 of severity high or above, such as CVE-2021-44906 in minimist

        Findings
          critical CVE-2021-44906 minimist 1.2.0 → 0.2.4, 1.2.6: minimist: prototype pollution
          medium (does not block) CVE-2020-7598 minimist 1.2.0 → 0.2.1, 1.2.3: minimist: prototype pollution by a constructor or __proto__ payload

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'when it names no user',
      files: { Dockerfile: small },
      end: text`
        exit code 1
        Verdicts
          cache:web     cancelled: not worth doing: contract:web failed
          contract:web  failed about web linux/amd64 sha256:DIGEST: the image names no user, so it runs as root; add USER to its Dockerfile, or set contract.user: any
          gate          failed: contract:web failed: the image names no user, so it runs as root; add USER to its Dockerfile, or set contract.user: any
          login         cancelled: not worth doing: contract:web failed
          push:web      cancelled: needs login, which ended cancelled

        Failed tests
          contract web › names a user other than root
            the image names no user, so it runs as root; add USER to its Dockerfile, or set contract.user: any

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'when its user is root',
      files: { Dockerfile: `${small}USER root:root\n` },
      end: text`
        exit code 1
        Verdicts
          cache:web     cancelled: not worth doing: contract:web failed
          contract:web  failed about web linux/amd64 sha256:DIGEST: the image runs as root:root; add USER to its Dockerfile, or set contract.user: any
          gate          failed: contract:web failed: the image runs as root:root; add USER to its Dockerfile, or set contract.user: any
          login         cancelled: not worth doing: contract:web failed
          push:web      cancelled: needs login, which ended cancelled

        Failed tests
          contract web › names a user other than root
            the image runs as root:root; add USER to its Dockerfile, or set contract.user: any

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'when it is too large',
      config: { contract: { size: '1 MB' } },
      files: { Dockerfile: `${small}COPY large /\nUSER 1000:1000\n`, large: noise(2_000_000) },
      end: text`
        exit code 1
        Verdicts
          cache:web     cancelled: not worth doing: contract:web failed
          contract:web  failed about web linux/amd64 sha256:DIGEST: the image is 1.6 MB, 0.6 MB over its budget
          gate          failed: contract:web failed: the image is 1.6 MB, 0.6 MB over its budget
          login         cancelled: not worth doing: contract:web failed
          push:web      cancelled: needs login, which ended cancelled

        Failed tests
          contract web › is at most 1.0 MB
            the image is 1.6 MB, 0.6 MB over its budget

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
  ]
  it.each(faults)(
    '$title',
    async ({ end, ...given }) => {
      await using checkout = await openCheckout('small', given)
      expect(told(await runRefused(checkout, ecr), checkout)).toBe(end)
    },
    60_000,
  )
})
