import { Problem } from './problem.ts'
import type { Reply } from './reply.ts'

export interface Request {
  readonly method: string
  readonly query: URLSearchParams
  /** The `{name}` part of the route, decoded; empty for a route without one. */
  readonly parameter: string
  readonly json: () => Promise<Readonly<Record<string, unknown>>>
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** A path in which one segment may be `{name}`: it matches any text without a slash. */
  readonly pattern: string
  readonly handle: (request: Request) => Reply | Promise<Reply>
}

export interface Match {
  readonly route: Route
  readonly parameter: string
}

/**
 * Finds the route of a request; fixed paths win over patterns by standing first in the list. HEAD is served by GET.
 * Throws a Problem: 400 for a path that cannot be decoded, 404 for an unknown one, 405 for a known one with another method.
 */
export function findRoute(routes: readonly Route[], method: string, path: string): Match {
  const wanted = method === 'HEAD' ? 'GET' : method
  const allowed = new Set<string>()
  for (const route of routes) {
    const parameter = matchPattern(route.pattern, path)
    if (parameter === undefined) continue
    if (route.method === wanted) return { route, parameter: decode(parameter) }
    allowed.add(route.method)
  }
  if (allowed.size === 0) throw new Problem(404, 'There is nothing here.')
  throw new Problem(405, `${method} is not possible here.`, { headers: { allow: [...allowed].join(', ') } })
}

function matchPattern(pattern: string, path: string): string | undefined {
  const open = pattern.indexOf('{')
  if (open === -1) return pattern === path ? '' : undefined
  const before = pattern.slice(0, open)
  const after = pattern.slice(pattern.indexOf('}') + 1)
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined
  const parameter = path.slice(before.length, path.length - after.length)
  return parameter === '' || parameter.includes('/') ? undefined : parameter
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new Problem(400, 'The path holds an invalid percent sign.', { cause })
  }
}
