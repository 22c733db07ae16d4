import type { Fixture, Given } from './checkout.ts'

/** A stage that takes so long that a signal comes in its middle. */
export interface Slow {
  readonly title: string
  readonly fixture: Fixture
  readonly given: Given
  readonly argv: readonly string[]
  /** said once the stage is at work */
  readonly busy: string
}

const run = ['run', '--verbose']
const dockerfile = 'FROM debian:bookworm-slim\nRUN echo compiling; sleep 300\n'
const unit = { target: 'test-image', run: 'echo testing; sleep 300' }
const collection = {
  info: { name: 'API', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item: [
    {
      name: 'Wait',
      event: [{ listen: 'prerequest', script: { exec: ['console.log("waits"); setTimeout(() => {}, 20000)'] } }],
      request: '{{baseUrl}}/hello',
    },
  ],
}

export const inCheck: Slow = {
  title: 'a check',
  fixture: 'small',
  given: { config: { checks: { format: 'echo looking; sleep 301 & sleep 300' } } },
  argv: ['check', '--verbose'],
  busy: 'check:format | looking',
}
export const inBuild: Slow = {
  title: 'the build',
  fixture: 'small',
  given: { files: { Dockerfile: dockerfile } },
  argv: run,
  busy: 'build:web | compiling',
}
export const inUnit: Slow = {
  title: 'the unit tests',
  fixture: 'app',
  given: { config: { app: undefined, unit } },
  argv: run,
  busy: 'unit:web | testing',
}
export const inApp: Slow = {
  title: 'the start of the app',
  fixture: 'app',
  given: { config: { app: { port: 4000, ready: '/readyz' } } },
  argv: run,
  busy: 'contract:web  passed',
}
export const inNewman: Slow = {
  title: 'a collection',
  fixture: 'app',
  given: {
    config: { newman: 'postman/*.postman_collection.json' },
    files: { 'postman/app.postman_collection.json': JSON.stringify(collection) },
  },
  argv: run,
  busy: 'newman:web |   log: waits',
}
