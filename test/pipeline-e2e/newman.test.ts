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

describe('collections keep an image from shipping', () => {
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
          gate          failed: newman:web failed: API: 0 requests to the app ran, at least 1 must (min-requests)
          login         cancelled: not worth doing: newman:web failed
          newman:web    failed about web linux/amd64 sha256:DIGEST: API: 0 requests to the app ran, at least 1 must (min-requests)
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
