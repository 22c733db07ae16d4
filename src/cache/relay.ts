import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { relayBlob } from './relay-blob.ts'
import { createTally, type Tally } from './tally.ts'
import { type CacheRight, standInFor } from './token.ts'
import { troubleIn } from './trouble.ts'

/** A stand-in for GitHub's cache service on this machine, for the BuildKit of this machine. */
export interface Relay extends AsyncDisposable {
  /** A way in for one solve: what buildx needs in its environment, and what comes of it. */
  enter(tally?: Tally): { readonly env: Readonly<Record<string, string>>; readonly tally: Tally }
  [Symbol.asyncDispose](): Promise<void>
}

/** Times in ms. */
export interface Patience {
  /** for the answer to a call */
  readonly call: number
  /** for the next bytes of a blob */
  readonly silence: number
  /** while a service that did not answer is not asked again */
  readonly pause: number
}

const usual: Patience = { call: 10_000, silence: 30_000, pause: 60_000 }

/**
 * Passes BuildKit's calls on to GitHub, with an end to each of them. A lookup that can't be answered is a miss.
 *
 * BuildKit by itself waits without end: one stalled lookup stops the scheduler of the whole daemon, every other build
 * with it, and outlives a cancel of its own build (seen with 0.32.2: solver/llbsolver, lazyCacheManager). Passing the
 * calls on also keeps the job's token in this process, and tells in plain words what went wrong.
 */
