/** What a handler gives back: a plain value, so that a test can compare it whole. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'cache-control': 'no-store', ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(value),
  }
}
