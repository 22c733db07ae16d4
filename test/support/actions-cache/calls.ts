import { z } from 'zod'
import { type Answer, json, twirpError } from './answer.ts'
import type { Entries } from './entries.ts'
import { type CacheScope, canRead, canWrite } from './tokens.ts'

/** What the calls of the service work with. */
export interface Service {
  readonly entries: Entries
  /** Takes one of the uploads of this minute; seconds to wait when there is none left. */
  takeUpload(): number | undefined
  urlOf(path: string, permission: 'r' | 'cw'): string
}

interface Called extends Service {
  readonly scopes: readonly CacheScope[]
  readonly body: unknown
}

/** A key holds no comma and at most 512 characters (@actions/cache, checkKey). */
const keySchema = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^,]*$/)
const namedSchema = z.object({ key: keySchema, version: z.string().min(1) })
const finalizeSchema = namedSchema.extend({
  // proto3 JSON writes an int64 as text and takes a number too.
  size_bytes: z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)]),
})
const lookUpSchema = namedSchema.extend({ restore_keys: z.array(keySchema).max(10).default([]) })

type Call = (called: Called) => Answer

/** The service's calls by name (github.actions.results.api.v1.CacheService, as @actions/cache has it). */
export const calls: Readonly<Record<string, Call>> = {
  CreateCacheEntry({ body, scopes, entries, takeUpload, urlOf }) {
    const named = namedSchema.safeParse(body)
    if (!named.success) return badBody(named.error)
    const scope = scopes.find(canWrite)?.Scope
    // An answer that is no error: @actions/cache looks for this very beginning.
    if (scope === undefined) return json({ ok: false, message: 'cache write denied: the token is read-only' })
    const wait = takeUpload()
    if (wait !== undefined) return throttled(wait)
    if (entries.find(named.data, scope) !== undefined)
      return twirpError('already_exists', 'cache entry with the same key, version, and scope already exists')
    return json({ ok: true, signed_upload_url: urlOf(entries.reserve(named.data, scope).path, 'cw') })
  },
  FinalizeCacheEntryUpload({ body, scopes, entries }) {
    const wanted = finalizeSchema.safeParse(body)
    if (!wanted.success) return badBody(wanted.error)
    const scope = scopes.find(canWrite)?.Scope
    const entry = scope === undefined ? undefined : entries.find(wanted.data, scope)
    if (entry === undefined) return twirpError('not_found', 'cache entry was not created')
    if (entry.final) return twirpError('already_exists', 'cache entry is final')
    if (entry.content === undefined) return twirpError('not_found', 'cache entry was not uploaded')
    if (entry.content.length !== wanted.data.size_bytes)
      return twirpError('invalid_argument', `size_bytes is not ${entry.content.length}`)
    entries.finish(entry)
    return json({ ok: true, entry_id: String(entry.id) })
  },
  GetCacheEntryDownloadURL({ body, scopes, entries, urlOf }) {
    const asked = lookUpSchema.safeParse(body)
    if (!asked.success) return badBody(asked.error)
    if (!scopes.some(canRead)) return twirpError('permission_denied', 'cache read denied: no readable scope')
    const entry = entries.lookUp({ ...asked.data, restoreKeys: asked.data.restore_keys }, scopes)
    if (entry === undefined) return json({ ok: false })
    return json({ ok: true, signed_download_url: urlOf(entry.path, 'r'), matched_key: entry.key })
  },
}

export function throttled(seconds: number): Answer {
  const answer = twirpError('resource_exhausted', 'too many requests')
  return { ...answer, headers: { ...answer.headers, 'retry-after': seconds } }
}

const badBody = (error: z.ZodError): Answer => twirpError('invalid_argument', z.prettifyError(error))
