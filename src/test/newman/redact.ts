const stars = '***'
const secretWords = 'token|secret|passw(?:or)?d|api[-_]?key|signature|credential|authorization'

const patterns: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`([?&][^=&#\\s]*(?:${secretWords})[^=&#\\s]*=)[^&#\\s]*`, 'gi'), `$1${stars}`],
  [new RegExp(`("[^"]*(?:${secretWords})[^"]*"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"?`, 'gi'), `$1"${stars}"`],
  [/(:\/\/)[^/@\s"]+@/g, `$1${stars}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g, `$1 ${stars}`],
]

/**
 * Makes a function that takes out of a text what nobody must read: the given values, plain and as they stand in an
 * address, and values that are secret by the name before them. Values below 4 characters would shred every text.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const values = [
    ...new Set(secrets.filter(value => value.length >= 4).flatMap(value => [value, encodeURIComponent(value)])),
  ]
  const longestFirst = values.sort((a, b) => b.length - a.length)
  return text =>
    patterns.reduce(
      (clean, [pattern, replacement]) => clean.replace(pattern, replacement),
      longestFirst.reduce((clean, value) => clean.replaceAll(value, stars), text),
    )
}

/** The beginning of a text in at most `limit` bytes of UTF-8, with a mark when something was cut. */
export function excerptOf(text: string, limit = 2_000): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return text
  return `${bytes
    .subarray(0, limit - 3)
    .toString()
    .replace(/\uFFFD+$/, '')}…`
}

/**
 * Makes a function that redacts a text and then cuts it to 2 kB: half a secret would not be found any more. Of a long
 * text only the beginning is looked at, and its last characters go, since a secret may have been cut there.
 */
export function cleaner(secrets: readonly string[], limit = 2_000): (text: string) => string {
  const redact = redactor(secrets)
  const longest = Math.max(0, ...secrets.map(({ length }) => length))
  return text => {
    if (text.length <= 4 * limit) return excerptOf(redact(text), limit)
    const start = redact(text.slice(0, 4 * limit))
    return excerptOf(`${start.slice(0, start.length - longest)}…`, limit)
  }
}
