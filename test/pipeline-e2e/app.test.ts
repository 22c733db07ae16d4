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
const newman = 'postman/*.postman_collection.json'
const empty = {
  info: { name: 'API', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item: [],
}

describe('the app and its collections keep an image from shipping', () => {
  const faults: (Given & { title: string; end: string })[] = [
    {
      title: 'an assertion that fails',
      config: { app, newman },
      files: { 'server.js': serverWith("{ hello: 'moon' }") },
      end: text`
        exit code 1
        Verdicts
          app:web       passed about web linux/amd64 sha256:DIGEST
          cache:web     cancelled: not worth doing: newman:web failed
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: newman:web failed: 2 of 2 assertions failed; first: Hello: greets: expected 'moon' to equal 'world'
          login         cancelled: not worth doing: newman:web failed
          newman:web    failed about web linux/amd64 sha256:DIGEST: 2 of 2 assertions failed; first: Hello: greets: expected 'moon' to equal 'world'
          push:web      cancelled: needs login, which ended cancelled

        Failed tests
          API › Hello: greets
            expected 'moon' to equal 'world'
            GET http://127.0.0.1:PORT/hello
            200 OK, T
            {"hello":"moon"}
          API › Nowhere: is 404
            expected 200 to equal 404
            GET http://127.0.0.1:PORT/nowhere
            200 OK, T
            {"hello":"moon"}

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a collection without requests',
      config: { app, newman },
      files: { 'postman/app.postman_collection.json': JSON.stringify(empty) },
      end: text`
        exit code 1
        Verdicts
          app:web       passed about web linux/amd64 sha256:DIGEST
          cache:web     cancelled: not worth doing: newman:web failed
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: newman:web failed: API: 0 requests ran, at least 1 must (min-requests)
          login         cancelled: not worth doing: newman:web failed
          newman:web    failed about web linux/amd64 sha256:DIGEST: API: 0 requests ran, at least 1 must (min-requests)
              Collection CHECKOUT/postman/app.postman_collection.json
          push:web      cancelled: needs login, which ended cancelled

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a collection that is not there',
      config: { app, newman: 'postman/api.postman_collection.json' },
      end: text`
        exit code 2
        Verdicts
          app:web       passed about web linux/amd64 sha256:DIGEST
          cache:web     cancelled: not worth doing: newman:web broken
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          failed: newman:web broken: newman: postman/api.postman_collection.json finds no collection; there are: postman/app.postman_collection.json
          login         cancelled: not worth doing: newman:web broken
          newman:web    broken: could not look: newman: postman/api.postman_collection.json finds no collection; there are: postman/app.postman_collection.json
          push:web      cancelled: needs login, which ended cancelled

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'an app that is never ready',
      config: { app: { ...app, ready: '/readyz', timeout: '2 s' } },
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

function serverWith(body: string): string {
  return `require('node:http').createServer((_, response) => response.end(JSON.stringify(${body}))).listen(4000)\n`
}
