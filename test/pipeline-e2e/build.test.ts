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

type Fault = Given & { title: string; Dockerfile: string; end: string }
const small = 'FROM scratch\nCOPY package.json /\n'

describe('a build that fails says why, and where', () => {
  const faults: Fault[] = [
    {
      title: 'a word that Docker does not know',
      Dockerfile: `${small}USERR 1000\n`,
      end: text`
        exit code 1
        Verdicts
          build:web     failed: Dockerfile:3: dockerfile parse error on line 3: unknown instruction: USERR (did you mean USER?)
              Dockerfile:3
              --------------------
                 1 |     FROM scratch
                 2 |     COPY package.json /
                 3 | >>> USERR 1000
                 4 |
              --------------------
              ERROR: failed to build: failed to solve: dockerfile parse error on line 3: unknown instruction: USERR (did you mean USER?)
          cache:web     cancelled: needs gate, which ended cancelled
          contract:web  cancelled: needs build:web, which ended failed
          gate          cancelled: needs build:web, which ended failed
          login         cancelled: needs gate, which ended cancelled
          push:web      cancelled: needs gate, which ended cancelled

        Findings
          high build-failed Dockerfile:3: dockerfile parse error on line 3: unknown instruction: USERR (did you mean USER?)

        Failed in T
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a step that fails',
      Dockerfile: 'FROM debian:bookworm-slim\nRUN echo compiling; ls /nowhere\n',
      end: text`
        exit code 1
        Verdicts
          build:web     failed: Dockerfile:2: [2/2] RUN echo compiling; ls /nowhere: exit code 2
              compiling
              ls: cannot access '/nowhere': No such file or directory
          cache:web     cancelled: needs gate, which ended cancelled
          contract:web  cancelled: needs build:web, which ended failed
          gate          cancelled: needs build:web, which ended failed
          login         cancelled: needs gate, which ended cancelled
          push:web      cancelled: needs gate, which ended cancelled

        Findings
          high build-failed Dockerfile:2: [2/2] RUN echo compiling; ls /nowhere: exit code 2

        Failed in T
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a target that is not there',
      config: { build: { target: 'prd' } },
      Dockerfile: `${small}`,
      end: text`
        exit code 1
        Verdicts
          build:web     failed: Dockerfile has no stage prd: FROM … AS prd would name one
              ERROR: failed to build: failed to solve: target stage "prd" could not be found
          cache:web     cancelled: needs gate, which ended cancelled
          contract:web  cancelled: needs build:web, which ended failed
          gate          cancelled: needs build:web, which ended failed
          login         cancelled: needs gate, which ended cancelled
          push:web      cancelled: needs gate, which ended cancelled

        Failed in T
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a file that is not there',
      Dockerfile: `${small}COPY package-lock.json /\n`,
      end: text`
        exit code 1
        Verdicts
          build:web     failed: Dockerfile:3: [2/2] COPY package-lock.json /: /package-lock.json is not in the build context; .dockerignore may leave it out
          cache:web     cancelled: needs gate, which ended cancelled
          contract:web  cancelled: needs build:web, which ended failed
          gate          cancelled: needs build:web, which ended failed
          login         cancelled: needs gate, which ended cancelled
          push:web      cancelled: needs gate, which ended cancelled

        Findings
          high build-failed Dockerfile:3: [2/2] COPY package-lock.json /: /package-lock.json is not in the build context; .dockerignore may leave it out

        Failed in T
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a base image that is not there',
      Dockerfile: 'FROM acme/no-such-image:1\n',
      end: text`
        exit code 1
        Verdicts
          build:web     failed: Dockerfile:1: can't pull docker.io/acme/no-such-image:1: not found
              There is no such image: look at its name and tag.
          cache:web     cancelled: needs gate, which ended cancelled
          contract:web  cancelled: needs build:web, which ended failed
          gate          cancelled: needs build:web, which ended failed
          login         cancelled: needs gate, which ended cancelled
          push:web      cancelled: needs gate, which ended cancelled

        Findings
          high build-failed Dockerfile:1: can't pull docker.io/acme/no-such-image:1: not found There is no such image: look at its name and tag.

        Failed in T
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a Dockerfile that is not there',
      config: { build: { file: 'docker/Dockerfile' } },
      Dockerfile: small,
      end: text`
        exit code 2
        Verdicts
          build:web     broken: could not be done: build.file: there is no docker/Dockerfile in CHECKOUT
              Name the Dockerfile: input file, in pce.yml build.file.
          cache:web     cancelled: needs gate, which ended cancelled
          contract:web  cancelled: needs build:web, which ended broken
          gate          cancelled: needs build:web, which ended broken
          login         cancelled: needs gate, which ended cancelled
          push:web      cancelled: needs gate, which ended cancelled

        Broken in T
        Record: RUNS/ID/run.json
      `,
    },
  ]
  it.each(faults)('$title', refuses, 120_000)
})

async function refuses({ Dockerfile, config = {}, end }: Fault): Promise<void> {
  await using checkout = await openCheckout('small', { config, files: { Dockerfile } })
  expect(told(await runRefused(checkout, ecr), checkout)).toBe(end)
}
