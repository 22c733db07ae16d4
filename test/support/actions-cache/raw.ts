import type { ActionsCache } from './actions-cache.ts'

interface Heard {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface RawCache {
  /** One call of the service. */
  call(name: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Heard>
  /** Creates, uploads in one piece and finalizes an entry. */
  save(key: string, content: string): Promise<void>
  /** The content of what is found; undefined for nothing. */
  restore(key: string, ...restoreKeys: readonly string[]): Promise<string | undefined>
}

/** The protocol, spoken by hand. `token` is that of a push to main when absent. */
export function rawCache(cache: ActionsCache, token = cache.env().ACTIONS_RUNTIME_TOKEN): RawCache {
  const version = 'v'
  const call: RawCache['call'] = async (name, body, headers = {}) => {
    const answer = await fetch(`${cache.origin}/twirp/github.actions.results.api.v1.CacheService/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as Heard['body'] }
  }
  return {
    call,
    async save(key, content) {
      const { body } = await call('CreateCacheEntry', { key, version })
      await putBlob(String(body.signed_upload_url), content)
      const { status } = await call('FinalizeCacheEntryUpload', { key, version, size_bytes: content.length })
      if (status !== 200) throw new Error(`${key}: ${status}`)
    },
    async restore(key, ...restoreKeys) {
      const { body } = await call('GetCacheEntryDownloadURL', { key, version, restore_keys: restoreKeys })
      return body.ok === true ? await (await fetch(String(body.signed_download_url))).text() : undefined
    },
  }
}

export const putBlob = (url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(url, { method: 'PUT', body, headers: { ...azure, 'x-ms-blob-type': 'BlockBlob', ...headers } })

export const azure = { 'x-ms-version': '2025-01-05' }
