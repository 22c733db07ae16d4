import { join } from 'node:path'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import type { App } from './app.ts'
import type { NewmanConfig } from './config.ts'
import { findCollections } from './newman/collections.ts'
import { judgeNewman } from './newman/judge.ts'
import { runNewman } from './newman/run.ts'
import { logsOf } from './services.ts'

/** Runs the collections one after the other against the app. One verdict, about the digest that the app runs. */
export async function runCollections(config: NewmanConfig, app: App, scope: Scope): Promise<Result<number>> {
  const collections = await findCollections(config.collections, scope.context)
  const reports = []
  for (const collection of collections) {
    scope.say(`Collection ${collection}`)
    const report = await runNewman(
      {
        collection,
        ...(config.environment === undefined ? {} : { environment: join(scope.context, config.environment) }),
        variables: { [config['base-url-variable']]: app.url },
        timeout: config.timeout,
        worker: scope.newmanWorker,
      },
      scope,
    )
    reports.push(report)
  }
  const judged = reports.map(report => judgeNewman(report, { ...config, url: app.url }))
  const tests = reports.flatMap(report => report.tests)
  const programs = reports.slice(0, 1).map(({ version }) => ({ name: 'newman', version, path: 'bundled' }))
  const evidence = { subject: app.digest, tests, programs, reason: judged.map(({ reason }) => reason).join('; ') }
  if (judged.every(({ passed }) => passed)) return { value: tests.length, ...evidence }
  scope.say(await logsOf(app, [app.service], scope))
  return { status: 'failed', ...evidence }
}
