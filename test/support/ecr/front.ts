import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AccessLog, OpenAccess } from './access.ts'
import { type Answer, backingGone, failures, immutableTag, json, unknownManifest } from './answers.ts'
import type { Faults } from './faults.ts'
import { forward } from './forward.ts'
import { judge } from './manners.ts'
import { isTag, parseRoute, type Route } from './route.ts'
import { hasManifest } from './stored.ts'
import type { Tokens } from './tokens.ts'
import { createTurns, type Turns } from './turns.ts'

export interface FrontParts {
  /** Where the registry behind listens, such as `http://127.0.0.1:5000`. */
  readonly backing: string
  readonly repositories: ReadonlySet<string>
  readonly immutable: ReadonlySet<string>
  readonly tokens: Tokens
  readonly faults: Faults
  readonly log: AccessLog
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly method: string
  readonly route: Route
  /** This front as the client names it. */
  readonly origin: string
  readonly access: OpenAccess
}

/** A server, not yet listening, that has ECR's manners and passes the rest to the registry behind. */
export function createFront(parts: FrontParts): Server {
  const turns = createTurns()
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming
    const caller = parts.tokens.identify(headers.authorization)
    const access = parts.log.open({ method, path: url, user: caller.user })
    outgoing.once('close', () => parts.log.close(access))
    const origin = `http://${headers.host}`
    const exchange: Exchange = { incoming, outgoing, method, route: parseRoute(url), origin, access }

    const fault = parts.faults.take(method, url)
    if (fault === 'hang') return
    if (fault === 'cut') return void incoming.socket.destroy()
    const own = fault === undefined ? judge({ ...exchange, caller }, parts.repositories) : failures[fault]
    if (own) give(exchange, own)
    else serve(parts, exchange, turns).catch(error => fail(exchange, error))
  })
  // A large push may outlast the default five minutes, and Go keeps idle connections for 90 s.
  server.requestTimeout = 0
  server.keepAliveTimeout = 120_000
  return server
}

function serve(parts: FrontParts, exchange: Exchange, turns: Turns): Promise<void> {
  const { repository, reference, kind } = exchange.route
  const tagging = exchange.method === 'PUT' && kind === 'manifest' && isTag(reference)
  if (!tagging || !parts.immutable.has(repository)) return pass(parts.backing, exchange)
  return turns(`${repository}:${reference}`, async () => {
    if (await hasManifest(parts.backing, repository, reference)) give(exchange, immutableTag(repository, reference))
    else await pass(parts.backing, exchange)
  })
}

const pass = (backing: string, exchange: Exchange): Promise<void> =>
  forward({
    ...exchange,
    backing,
    count(bytes) {
      exchange.access.bytes += bytes
    },
    intercept(status) {
      const own = status === 404 ? missing(exchange) : undefined
      if (own) give(exchange, own)
      else exchange.access.status = status
      return own !== undefined
    },
  })

/** Where Distribution says that there is no such repository, ECR speaks of an empty one. */
function missing({ method, route }: Exchange): Answer | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined
  if (route.kind === 'tags') return json({ name: route.repository, tags: [] })
  return route.kind === 'manifest' ? unknownManifest() : undefined
}

function give({ outgoing, method, access }: Exchange, { status, headers, body }: Answer): void {
  const length = Buffer.byteLength(body)
  // Before the client can see the answer, so that a test may look at the log at once.
  access.status = status
  if (method !== 'HEAD') access.bytes += length
  outgoing.writeHead(status, { ...headers, 'content-length': length })
  outgoing.end(body)
}

function fail(exchange: Exchange, error: unknown): void {
  const { outgoing } = exchange
  if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy()
  else give(exchange, backingGone(error instanceof Error ? error.message : String(error)))
}
