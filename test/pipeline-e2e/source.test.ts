import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { type Given, openCheckout } from './support/checkout.ts'
import { runRefused, told } from './support/refusal.ts'
import { text } from './support/text.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

describe('verdicts about the source keep an image from shipping', () => {
  const token = `ghp_${'0123456789abcdefghijklmnopqrstuvwxyz'}`
  const faults: (Given & { title: string; end: string })[] = [
    {
      title: 'a check that says no',
      config: { checks: { format: 'echo "server.js:3: two spaces"; exit 4' } },
      end: text`
        exit code 1
        Verdicts
          cache:web     cancelled: not worth doing: check:format failed
          check:format  failed about source: exit code 4
              server.js:3: two spaces
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: check:format failed: exit code 4
          login         cancelled: not worth doing: check:format failed
          push:web      cancelled: needs login, which ended cancelled

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a check whose command is not there',
      config: { checks: { format: 'prettify --check .' } },
      end: text`
        exit code 3
        Verdicts
          cache:web     cancelled: not worth doing: check:format broken
          check:format  broken: could not look: Check format can't be run: sh: 1: prettify: not found
              Install what it needs before this step.
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: check:format broken: Check format can't be run: sh: 1: prettify: not found
          login         cancelled: not worth doing: check:format broken
          push:web      cancelled: needs login, which ended cancelled

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a check whose program is not there',
      config: { checks: { format: ['prettify', '--check', '.'] } },
      end: text`
        exit code 3
        Verdicts
          cache:web     cancelled: not worth doing: check:format broken
          check:format  broken: could not look: Check format: there is no program prettify on PATH
              Install it, or put it on PATH.
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: check:format broken: Check format: there is no program prettify on PATH
          login         cancelled: not worth doing: check:format broken
          push:web      cancelled: needs login, which ended cancelled

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a Dockerfile that the linter does not like',
      config: { hadolint: true },
      files: { Dockerfile: 'FROM scratch\nADD package.json /\nUSER 1000:1000\n' },
      end: text`
        exit code 1
        Verdicts
          cache:web     cancelled: not worth doing: hadolint failed
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: hadolint failed: 1 of level warning or above in Dockerfile
          hadolint      failed about source: 1 of level warning or above in Dockerfile
          login         cancelled: not worth doing: hadolint failed
          push:web      cancelled: needs login, which ended cancelled

        Findings
          high DL3020 Dockerfile:2: Use COPY instead of ADD for files and folders

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a secret in the source',
      config: { scan: { image: false } },
      files: { 'deploy.env': `GITHUB_PAT=${token}\n` },
      end: text`
        exit code 1
        Verdicts
          cache:web     cancelled: not worth doing: scan:source failed
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: scan:source failed: 1 of severity high or above, such as github-pat in deploy.env
          login         cancelled: not worth doing: scan:source failed
          push:web      cancelled: needs login, which ended cancelled
          scan:source   failed about source: 1 of severity high or above, such as github-pat in deploy.env

        Findings
          critical github-pat deploy.env:1: GitHub Personal Access Token in deploy.env
          low (does not block) DS-0026 Dockerfile: No HEALTHCHECK defined: Add HEALTHCHECK instruction in your Dockerfile

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
      const ended = await runRefused(checkout, ecr)
      expect(told(ended, checkout)).toBe(end)
      expect(ended.stderr).not.toContain(token)
      expect(JSON.stringify(ended.record)).not.toContain(token)
    },
    60_000,
  )
})
