/** Values of the request by the name of the condition key, in lower case. */
export type Context = Readonly<Record<string, readonly string[] | undefined>>

/** Operator → key → value or values, as in a policy's `Condition`. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

type Matcher = (pattern: string, value: string) => boolean

/** `*` and `?`, and nothing else, are special ("String condition operators", IAM user guide). */
export function like(pattern: string, value: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(value)
}

const equal: Matcher = (pattern, value) => pattern === value
const equalInAnyCase: Matcher = (pattern, value) => pattern.toLowerCase() === value.toLowerCase()

const matchers: Readonly<Record<string, Matcher>> = {
  StringEquals: equal,
  StringEqualsIgnoreCase: equalInAnyCase,
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
  Bool: equalInAnyCase,
}

interface Operator {
  readonly quantifier: 'ForAnyValue' | 'ForAllValues' | undefined
  readonly match: Matcher
  readonly negated: boolean
  readonly ifExists: boolean
}

/** Throws on an operator that is not built: a policy that is judged by guess would be worse. */
export function parseOperator(text: string): Operator | 'Null' {
  if (text === 'Null') return text
  const [, quantifier, stem = '', not, rest = '', ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(String|Arn|Bool)(Not)?(\w*?)(IfExists)?$/.exec(text) ?? []
  const match = matchers[`${stem}${rest}`]
  if (match === undefined) throw new Error(`The condition operator ${text} is not known here`)
  return {
    quantifier: quantifier as Operator['quantifier'],
    match,
    negated: not !== undefined,
    ifExists: ifExists !== undefined,
  }
}

/** All operators and all of their keys must hold; one of a key's values is enough. */
export function holds(conditions: Conditions, context: Context): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => keyHolds(operator, [wanted].flat(), context[key.toLowerCase()])),
  )
}

function keyHolds(text: string, wanted: readonly string[], values: readonly string[] | undefined): boolean {
  const operator = parseOperator(text)
  if (operator === 'Null') return wanted.includes(String(values === undefined))
  const { quantifier, match, negated, ifExists } = operator
  // "If the key is not present, the values do not match": so a negated operator holds, and `ForAllValues` too.
  if (values === undefined) return ifExists || quantifier === 'ForAllValues' || (negated && quantifier === undefined)
  const one = (value: string): boolean => wanted.some(pattern => match(pattern, value)) !== negated
  return quantifier === 'ForAllValues' || negated ? values.every(one) : values.some(one)
}
