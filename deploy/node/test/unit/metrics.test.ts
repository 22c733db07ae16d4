import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '../../src/metrics.ts'

test('metrics count by route and fill the buckets', () => {
  const metrics = createMetrics()
  metrics.observe({ method: 'GET', route: '/{slug}', status: 302, seconds: 0.004 })
  metrics.observe({ method: 'GET', route: '/{slug}', status: 302, seconds: 0.3 })
  metrics.observe({ method: 'GET', route: '/{slug}', status: 404, seconds: 9 })
  metrics.countRedirect()
  metrics.countLostHit()
  const samples = metrics.render().split('\n')
  for (const sample of [
    'http_requests_total{method="GET",route="/{slug}",status="302"} 2',
    'http_requests_total{method="GET",route="/{slug}",status="404"} 1',
    'http_request_duration_seconds_bucket{le="0.005"} 1',
    'http_request_duration_seconds_bucket{le="0.25"} 1',
    'http_request_duration_seconds_bucket{le="0.5"} 2',
    'http_request_duration_seconds_bucket{le="+Inf"} 3',
    'http_request_duration_seconds_count 3',
    'shortener_redirects_total 1',
    'shortener_lost_hits_total 1',
  ])
    assert.ok(samples.includes(sample), `${sample} is missing in:\n${samples.join('\n')}`)
})
