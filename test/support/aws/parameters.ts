import { Refusal } from './refusal.ts'

/** What STS reads from the form of an AssumeRole… call. */
export interface AssumeParameters {
  readonly roleArn: string
  readonly sessionName: string
  readonly seconds: number
  readonly policy: string | undefined
  readonly policyArns: readonly string[]
  readonly token: string
  readonly externalId: string | undefined
  readonly tagKeys: readonly string[]
}

interface Limits {
  readonly required: boolean
  /** Characters. */
  readonly length: readonly [number, number]
  readonly pattern?: RegExp
}

/** Limits of the API reference, and its patterns (JavaScript's `\w` is the same in ASCII). */
const texts: Readonly<Record<string, Limits>> = {
  RoleArn: { required: true, length: [20, 2048] },
  RoleSessionName: { required: true, length: [2, 64], pattern: /^[\w+=,.@-]*$/ },
  Policy: { required: false, length: [1, 2048] },
  WebIdentityToken: { required: true, length: [4, 20_000] },
  ExternalId: { required: false, length: [2, 1224], pattern: /^[\w+=,.@:/-]*$/ },
}

/** Reads and validates; throws every violation at once in a ValidationError, as AWS does. */
export function readParameters(form: URLSearchParams, withToken: boolean): AssumeParameters {
  const read = (name: string) => form.get(name) ?? undefined
  const duration = Number(read('DurationSeconds') ?? 3600)
  const policyArns = readList(form, /^PolicyArns\.member\.\d+\.arn$/)
  const tagKeys = readList(form, /^Tags\.member\.\d+\.Key$/)
  const violations = [
    ...Object.entries(texts)
      .filter(([name]) => (name === 'WebIdentityToken' ? withToken : name !== 'ExternalId' || !withToken))
      .flatMap(([name, limits]) => violate(name, read(name), limits)),
    ...violateNumber('DurationSeconds', duration, [900, 43_200]),
    ...violateNumber('PolicyArns', policyArns.length, [0, 10], 'length '),
    ...violateNumber('Tags', tagKeys.length, [0, 50], 'length '),
  ]
  if (violations.length > 0) {
    const errors = `${violations.length} validation error${violations.length > 1 ? 's' : ''} detected`
    throw new Refusal('ValidationError', `${errors}: ${violations.join('; ')}`)
  }
  return {
    roleArn: read('RoleArn') ?? '',
    sessionName: read('RoleSessionName') ?? '',
    seconds: duration,
    policy: read('Policy'),
    policyArns,
    token: read('WebIdentityToken') ?? '',
    externalId: withToken ? undefined : read('ExternalId'),
    tagKeys,
  }
}

const readList = (form: URLSearchParams, name: RegExp): string[] =>
  [...form].filter(([key]) => name.test(key)).map(([, value]) => value)

function violate(name: string, value: string | undefined, { required, length, pattern }: Limits): string[] {
  const [least, most] = length
  // A token is a secret, so its value is not repeated.
  const shown = name === 'WebIdentityToken' ? '***' : value
  if (value === undefined) return required ? [fail(name, 'null', 'Member must not be null')] : []
  const at = `'${shown}'`
  if (value.length < least) return [fail(name, at, `Member must have length greater than or equal to ${least}`)]
  if (value.length > most) return [fail(name, at, `Member must have length less than or equal to ${most}`)]
  if (pattern === undefined || pattern.test(value)) return []
  const source = pattern.source.slice(1, -1).replaceAll('\\/', '/')
  return [fail(name, at, `Member must satisfy regular expression pattern: ${source}`)]
}

function violateNumber(
  name: string,
  value: number,
  [least, most]: readonly [number, number],
  what = 'value ',
): string[] {
  const at = `'${value}'`
  if (!Number.isInteger(value) || value < least)
    return [fail(name, at, `Member must have ${what}greater than or equal to ${least}`)]
  return value > most ? [fail(name, at, `Member must have ${what}less than or equal to ${most}`)] : []
}

const fail = (name: string, value: string, constraint: string): string =>
  `Value ${value} at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: ${constraint}`
