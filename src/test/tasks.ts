import type { Image } from '../record/image.ts'
import { type Task, task } from '../task/task.ts'
import { type App, startApp } from './app.ts'
import type { AppConfig, NewmanConfig, UnitConfig } from './config.ts'
import { runCollections } from './newman.ts'
import { type Services, type ServicesRequest, startServices } from './services.ts'
import { runUnit } from './unit.ts'

interface Needed {
  readonly image: Task<Image>
  readonly services: Task<Services>
}

/** Pulls and starts the services: they need no image of ours, so this runs beside the build. */
export const servicesTask = (request: ServicesRequest): Task<Services> =>
  task({
    id: 'services',
    request: { ...request },
    needs: {},
    weight: 0,
    estimate: 15_000,
    perform: (_, scope) => startServices(request, scope),
  })

export function unitTask(id: string, config: UnitConfig, needs: Needed): Task<number> {
  const { timeout, ...request } = config
  return task({
    id,
    request,
    needs: { ...needs },
    kind: 'blocking',
    estimate: 30_000,
    deadline: timeout,
    perform: (needed, scope) => runUnit(config, needed, scope),
  })
}

export const appTask = (id: string, config: AppConfig, needs: Needed): Task<App> =>
  task({
    id,
    request: config,
    needs: { ...needs },
    kind: 'blocking',
    weight: 0.5,
    estimate: 5_000,
    // `before` has ten minutes of its own.
    deadline: 600_000 + config.timeout,
    perform: (needed, scope) => startApp(config, needed, scope),
  })

export const newmanTask = (id: string, config: NewmanConfig, app: Task<App>): Task<number> =>
  task({
    id,
    request: config,
    needs: { app },
    kind: 'blocking',
    estimate: 10_000,
    // Each collection has its own timeout; how many there are is known only when it runs.
    deadline: 3_600_000,
    perform: (needed, scope) => runCollections(config, needed.app, scope),
  })
