import { json } from '../http/reply.ts'
import type { Route } from '../http/router.ts'
import type { Metrics } from '../metrics.ts'
import { type Checks, checkReadiness } from './readiness.ts'

export interface HealthParts {
  readonly checks: Checks
  readonly metrics: Metrics
  readonly isStopping: () => boolean
}

/** `/livez`: the process answers. `/readyz`: it can serve, so send it requests. `/metrics`: for Prometheus. */
export function healthRoutes({ checks, metrics, isStopping }: HealthParts): readonly Route[] {
  return [
    { method: 'GET', pattern: '/livez', handle: () => json(200, { status: 'alive' }) },
    {
      method: 'GET',
      pattern: '/readyz',
      async handle() {
        if (isStopping()) return json(503, { status: 'stopping' })
        const { ready, checks: results } = await checkReadiness(checks)
        return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks: results })
      },
    },
    {
      method: 'GET',
      pattern: '/metrics',
      handle: () => ({ status: 200, headers: { 'content-type': 'text/plain; version=0.0.4' }, body: metrics.render() }),
    },
  ]
}
