/** Pure: what an answer of the cache service says is wrong, in words; undefined when nothing is. */
export function troubleIn({ status, body }: { readonly status: number; readonly body: unknown }): string | undefined {
  const { msg, message, ok } = Object(body) as Record<string, unknown>
  const words = String([msg, message].find(one => typeof one === 'string') ?? '')
  if (status === 429) return 'it takes no more requests for now (429)'
  if (/insufficient usage/i.test(words)) return 'the storage of the cache is full'
  if (/^cache write denied/i.test(words)) return 'this job may only read it'
  if (/^cache read denied/i.test(words)) return 'this job may not read it'
  if (status === 401) return 'it does not take the token of this job (401)'
  // Another job made the same entry meanwhile; that is no trouble.
  if (status === 409) return undefined
  if (status >= 400) return `it answered ${status}${words === '' ? '' : `: ${words}`}`
  return ok === false && words !== '' ? words : undefined
}
