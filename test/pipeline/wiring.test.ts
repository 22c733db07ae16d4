import { expect, it } from '@jest/globals'
import type { BuilderRequest } from '../../src/build/builder.ts'
import type { PlannedBuild } from '../../src/build/tasks.ts'
import { builderTask, buildTask, stagingTask } from '../../src/build/tasks.ts'
import { contractTask } from '../../src/contract/tasks.ts'
import { loginTask } from '../../src/login/tasks.ts'
import { pushTask } from '../../src/push/tasks.ts'
import { imageScanTask, scannerTask } from '../../src/scan/tasks.ts'
import { type Task, task } from '../../src/task/task.ts'
import { appTask, newmanTask, servicesTask, unitTask } from '../../src/test/tasks.ts'

// Read by tsc, not run: each line below would wire a task to something that does not make what it takes.
const never = (build: PlannedBuild, wish: BuilderRequest) => {
  const [builder, staging, scanner] = [builderTask(wish), stagingTask(), scannerTask()]
  const services = servicesTask({ compose: undefined, services: undefined })
  const image = buildTask('build:web', build, { builder, staging })
  const scan = { block: 'high' as const, 'ignore-unfixed': false, ignore: [], source: true, image: true }
  const app = { port: 1, ready: '/', env: {}, timeout: 1 }
  const newman = { collections: [], 'base-url-variable': '', 'min-requests': 1, 'min-assertions': 1, timeout: 1 }
  const text: Task<string> = task({ id: 'text', request: null, needs: {}, perform: async () => ({ value: 'a tag' }) })
  const revision = { commit: '', ref: '', dirty: false, committed: '' }
  const target = { name: 'web', image: 'acme/web', registries: [], rules: [] }

  // @ts-expect-error builder and staging the other way round
  buildTask('build:web', build, { builder: staging, staging: builder })
  // @ts-expect-error no staging to build into
  buildTask('build:web', build, { builder })
  // @ts-expect-error an image is no scanner
  imageScanTask('scan:web', scan, { scanner: image, image })
  // @ts-expect-error a tag is no image: what is scanned is a digest
  imageScanTask('scan:web', scan, { scanner, image: text })
  // @ts-expect-error a contract is about an image, not about where it is staged
  contractTask('contract:web', { user: 'any' }, staging)
  // @ts-expect-error unit tests need services
  unitTask('unit:web', { target: 'test', env: {}, timeout: 1 }, { image })
  // @ts-expect-error Newman takes a running app, not an image
  newmanTask('newman:web', newman, image)
  // @ts-expect-error a push takes what the gate cleared, not an image
  pushTask('push:web', target, revision, { cleared: image, login: loginTask([], image) })
  // @ts-expect-error a push needs a login
  pushTask('push:web', target, revision, { cleared: text })

  appTask('app:web', app, { image, services })
  task({
    id: 'mine',
    request: null,
    needs: { image },
    // @ts-expect-error an image has no url
    perform: async ({ image }) => ({ value: image.url }),
  })
  task({
    id: 'mine',
    request: null,
    needs: { image },
    // @ts-expect-error it does not need the scanner
    perform: async ({ scanner }) => ({ value: scanner }),
  })
  // @ts-expect-error a request is plain data: a secret's value comes by the scope, a function not at all
  task({ id: 'mine', request: { now: () => 1 }, needs: {}, perform: async () => ({ value: 1 }) })
  // @ts-expect-error a failure has a reason
  task({ id: 'mine', request: null, needs: {}, perform: async () => ({ status: 'failed' as const }) })
}

it('a task that is wired wrongly does not compile', () => {
  expect(never).toBeInstanceOf(Function)
})
