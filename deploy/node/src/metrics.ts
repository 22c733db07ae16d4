/** Upper bounds of the duration buckets, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export interface ServedRequest {
  readonly method: string
  /** The pattern, for example `/{slug}`, never the path: a label must not have endless values. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

export interface Metrics {
  readonly observe: (request: ServedRequest) => void
  readonly countRedirect: () => void
  readonly countLostHit: () => void
  readonly render: () => string
}

/** Counters of this process in the text format of Prometheus (version 0.0.4). */
export function createMetrics(): Metrics {
  const requests = new Map<string, number>()
  const buckets = bounds.map(() => 0)
  const duration = { count: 0, sum: 0 }
  const counters = { redirects: 0, lostHits: 0 }
  return {
    observe({ method, route, status, seconds }) {
      const labels = `method="${method}",route="${route}",status="${status}"`
      requests.set(labels, (requests.get(labels) ?? 0) + 1)
      duration.count += 1
      duration.sum += seconds
      for (const [index, bound] of bounds.entries()) if (seconds <= bound) buckets[index] = (buckets[index] ?? 0) + 1
    },
    countRedirect() {
      counters.redirects += 1
    },
    countLostHit() {
      counters.lostHits += 1
    },
    render: () =>
      [
        ...family(
          'http_requests_total',
          'counter',
          'Requests answered.',
          [...requests].map(([labels, n]) => `{${labels}} ${n}`),
        ),
        ...family('http_request_duration_seconds', 'histogram', 'Time to answer a request.', [
          ...bounds.map((bound, index) => `_bucket{le="${bound}"} ${buckets[index]}`),
          `_bucket{le="+Inf"} ${duration.count}`,
          `_sum ${duration.sum}`,
          `_count ${duration.count}`,
        ]),
        ...family('shortener_redirects_total', 'counter', 'Short links resolved.', [` ${counters.redirects}`]),
        ...family('shortener_lost_hits_total', 'counter', 'Redirects that Redis could not count.', [
          ` ${counters.lostHits}`,
        ]),
        ...family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [` ${process.memoryUsage.rss()}`]),
        ...family('process_uptime_seconds', 'gauge', 'Time since the process started.', [` ${process.uptime()}`]),
        '',
      ].join('\n'),
  }
}

function family(name: string, type: 'counter' | 'gauge' | 'histogram', help: string, samples: readonly string[]) {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map(sample => `${name}${sample}`)]
}
