import { extname } from 'node:path'
import { Problem } from '../http/problem.ts'
import type { Route } from '../http/router.ts'
import { type Assets, contentTypes } from './assets.ts'

/** Nothing from elsewhere, nothing inline: a slug or URL that holds markup stays text. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export function webRoutes({ page, files }: Assets): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '/',
      handle: () => ({
        status: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-cache',
          'content-security-policy': policy,
        },
        body: page,
      }),
    },
    {
      method: 'GET',
      pattern: '/assets/{name}',
      handle({ parameter }) {
        const body = files.get(parameter)
        const type = contentTypes[extname(parameter)]
        if (!body || !type) throw new Problem(404, `There is no asset "${parameter}".`)
        return {
          status: 200,
          headers: { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' },
          body,
        }
      },
    },
  ]
}
