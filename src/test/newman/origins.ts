import type { NewmanEvent } from './events.ts'

/**
 * Pure: how many requests of the collection went where. What scripts send by pm.sendRequest does not count, nor does an
 * address in which a variable has no value: that is an error of its own.
 */
export function originsOf(events: readonly NewmanEvent[]): Readonly<Record<string, number>> {
  const sent = events.filter(event => event.type === 'request').filter(({ nested }) => !nested)
  const origins = sent.map(({ url }) => originOf(url)).filter(origin => origin !== undefined)
  return Object.fromEntries([...Map.groupBy(origins, origin => origin)].map(([origin, all]) => [origin, all.length]))
}

// Postman adds http:// where an address has no protocol.
function originOf(address: string): string | undefined {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`)
  return url === null || /[{}]/.test(url.host) ? undefined : url.origin
}

/** Pure: the requests that went to the app. */
export const requestsTo = (origins: Readonly<Record<string, number>>, app: string): number =>
  origins[new URL(app).origin] ?? 0

/** Pure: `https://api.example.com (2)` for each place that is not the app. */
export const elsewhere = (origins: Readonly<Record<string, number>>, app: string): readonly string[] =>
  Object.entries(origins)
    .filter(([origin]) => origin !== new URL(app).origin)
    .map(([origin, count]) => `${origin} (${count})`)