export async function openRelay(right: CacheRight, patience: Patience = usual): Promise<Relay> {
  const service: Service = { right, patience, callers: new Map(), blobs: new Map(), downUntil: 0 }
  const server = createServer((incoming, outgoing) => {
    answer(service, originOf(), { incoming, outgoing }).catch(() => outgoing.destroy())
  })
  // A layer may take as long as it likes, while it moves.
  server.requestTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const originOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // It lives as long as the process, and keeps it from no end.
  server.unref()
  return {
    enter(tally = createTally()) {
      const token = standInFor(right)
      service.callers.set(`Bearer ${token}`, tally)
      const env = {
        ACTIONS_RUNTIME_TOKEN: token,
        ACTIONS_RESULTS_URL: `${originOf()}/`,
        ACTIONS_CACHE_URL: `${originOf()}/`,
        ACTIONS_CACHE_SERVICE_V2: 'true',
      }
      return { env, tally }
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

interface Service {
  readonly right: CacheRight
  readonly patience: Patience
  /** header `authorization` → what its owner did */
  readonly callers: Map<string, Tally>
  /** path here → signed URL there; the path can't be guessed, as the signature there */
  readonly blobs: Map<string, { readonly url: string; readonly tally: Tally }>
  downUntil: number
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

const twirp = '/twirp/github.actions.results.api.v1.CacheService/'

async function answer(service: Service, origin: string, { incoming, outgoing }: Exchange): Promise<void> {
  const [path = '', query = ''] = (incoming.url ?? '/').split('?', 2)
  if (!path.startsWith(twirp)) {
    const blob = service.blobs.get(path)
    if (blob === undefined) return reply(outgoing, { status: 404, body: {} })
    return relayBlob({ ...blob, query, patience: service.patience }, incoming, outgoing)
  }
  const tally = service.callers.get(incoming.headers.authorization ?? '')
  if (tally === undefined) return reply(outgoing, unknown)
  const request = { call: path.slice(twirp.length), body: await buffer(incoming), tally }
  const heard = await ask(service, request)
  reply(outgoing, { ...heard, body: withOwnUrls(heard.body, { origin, tally, blobs: service.blobs }) })
}

interface Heard {
  readonly status: number
  readonly body: unknown
  /** seconds */
  readonly retryAfter?: string | undefined
}

const miss: Heard = { status: 200, body: { ok: false } }
const unknown: Heard = { status: 401, body: { code: 'unauthenticated', msg: 'another token' } }

interface Request {
  readonly call: string
  readonly body: Buffer
  readonly tally: Tally
}

/** One call. A lookup is always answered: with what was found, or as if nothing was. */
async function ask(service: Service, request: Request): Promise<Heard> {
  const isLookup = request.call === 'GetCacheEntryDownloadURL'
  const heard = isLookup ? await lookUp(service, request) : await send(service, request)
  const trouble = heard === unavailable ? undefined : troubleIn(heard)
  if (trouble !== undefined) request.tally.troubles.add(trouble)
  note(request, heard)
  return isLookup && heard.status !== 200 ? miss : heard
}

/** Again, while the service asks for waits that are short. For an upload BuildKit waits by itself. */
async function lookUp(service: Service, request: Request): Promise<Heard> {
  const end = Date.now() + service.patience.call
  for (;;) {
    const heard = await send(service, request)
    const seconds = heard.status === 429 ? Number(heard.retryAfter ?? Number.NaN) : Number.NaN
    // At least a second: one that says 0 would be asked hundreds of times.
    const pause = Math.max(1, seconds) * 1000
    if (!(Date.now() + pause < end)) return heard
    await wait(pause)
  }
}

async function send(service: Service, { call, body, tally }: Request): Promise<Heard> {
  const { right, patience } = service
  if (Date.now() < service.downUntil) {
    tally.troubles.add('it did not answer a moment ago')
    return unavailable
  }
  try {
    const answer = await fetch(new URL(twirp + call, right.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${right.token}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(patience.call),
    })
    const retryAfter = answer.headers.get('retry-after') ?? undefined
    return { status: answer.status, body: await answer.json(), retryAfter }
  } catch (error) {
    // Not asked again for a while: each of hundreds of layers would wait anew.
    service.downUntil = Date.now() + patience.pause
    tally.troubles.add(whyNot(error, patience))
    return unavailable
  }
}

const unavailable: Heard = { status: 503, body: { code: 'unavailable', msg: 'the cache service does not answer' } }

const whyNot = (error: unknown, { call }: Patience): string => {
  const { name, cause, message } = error as Error
  if (name === 'TimeoutError') return `it did not answer within ${call / 1000} s`
  if (name === 'SyntaxError') return 'its answer is not JSON'
  return `it can't be reached: ${(cause as Error | undefined)?.message ?? message}`
}

function note({ call, body, tally }: Request, heard: Heard): void {
  const done = (Object(heard.body) as { ok?: unknown }).ok === true
  const [, key = ''] = /"key":"([^"]*)"/.exec(body.toString('utf8')) ?? []
  // How BuildKit names an index (cache/remotecache/gha, indexKey); with a number behind it, it is to be written.
  const [, scope, generation] = /^index-(.+)-1-[0-9a-f]{8}(#.*)?$/.exec(key) ?? []
  if (call === 'FinalizeCacheEntryUpload' && done) {
    tally.entries += 1
    if (scope !== undefined) tally.written.add(scope)
  }
  if (call !== 'GetCacheEntryDownloadURL' || scope === undefined || generation !== undefined) return
  if (done) tally.found.add(scope)
  else tally.missed.add(scope)
}

interface Ways {
  readonly origin: string
  readonly tally: Tally
  readonly blobs: Service['blobs']
}

/** The signed URLs of an answer by ways through this process. */
function withOwnUrls(body: unknown, { origin, tally, blobs }: Ways): unknown {
  const entries = Object.entries(Object(body)).map(([name, value]) => {
    if (!/^signed_(up|down)load_url$/.test(name) || typeof value !== 'string' || value === '') return [name, value]
    const path = `/blobs/${randomBytes(24).toString('base64url')}/blob`
    blobs.set(path, { url: value, tally })
    return [name, origin + path]
  })
  return Object.fromEntries(entries)
}

function reply(outgoing: ServerResponse, { status, body, retryAfter }: Heard): void {
  const text = JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  outgoing.writeHead(status, { ...headers, ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) })
  outgoing.end(text)
}
