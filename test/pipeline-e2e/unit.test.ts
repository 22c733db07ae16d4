import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { type Ended, pce } from './support/pce.ts'
import { runRefused, told } from './support/refusal.ts'
import { text } from './support/text.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const unit = { target: 'test-image', junit: '/tmp/junit.xml' }

describe('unit tests keep an image from shipping', () => {
  const faults: (Given & { title: string; end: string; red?: string[] })[] = [
    {
      title: 'a unit test that fails',
      config: { app: undefined, unit },
      files: { 'server.test.js': "require('node:test')('adds', () => require('node:assert').equal(1 + 1, 3))\n" },
      red: ['adds', 'gate', 'unit:web (source)'],
      end: text`
        exit code 1
        Verdicts
          cache:web        cancelled: not worth doing: unit:web failed
          cache:web:tests  cancelled: not worth doing: unit:web failed
          contract:web     passed about web linux/amd64 sha256:DIGEST
          gate             failed: unit:web failed: exit code 1, 1 test, 1 failed
          login            cancelled: not worth doing: unit:web failed
          push:web         cancelled: needs login, which ended cancelled
          unit:web         failed about source: exit code 1, 1 test, 1 failed

        Failed tests
          test › adds
            2 == 3
            [Error [ERR_TEST_FAILURE]: 2 == 3] {
              code: 'ERR_TEST_FAILURE',
              failureType: 'testCodeFailure',
              cause: AssertionError [ERR_ASSERTION]: 2 == 3
                generatedMessage: true,
                code: 'ERR_ASSERTION',
                actual: 2,
                expected: 3,
                operator: '==',
                diff: 'simple'
              }
            }

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'unit tests of which none ran',
      config: { app: undefined, unit },
      files: { 'server.test.js': "require('node:test').test.skip('adds', () => {})\n" },
      end: text`
        exit code 1
        Verdicts
          cache:web        cancelled: not worth doing: unit:web failed
          cache:web:tests  cancelled: not worth doing: unit:web failed
          contract:web     passed about web linux/amd64 sha256:DIGEST
          gate             failed: unit:web failed: no test ran: an empty suite is not a passed one
          login            cancelled: not worth doing: unit:web failed
          push:web         cancelled: needs login, which ended cancelled
          unit:web         failed about source: no test ran: an empty suite is not a passed one

        Failed in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'unit tests that leave no report',
      config: { unit: { target: 'test-image', run: 'true', junit: '/tmp/junit.xml' } },
      end: text`
        exit code 3
        Verdicts
          app:web          passed about web linux/amd64 sha256:DIGEST
          cache:web        cancelled: not worth doing: unit:web broken
          cache:web:tests  cancelled: not worth doing: unit:web broken
          contract:web     passed about web linux/amd64 sha256:DIGEST
          gate             failed: unit:web broken: unit.junit: the tests left no /tmp/junit.xml
          login            cancelled: not worth doing: unit:web broken
          push:web         cancelled: needs login, which ended cancelled
          unit:web         broken: could not look: unit.junit: the tests left no /tmp/junit.xml
              Let them write JUnit there, or leave unit.junit out.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'unit tests whose command is not there',
      config: { unit: { target: 'test-image', run: 'mix test' } },
      end: text`
        exit code 3
        Verdicts
          app:web          passed about web linux/amd64 sha256:DIGEST
          cache:web        cancelled: not worth doing: unit:web broken
          cache:web:tests  cancelled: not worth doing: unit:web broken
          contract:web     passed about web linux/amd64 sha256:DIGEST
          gate             failed: unit:web broken: The unit tests can't start: sh: 1: mix: not found
          login            cancelled: not worth doing: unit:web broken
          push:web         cancelled: needs login, which ended cancelled
          unit:web         broken: could not look: The unit tests can't start: sh: 1: mix: not found
              See unit.run, and what the stage test-image holds.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
  ]
  it.each(faults)(
    '$title',
    async ({ end, red, ...given }) => {
      await using checkout = await openCheckout('app', given)
      const ended = await runRefused(checkout, ecr)
      expect(told(ended, checkout)).toBe(end)
      if (red !== undefined) expect(redIn(await junitOf(checkout, ended))).toEqual(red)
    },
    90_000,
  )
})

const junitOf = async (checkout: Checkout, { directory }: Ended): Promise<string> =>
  (await pce(checkout, ['report', join(directory, 'run.json'), '--as', 'junit'])).stdout

/** Names of the test cases that failed. */
const redIn = (junit: string): string[] =>
  [...junit.matchAll(/<testcase name="([^"]*)"[^>]*>\s*<failure/g)].map(([, name = '']) => name).sort()
