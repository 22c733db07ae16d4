import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { findRoute, type Route } from '../../src/http/router.ts'

const route = (method: Route['method'], pattern: string): Route => ({
  method,
  pattern,
  handle: () => ({ status: 200 }),
})
const routes = [
  route('GET', '/'),
  route('GET', '/livez'),
  route('GET', '/api/links'),
  route('POST', '/api/links'),
  route('GET', '/api/links/{slug}/stats'),
  route('DELETE', '/api/links/{slug}'),
  route('GET', '/{slug}'),
]

suite('findRoute', () => {
  const found = [
    { method: 'GET', path: '/', pattern: '/', parameter: '' },
    { method: 'GET', path: '/livez', pattern: '/livez', parameter: '' },
    { method: 'GET', path: '/abc', pattern: '/{slug}', parameter: 'abc' },
    { method: 'HEAD', path: '/abc', pattern: '/{slug}', parameter: 'abc' },
    { method: 'GET', path: '/a%20b', pattern: '/{slug}', parameter: 'a b' },
    { method: 'POST', path: '/api/links', pattern: '/api/links', parameter: '' },
    { method: 'GET', path: '/api/links/abc/stats', pattern: '/api/links/{slug}/stats', parameter: 'abc' },
    { method: 'DELETE', path: '/api/links/abc', pattern: '/api/links/{slug}', parameter: 'abc' },
  ]
  for (const { method, path, pattern, parameter } of found)
    test(`${method} ${path}`, () => {
      const match = findRoute(routes, method, path)
      assert.deepEqual({ pattern: match.route.pattern, parameter: match.parameter }, { pattern, parameter })
    })

  const refused = [
    { method: 'GET', path: '/api/links//stats', problem: { status: 404 } },
    { method: 'GET', path: '/a/b/c', problem: { status: 404 } },
    { method: 'GET', path: '', problem: { status: 404 } },
    { method: 'GET', path: '/%E0%A4%A', problem: { status: 400 } },
    { method: 'PUT', path: '/api/links', problem: { status: 405, headers: { allow: 'GET, POST' } } },
    { method: 'GET', path: '/api/links/abc', problem: { status: 405, headers: { allow: 'DELETE' } } },
  ]
  for (const { method, path, problem } of refused)
    test(`${method} ${path} is ${problem.status}`, () => assert.throws(() => findRoute(routes, method, path), problem))
})
