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

const app = { port: 4000, ready: '/healthz' }

describe('an app keeps an image from shipping', () => {
  const faults: (Given & { title: string; end: string })[] = [
    {
      title: 'an app that is never ready',
      config: { app: { ...app, ready: '/readyz', timeout: '8 s' } },
      end: text`
        exit code 1
        Verdicts
          app:web       failed about web linux/amd64 sha256:DIGEST: the app was not ready within T: /readyz gave HTTP 404 {}
              app: running
          cache:web     cancelled: not worth doing: app:web failed
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: app:web failed: the app was not ready within T: /readyz gave HTTP 404 {}
          login         cancelled: not worth doing: app:web failed
          push:web      cancelled: needs login, which ended cancelled

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'an app that ends at once',
      config: {},
      files: { 'server.js': "console.error('DATABASE_URL is not set')\nprocess.exit(3)\n" },
      end: text`
        exit code 1
        Verdicts
          app:web       failed about web linux/amd64 sha256:DIGEST: the app ended before it was ready (exit code 3)
              app: exited, exit code 3
              app-1  | DATABASE_URL is not set
          cache:web     cancelled: not worth doing: app:web failed
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: app:web failed: the app ended before it was ready (exit code 3)
          login         cancelled: not worth doing: app:web failed
          push:web      cancelled: needs login, which ended cancelled

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a command before the app that fails',
      config: { app: { ...app, before: ['node', '-e', 'console.log("no table links"); process.exit(5)'] } },
      end: text`
        exit code 1
        Verdicts
          app:web       failed about web linux/amd64 sha256:DIGEST: app.before: node -e console.log("no table links"); process.exit(5) ended with exit code 5
              no table links
          cache:web     cancelled: not worth doing: app:web failed
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: app:web failed: app.before: node -e console.log("no table links"); process.exit(5) ended with exit code 5
          login         cancelled: not worth doing: app:web failed
          push:web      cancelled: needs login, which ended cancelled

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a service that does not become healthy',
      config: { compose: 'compose.yaml' },
      files: {
        'compose.yaml': `services:
  cache:
    image: redis:7
    command: [sh, -c, "echo loading the data; sleep 600"]
    healthcheck: { test: [CMD, redis-cli, ping], interval: 200ms, timeout: 2s, retries: 2 }
`,
      },
      end: text`
        exit code 3
        Verdicts
          app:web       cancelled: needs services, which ended broken
          cache:web     cancelled: not worth doing: services broken
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: app:web cancelled: needs services, which ended broken
          login         cancelled: not worth doing: services broken
          push:web      cancelled: needs login, which ended cancelled
          services      broken: could not be done: Services did not become healthy: container pce-ID-cache-1 is unhealthy
              cache: running, unhealthy
              cache-1  | loading the data

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
  ]
  it.each(faults)(
    '$title',
    async ({ end, ...given }) => {
      await using checkout = await openCheckout('app', given)
      expect(told(await runRefused(checkout, ecr), checkout)).toBe(end)
    },
    90_000,
  )
})
