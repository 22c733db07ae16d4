import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Fields, Log } from '../log.ts'
import type { Metrics, ServedRequest } from '../metrics.ts'
import { readJsonObject } from './body.ts'
import { renderProblem, toProblem } from './problem.ts'
import type { Reply } from './reply.ts'
import { findRoute, type Route } from './router.ts'

export interface ServerParts {
  readonly routes: readonly Route[]
  readonly log: Log
  readonly metrics: Metrics
}

/** An HTTP server, not yet listening, that answers by the routes, logs each request and counts it. */
export function createHttpServer(parts: ServerParts): Server {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, async (message, response) => {
    const started = performance.now()
    const id = requestId(message)
    const { reply, route, failure } = await answer(parts.routes, message)
    // Once the server stops, an idle connection must not hold it up.
    if (!server.listening) response.setHeader('connection', 'close')
    send(response, reply, id, message.method === 'HEAD')
    const served = {
      method: message.method ?? '',
      route,
      status: reply.status,
      seconds: (performance.now() - started) / 1_000,
    }
    parts.metrics.observe(served)
    logRequest(parts.log, { ...served, id, path: message.url?.split('?', 1)[0] }, failure)
  })
  return server
}

interface Answer {
  readonly reply: Reply
  readonly route: string
  /** The reason of a 5xx, for the log alone. */
  readonly failure?: unknown
}

async function answer(routes: readonly Route[], message: IncomingMessage): Promise<Answer> {
  const method = message.method ?? ''
  const [path = '', query = ''] = (message.url ?? '').split('?', 2)
  let pattern = 'none'
  try {
    const { route, parameter } = findRoute(routes, method, path)
    pattern = route.pattern
    const request = { method, query: new URLSearchParams(query), parameter, json: () => readJsonObject(message) }
    return { reply: await route.handle(request), route: pattern }
  } catch (error) {
    const problem = toProblem(error)
    return { reply: renderProblem(problem), route: pattern, failure: problem.status >= 500 ? problem.cause : undefined }
  }
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: Reply, id: string, headOnly: boolean) {
  const always = {
    'x-request-id': id,
    'x-content-type-options': 'nosniff',
    'content-length': String(Buffer.byteLength(body)),
  }
  response.writeHead(status, { ...headers, ...always }).end(headOnly ? undefined : body)
}

/** The id of a proxy in front is kept, so that one id follows a request through all logs. */
function requestId(message: IncomingMessage): string {
  const given = message.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}

/** Probes arrive every few seconds for ever: they are worth a line only when something is wrong. */
const probes = new Set(['/livez', '/readyz', '/metrics'])

function logRequest(log: Log, fields: ServedRequest & Fields, failure: unknown) {
  if (failure !== undefined) log.error('request failed', { ...fields, error: failure })
  else if (probes.has(fields.route) && fields.status < 400) log.debug('request', fields)
  else log.info('request', fields)
}
