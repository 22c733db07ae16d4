/** What is known of variables; undefined for one that is not. */
export type Lookup = (name: string) => string | undefined

/** A text with its variables replaced, and the names of those that nothing is known of. */
export interface Expanded {
  readonly value: string
  readonly missing: readonly string[]
}

/**
 * Replaces variables in one word of a Dockerfile and takes its quotes away, as BuildKit does (moby/buildkit
 * frontend/dockerfile/shell/lex.go): `$X`, `${X:-word}`, `:+`, `-`, `+`, `?`, patterns after `#`, `##`, `%`, `%%`, `/`, `//`.
 */
export function expand(text: string, lookup: Lookup): Expanded {
  const missing: string[] = []
  let value = ''
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === quote) quote = ''
    else if (quote === "'") value += char
    else if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (char === '\\') value += text.charAt(++at)
    else if (char === '$') {
      const { length, ...found } = substitute(text.slice(at), lookup)
      at += length - 1
      value += found.value
      missing.push(...found.missing)
    } else value += char
  }
  return { value, missing }
}

function substitute(text: string, lookup: Lookup): Expanded & { length: number } {
  const [plain, name] = /^\$(\w+)/.exec(text) ?? []
  if (plain !== undefined && name !== undefined) return { ...read(name, lookup), length: plain.length }
  if (!text.startsWith('${')) return { value: '$', missing: [], length: 1 }
  const inner = text.slice(2, closing(text))
  const [, of = '', modifier = ''] = /^(\w+)(.*)$/s.exec(inner) ?? []
  return { ...modify(of, modifier, lookup), length: inner.length + 3 }
}

/** Where the brace closes that opens at 1; the end when none does. */
function closing(text: string): number {
  let depth = 0
  for (let at = 1; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '\\') at++
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return at
  }
  return text.length
}

function read(name: string, lookup: Lookup): Expanded {
  const value = lookup(name)
  return value === undefined ? { value: '', missing: [name] } : { value, missing: [] }
}

function modify(name: string, modifier: string, lookup: Lookup): Expanded {
  const [, colon = '', sign = '', word = ''] = /^(:?)([-+?])(.*)$/s.exec(modifier) ?? []
  const value = lookup(name)
  const isSet = value !== undefined && !(colon === ':' && value === '')
  if (sign === '-') return isSet ? { value, missing: [] } : expand(word, lookup)
  if (sign === '+') return isSet ? expand(word, lookup) : { value: '', missing: [] }
  if (value === undefined) return { value: '', missing: [name] }
  return { value: replacePattern(value, modifier, lookup), missing: [] }
}

function replacePattern(value: string, modifier: string, lookup: Lookup): string {
  const [, sign = '', end = ''] = /^(##?|%%?)(.*)$/s.exec(modifier) ?? []
  if (sign !== '') return cut(value, sign, expand(end, lookup).value)
  const [, slashes = '', pattern = '', replacement = ''] = /^(\/\/?)((?:\\.|[^\\/])+)\/?(.*)$/s.exec(modifier) ?? []
  if (slashes === '') return value
  return replaceIn(value, tokensOf(pattern), { all: slashes === '//', by: () => expand(replacement, lookup).value })
}

interface Replacement {
  readonly all: boolean
  by(): string
}

/** Puts something in the place of the longest match of the first place that has one, or of each. */
function replaceIn(value: string, pattern: readonly Token[], { all, by }: Replacement): string {
  let replaced = ''
  for (let at = 0; at < value.length; ) {
    const length = endsOf(pattern, value.slice(at)).at(-1) ?? 0
    replaced += length === 0 ? value.charAt(at) : by()
    at += Math.max(1, length)
    if (length > 0 && !all) return replaced + value.slice(at)
  }
  return replaced
}

/** Takes away the shortest beginning (`#`), the longest (`##`), or such an end (`%`, `%%`). */
function cut(value: string, sign: string, pattern: string): string {
  const fromEnd = sign.startsWith('%')
  const tokens = tokensOf(pattern)
  const text = fromEnd ? reversed(value) : value
  const length = endsOf(fromEnd ? tokens.toReversed() : tokens, text).at(sign.length === 2 ? -1 : 0) ?? 0
  return fromEnd ? value.slice(0, value.length - length) : value.slice(length)
}

const reversed = (text: string): string => text.split('').reverse().join('')

/** One sign of a shell pattern: `*` is any number of any, `?` is any one, else the one that it is. */
interface Token {
  readonly sign: string
  readonly kind: 'many' | 'any' | 'itself'
}

const tokensOf = (pattern: string): readonly Token[] =>
  [...pattern.matchAll(/\\([\s\S])|[\s\S]/g)].map(([sign, kept]) => {
    if (kept !== undefined) return { sign: kept, kind: 'itself' }
    return { sign, kind: sign === '*' ? 'many' : sign === '?' ? 'any' : 'itself' }
  })

/**
 * Lengths of the beginnings of a text that a pattern matches, the shortest first. All ways at once, as BuildKit's own
 * regular expressions do it (Go, package regexp): one that tries them in turn may work without end.
 */
function endsOf(pattern: readonly Token[], text: string): readonly number[] {
  const ends: number[] = []
  let reached = new Uint8Array(pattern.length + 1)
  reached[0] = 1
  for (let at = 0; ; at++) {
    for (const [index, { kind }] of pattern.entries()) if (reached[index] && kind === 'many') reached[index + 1] = 1
    if (reached[pattern.length]) ends.push(at)
    if (at === text.length || !reached.includes(1)) return ends
    const next = new Uint8Array(pattern.length + 1)
    for (const [index, { sign, kind }] of pattern.entries()) {
      if (!reached[index]) continue
      if (kind === 'many') next[index] = 1
      else if (kind === 'any' || sign === text.charAt(at)) next[index + 1] = 1
    }
    reached = next
  }
}
