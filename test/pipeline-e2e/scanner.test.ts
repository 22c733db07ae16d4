import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { openCheckout } from './support/checkout.ts'
import { fakeTrivy } from './support/fake.ts'
import { runRefused, told } from './support/refusal.ts'
import { text } from './support/text.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

describe('a scanner that broke is not a clean scan', () => {
  const faults: { title: string; says: string; end: string }[] = [
    {
      title: 'exit code 1',
      says: 'echo "FATAL run error: no space left" >&2; exit 1',
      end: text`
        exit code 3
        Verdicts
          cache:web     cancelled: not worth doing: scan:web broken
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: scan:web broken: Scan web: TMP/bin/trivy ended with exit code 1 after T
          login         cancelled: not worth doing: scan:web broken
          push:web      cancelled: needs login, which ended cancelled
          scan:web      broken: could not look: Scan web: TMP/bin/trivy ended with exit code 1 after T
              FATAL run error: no space left
              A scanner that broke is not a clean scan: mend what it says, or run again.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'rubbish',
      says: 'echo "<html>busy</html>"',
      end: text`
        exit code 3
        Verdicts
          cache:web     cancelled: not worth doing: scan:web broken
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: scan:web broken: Scan web: what TMP/bin/trivy gave is no report of schema version 2
          login         cancelled: not worth doing: scan:web broken
          push:web      cancelled: needs login, which ended cancelled
          scan:web      broken: could not look: Scan web: what TMP/bin/trivy gave is no report of schema version 2
              Take that Trivy off PATH, and pce fetches the one that it knows; or update either of them.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a report of another version',
      says: `echo '{"SchemaVersion":3,"Results":[]}'`,
      end: text`
        exit code 3
        Verdicts
          cache:web     cancelled: not worth doing: scan:web broken
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: scan:web broken: Scan web: what TMP/bin/trivy gave is no report of schema version 2
          login         cancelled: not worth doing: scan:web broken
          push:web      cancelled: needs login, which ended cancelled
          scan:web      broken: could not look: Scan web: what TMP/bin/trivy gave is no report of schema version 2
              Take that Trivy off PATH, and pce fetches the one that it knows; or update either of them.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'nothing',
      says: 'true',
      end: text`
        exit code 3
        Verdicts
          cache:web     cancelled: not worth doing: scan:web broken
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: scan:web broken: Scan web: what TMP/bin/trivy gave is no report of schema version 2
          login         cancelled: not worth doing: scan:web broken
          push:web      cancelled: needs login, which ended cancelled
          scan:web      broken: could not look: Scan web: what TMP/bin/trivy gave is no report of schema version 2
              Take that Trivy off PATH, and pce fetches the one that it knows; or update either of them.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
  ]
  it.each(faults)(
    '$title',
    async ({ says, end }) => {
      await using checkout = await openCheckout('small', { config: { scan: { source: false } } })
      const PATH = await fakeTrivy(checkout, says)
      expect(told(await runRefused(checkout, ecr, { PATH }), checkout)).toBe(end)
    },
    60_000,
  )
})
