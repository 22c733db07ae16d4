import { Problem } from '../http/problem.ts'
import { json, type Reply } from '../http/reply.ts'
import type { Request, Route } from '../http/router.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Hits } from './hits.ts'
import { type Link, parseNewLink } from './link.ts'
import { parsePage, renderCursor } from './page.ts'
import type { Found, LinkStore } from './store.ts'

export interface LinkParts {
  readonly links: LinkStore
  readonly hits: Hits
  readonly publicUrl: string
  readonly log: Log
  readonly metrics: Metrics
}

/** The routes of the API, and the redirect itself. */
export function linkRoutes(parts: LinkParts): readonly Route[] {
  return [
    { method: 'POST', pattern: '/api/links', handle: request => create(parts, request) },
    { method: 'GET', pattern: '/api/links', handle: request => list(parts, request) },
    { method: 'GET', pattern: '/api/links/{slug}', handle: request => show(parts, request) },
    { method: 'GET', pattern: '/api/links/{slug}/stats', handle: request => showStats(parts, request) },
    { method: 'DELETE', pattern: '/api/links/{slug}', handle: request => remove(parts, request) },
    { method: 'GET', pattern: '/{slug}', handle: request => resolve(parts, request) },
  ]
}

async function create({ links, publicUrl }: LinkParts, request: Request): Promise<Reply> {
  const wanted = parseNewLink(await request.json(), publicUrl)
  const link = await links.create(wanted)
  if (!link) throw new Problem(409, `The slug "${wanted.slug}" is taken.`)
  return json(201, renderLink(link, publicUrl), { location: `/api/links/${link.slug}` })
}

async function list({ links, hits, publicUrl }: LinkParts, { query }: Request): Promise<Reply> {
  const page = parsePage(query)
  const found = await links.list(page)
  const shown = found.slice(0, page.limit)
  const counts = await hits.read(shown.map(({ slug }) => slug))
  const last = found.length > page.limit ? shown.at(-1) : undefined
  return json(200, {
    links: shown.map((link, index) => ({ ...renderLink(link, publicUrl), hits: counts[index] ?? 0 })),
    next: last ? renderCursor(last.id) : null,
  })
}

async function show({ links, publicUrl }: LinkParts, { parameter }: Request): Promise<Reply> {
  return json(200, renderLink(requireLive(await links.find(parameter), parameter), publicUrl))
}

async function showStats({ links, hits }: LinkParts, { parameter }: Request): Promise<Reply> {
  const { slug, createdAt } = requireLive(await links.find(parameter), parameter)
  const [count = 0] = await hits.read([slug])
  return json(200, { slug, hits: count, createdAt })
}

async function remove({ links, hits }: LinkParts, { parameter }: Request): Promise<Reply> {
  const state = await links.remove(parameter)
  if (state !== 'live') throw missing(state, parameter)
  await hits.forget(parameter)
  return { status: 204 }
}

async function resolve(parts: LinkParts, { method, parameter }: Request): Promise<Reply> {
  const { slug, url } = requireLive(await parts.links.find(parameter), parameter)
  if (method === 'GET') await countHit(parts, slug)
  // 302 and no-store: a redirect kept by a browser would be a hit that nobody counts.
  return { status: 302, headers: { location: url, 'cache-control': 'no-store' } }
}

/** A visitor who wants to go on is worth more than a number: when Redis fails, the redirect does not. */
async function countHit({ hits, log, metrics }: LinkParts, slug: string) {
  metrics.countRedirect()
  try {
    await hits.count(slug)
  } catch (error) {
    metrics.countLostHit()
    log.warn('hit not counted', { slug, error })
  }
}

function requireLive(found: Found, slug: string): Link {
  if (found.state !== 'live') throw missing(found.state, slug)
  return found.link
}

function missing(state: 'deleted' | 'unknown', slug: string): Problem {
  if (state === 'deleted') return new Problem(410, `The link "${slug}" was deleted.`)
  return new Problem(404, `There is no link "${slug}".`)
}

function renderLink({ slug, url, createdAt }: Link, publicUrl: string) {
  return { slug, url, shortUrl: `${publicUrl}/${slug}`, createdAt }
}
