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
  const found = new RegExp(patternOf(pattern, true), slashes === '//' ? 'gs' : 's')
  return value.replace(found, () => expand(replacement, lookup).value)
}

function cut(value: string, sign: string, pattern: string): string {
  const greedy = sign.length === 2
  if (sign.startsWith('#')) return value.replace(new RegExp(`^${patternOf(pattern, greedy)}`, 's'), '')
  // The shortest suffix begins as late as it can.
  const starts = Array.from({ length: value.length + 1 }, (_, index) => (greedy ? index : value.length - index))
  const whole = new RegExp(`^${patternOf(pattern, true)}$`, 's')
  const start = starts.find(at => whole.test(value.slice(at)))
  return start === undefined ? value : value.slice(0, start)
}

/** A shell pattern (`*`, `?`, escapes) as a regular expression. */
const patternOf = (pattern: string, greedy: boolean): string =>
  pattern.replaceAll(/\\(.)|[*?]|[^\w]/gs, (found, kept: string | undefined) => {
    if (kept !== undefined) return escaped(kept)
    if (found === '*') return greedy ? '.*' : '.*?'
    return found === '?' ? '.' : escaped(found)
  })

const escaped = (text: string): string => text.replaceAll(/\W/g, '\\$&')
