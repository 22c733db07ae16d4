import { excerptOf } from './redact.ts'

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

/** The request and its answer, redacted before anything is cut: half a secret would not be found any more. */
export function requestOf({ request, response }: Sent, redact: (text: string) => string) {
  const url = request?.url.toString() ?? ''
  return {
    method: request?.method ?? '',
    url: excerptOf(redact(url)),
    unresolved: [...new Set(unresolvedIn(`${url}\n${request?.headers.toString() ?? ''}`))],
    ms: response?.responseTime ?? 0,
    ...(response === undefined ? {} : answerOf(response, redact)),
  }
}

const answerOf = ({ code, status, stream }: NonNullable<Sent['response']>, redact: (text: string) => string) => ({
  status: code,
  reason: status ?? '',
  excerpt: bodyOf(Buffer.from(stream ?? []), redact),
})

// Four times the limit is enough text to redact well, and keeps a body of 100 MB out of memory and pipe.
function bodyOf(bytes: Buffer, redact: (text: string) => string): string {
  const start = bytes.subarray(0, 8_000)
  return start.includes(0) ? `(${bytes.length} bytes, not text)` : excerptOf(redact(start.toString()))
}

/** One argument of console.log as text. */
export function textOf(value: unknown): string {
  return excerptOf(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)))
}
