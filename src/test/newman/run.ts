import { relative } from 'node:path'
import type { Scope } from '../../task/scope.ts'
import { converse } from './child.ts'
import { type Collection, parseCollection } from './collection.ts'
import { columnsOf, type Environment, parseEnvironment } from './environment.ts'
import type { NewmanEvent } from './events.ts'
import { readSource } from './json.ts'
import { findUndefined, renderUndefined } from './preflight.ts'
import { type NewmanReport, reportOf } from './report.ts'

/** One run of one collection. Paths are absolute, times in ms. */
export interface NewmanRequest {
  readonly collection: string
  readonly environment?: string
  /** iteration data: JSON (a list of objects) or CSV with a header row */
  readonly data?: string
  readonly iterations?: number
  /** `baseUrl` and the like; they win over the environment's */
  readonly variables: Readonly<Record<string, string>>
  /** values that no output may hold, besides those that the environment marks as secret */
  readonly secrets?: readonly string[]
  /** for the whole run */
  readonly timeout: number
  /** for one request; 30 s when not given */
  readonly timeoutRequest?: number
  /** for one script; 30 s when not given */
  readonly timeoutScript?: number
  /** the worker's file: src/test/newman/worker.ts, or its bundle */
  readonly worker: string
  /** what a worker gets to end after the time-out; 3 s when not given */
  readonly grace?: number
}

/**
 * Runs a collection by Newman in a process of its own that has no token in its environment, and reports what it heard.
 * A red run is a value. @throws UserError for a file that is no collection or environment; OutsideError when the process
 * ended before the run did; the signal's reason when the scope was aborted.
 */
export async function runNewman(request: NewmanRequest, scope: Scope): Promise<NewmanReport> {
  const { collection, environment, columns } = await read(request, scope)
  for (const secret of environment.secrets) scope.mask(secret)
  const given = [...Object.keys(request.variables), ...environment.names, ...columns]
  for (const found of findUndefined(collection, given)) {
    scope.say(`${collection.path}: ${renderUndefined(found, given)}`)
  }
  const { timeoutRequest = 30_000, timeoutScript = 30_000, grace = 3_000, timeout, worker } = request
  const secrets = [...(request.secrets ?? []), ...environment.secrets]
  const heard = await converse(
    { worker, timeout, grace, request: { ...request, secrets, timeoutRequest, timeoutScript }, hear: say(scope) },
    scope,
  )
  return reportOf({ collection, timeout, ...heard })
}

interface Files {
  readonly collection: Collection
  readonly environment: Environment
  readonly columns: readonly string[]
}

async function read({ collection, environment, data }: NewmanRequest, { context }: Scope): Promise<Files> {
  const source = (file: string, what: string) => readSource(file, relative(context, file), what)
  return {
    collection: parseCollection(await source(collection, 'a Postman collection v2.1')),
    environment:
      environment === undefined
        ? { names: [], secrets: [] }
        : parseEnvironment(await source(environment, 'a Postman environment')),
    columns: data === undefined ? [] : columnsOf(await source(data, 'iteration data in JSON or CSV')),
  }
}

/** Says what happens while it happens: a line for each request, what goes wrong, and what scripts print. */
const say = (scope: Scope) => (event: NewmanEvent) => {
  for (const line of linesOf(event)) scope.say(line)
}

function linesOf(event: NewmanEvent): string[] {
  switch (event.type) {
    case 'request':
      return [`${event.method} ${event.url} ${event.error ?? `${event.status} ${event.reason}`} (${event.ms} ms)`]
    case 'assertion':
      return event.error === undefined ? [] : [`  failed: ${event.name}: ${event.error}`]
    case 'exception':
      return [`  error: ${event.error}`]
    case 'console':
      return event.text.split('\n').map(line => `  ${event.level}: ${line}`)
    default:
      return []
  }
}
