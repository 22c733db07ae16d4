import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parseRoute } from './route.ts'

/** One request, in the order of arrival. */
export interface Access {
  /** ISO 8601, when it arrived. */
  readonly time: string
  readonly method: string
  /** With its query. */
  readonly path: string
  /** 0 while it waits for an answer, and for ever if it got none. */
  readonly status: number
  /** Bytes of both bodies, request and response. */
  readonly bytes: number
  /** The user name that was presented, right or wrong; empty when there was none. */
  readonly user: string
}

/** An access that is still being written down. */
export type OpenAccess = { -readonly [Key in keyof Access]: Access[Key] }

export interface AccessLog extends AsyncDisposable {
  readonly entries: readonly Access[]
  open(request: Pick<Access, 'method' | 'path' | 'user'>): OpenAccess
  /** Writes a finished access to the file, if there is one: one JSON object a line. */
  close(access: Access): void
}

/** Keeps accesses in memory and, with `file`, appends them there as they end. */
export function openAccessLog(file?: string): AccessLog {
  const entries: Access[] = []
  const stream = file === undefined ? undefined : createWriteStream(file, { flags: 'a' })
  return {
    entries,
    open(request) {
      const access = { time: new Date().toISOString(), ...request, status: 0, bytes: 0 }
      entries.push(access)
      return access
    },
    close(access) {
      stream?.write(`${JSON.stringify(access)}\n`)
    },
    async [Symbol.asyncDispose]() {
      stream?.end()
      if (stream) await finished(stream)
    },
  }
}

/** Whether a request changed something: it wrote to blobs or manifests, and the registry took it. */
export const isWrite = ({ method, path, status }: Access): boolean =>
  ['POST', 'PATCH', 'PUT', 'DELETE'].includes(method) &&
  ['blob', 'upload', 'manifest'].includes(parseRoute(path).kind) &&
  status >= 200 &&
  status < 300
