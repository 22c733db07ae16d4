import { stripVTControlCharacters } from 'node:util'

// Marks that turn the direction of text can make a line read as another than it is (CVE-2021-42574); U+2028 and U+2029
// break lines in some readers; U+FFFE and U+FFFF are no characters of XML.
const hidden = /(?![\n\t])\p{Cc}|[\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu

/** Text of a tool for people: no escape sequences, control characters or turns of direction; lines end with `\n`. */
export const plain = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/\r\n?/g, '\n').replaceAll(hidden, '').toWellFormed()

/** The lines of such a text; a line end at its end begins no other. */
export const linesIn = (text: string): readonly string[] => plain(text).replace(/\n+$/, '').split('\n')

/** The same as one line. */
export const oneLine = (text: string): string => plain(text).replaceAll(/\s+/g, ' ').trim()

/** The first line that says something. */
export const firstLine = (text: string): string =>
  plain(text)
    .split('\n')
    .map(line => line.trim())
    .find(line => line !== '') ?? ''

/** At most `length` UTF-16 units; what was cut is shown by `…`, and no character is cut in two. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`

/** ms → `12 ms`, `3.2 s`, `2 m 05 s`. */
export function timeOf(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
}

/** bytes → `512 B`, `3.4 kB`, `49.0 MB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

/** `1 finding`, `2 findings`. */
export const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
