import { Problem } from '../http/problem.ts'

export interface PageRequest {
  readonly limit: number
  /** Only links with a smaller id belong to the page; undefined is the first page. */
  readonly before: string | undefined
}

const mostLinks = 100
const largestId = 2n ** 63n - 1n

/** Reads `limit` and `cursor`. Throws a Problem 400 when one is malformed. */
export function parsePage(query: URLSearchParams): PageRequest {
  const limit = query.get('limit') ?? '20'
  if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > mostLinks)
    throw new Problem(400, `limit must be a whole number from 1 to ${mostLinks}.`)
  const cursor = query.get('cursor')
  return { limit: Number(limit), before: cursor === null ? undefined : parseCursor(cursor) }
}

/** Opaque on purpose: clients that cannot read a cursor cannot depend on what is in it. */
export function renderCursor(id: string): string {
  return Buffer.from(id).toString('base64url')
}

function parseCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!/^[1-9]\d{0,18}$/.test(id) || BigInt(id) > largestId || renderCursor(id) !== cursor)
    throw new Problem(400, 'cursor is not one that this list has given.')
  return id
}
