interface Matched {
  readonly text: string
  /** what stands before it */
  readonly before: string
}

/** Pure: a regular expression as it is written in a rule: `v(.*)`, or `/v(.*)/i`. @throws SyntaxError */
export function expressionOf(text: string): RegExp {
  const [, inner, flags] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? []
  return new RegExp(inner ?? text, flags?.replace(/[gy]/g, ''))
}

/** Pure: what an expression finds: the group, or the first one, or the whole where it has none. */
export function matched(text: string, expression: string, group?: number): Matched | undefined {
  const found = expressionOf(expression).exec(text)
  const value = group === undefined ? (found?.[1] ?? found?.[0]) : found?.[group]
  if (found === null || value === undefined) return undefined
  return { text: value, before: text.slice(0, found.index + Math.max(0, found[0].indexOf(value))) }
}
