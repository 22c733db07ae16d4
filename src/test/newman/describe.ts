/** An item of a collection as postman-collection holds it. */
export interface Named {
  readonly name?: string
  readonly id: string
  parent(): Named | undefined
}

/** What Newman tells of a request: the request as sent, and the answer if there was one. */
export interface Sent {
  readonly request?: {
    readonly method: string
    readonly url: { toString(): string }
    readonly headers: { toString(): string }
  }
  readonly response?: {
    readonly code: number
    readonly status?: string
    readonly responseTime: number
    readonly stream?: Uint8Array
  }
}

export const nameOf = (item: Named): string => item.name || item.id

/** The names from the collection down to the folder of an item. */
export function suiteOf(item: Named | undefined): string[] {
  const parent = item?.parent()
  return parent === undefined ? [] : [...suiteOf(parent), nameOf(parent)]
}

const unresolvedIn = (text: string): string[] => [...text.matchAll(/\{\{([^{}]+)\}\}/g)].map(([, name = '']) => name)

/** The request and its answer; `clean` redacts a text and cuts it. */
export function requestOf({ request, response }: Sent, clean: (text: string) => string) {
  const url = request?.url.toString() ?? ''
  return {
    method: request?.method ?? '',
    url: clean(url),
    unresolved: [...new Set(unresolvedIn(`${url}\n${request?.headers.toString() ?? ''}`))],
    ms: response?.responseTime ?? 0,
    ...(response === undefined ? {} : answerOf(response, clean)),
  }
}

const answerOf = ({ code, status, stream }: NonNullable<Sent['response']>, clean: (text: string) => string) => ({
  status: code,
  reason: status ?? '',
  excerpt: bodyOf(Buffer.from(stream ?? []), clean),
})

// More than `clean` keeps, and no body of 100 MB is made a string.
function bodyOf(bytes: Buffer, clean: (text: string) => string): string {
  const start = bytes.subarray(0, 40_000)
  return start.includes(0) ? `(${bytes.length} bytes, not text)` : clean(start.toString())
}

/** One argument of console.log as text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
}
