import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, createClock } from '../aws/clock.ts'
import { createFaults, type FaultRule } from '../aws/faults.ts'
import type { Service } from './calls.ts'
import { createEntries, type Entry } from './entries.ts'
import { exchange, type Failure, type Visit } from './exchange.ts'
import { createSigning } from './signing.ts'
import { type CacheScope, createTokens, type Tokens } from './tokens.ts'

export interface ActionsCacheOptions {
  /** bytes that the repository may hold; 10 GB when absent */
  readonly limit?: number
  /** entries that may be created in a minute; 200 when absent (GitHub, since 16 January 2026) */
  readonly uploads?: number
  /** seconds that a signed URL lives; 600 when absent */
  readonly lifetime?: number
  readonly clock?: Clock
}

/** The cache service of GitHub Actions, version 2, for one repository. */
export interface ActionsCache extends AsyncDisposable {
  readonly origin: string
  /** every request, in the order of arrival */
  readonly log: readonly Visit[]
  /** entries that can be found, oldest first */
  readonly entries: readonly Pick<Entry, 'key' | 'version' | 'scope'>[]
  /** bytes of those */
  readonly size: number
  /** What a step finds in its environment; a push to main when no scopes are given. */
  env(scopes?: readonly CacheScope[]): Readonly<Record<string, string>>
  issue: Tokens['issue']
  /**
   * Makes coming requests fail. Actions are the three calls, and `PutBlob`, `PutBlock`, `PutBlockList`, `GetBlob`,
   * `GetBlobProperties`.
   */
  fault(rule: FaultRule<Failure>): Disposable
  /** Forgets every entry. */
  clear(): void
  [Symbol.asyncDispose](): Promise<void>
}

export const onMain: readonly CacheScope[] = [{ Scope: 'refs/heads/main', Permission: 3 }]

/** The scopes of a pull request's job: it reads the base, and writes its own alone. */
export const onPullRequest = (number: number, base = 'refs/heads/main'): readonly CacheScope[] => [
  { Scope: `refs/pull/${number}/merge`, Permission: 3 },
  { Scope: base, Permission: 1 },
]

/** Opens the service on a free port of 127.0.0.1. */
export async function openActionsCache(options: ActionsCacheOptions = {}): Promise<ActionsCache> {
  const { clock = createClock(), limit = 10e9, uploads = 200, lifetime = 600 } = options
  const entries = createEntries(limit)
  const tokens = createTokens(clock.now)
  const signing = createSigning(clock.now)
  const faults = createFaults<Failure>()
  const log: Visit[] = []
  const service: Service = {
    entries,
    takeUpload: createMeter(uploads, clock.now),
    urlOf: (path, permission) => originOf() + signing.sign(path, permission, lifetime),
  }
  const server = createServer((incoming, outgoing) => {
    exchange({ service, tokens, signing, faults, log }, incoming, outgoing).catch((error: Error) => {
      // A client that went away in the middle; or a mistake of this server, which the test that meets it shall see.
      if (outgoing.headersSent || incoming.destroyed) outgoing.destroy()
      else outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(error.stack)
    })
  })
  server.requestTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const originOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin: originOf(),
    log,
    get entries() {
      return entries.all.filter(({ final }) => final).map(({ key, version, scope }) => ({ key, version, scope }))
    },
    get size() {
      return entries.size
    },
    env: (scopes = onMain) => ({
      ACTIONS_RUNTIME_TOKEN: tokens.issue(scopes),
      ACTIONS_RESULTS_URL: `${originOf()}/`,
      ACTIONS_CACHE_URL: `${originOf()}/`,
      ACTIONS_CACHE_SERVICE_V2: 'true',
    }),
    issue: tokens.issue,
    fault: faults.add,
    clear: entries.clear,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Counts within each minute; gives seconds to the next one when all of this one are taken. */
function createMeter(most: number, now: () => number): () => number | undefined {
  let minute = 0
  let taken = 0
  return () => {
    const current = Math.floor(now() / 60_000)
    if (current !== minute) [minute, taken] = [current, 0]
    taken += 1
    return taken > most ? Math.ceil(((current + 1) * 60_000 - now()) / 1000) : undefined
  }
}
