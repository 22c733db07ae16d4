import { createHash, createHmac } from 'node:crypto'

/** A request as Signature Version 4 sees it. */
export interface Signed {
  readonly method: string
  /** Path and query, as they travel. */
  readonly target: string
  /** Names and values in turn, as they travel. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

/** What an `Authorization` header claims. */
export interface Authorization {
  readonly accessKeyId: string
  /** `20150830` */
  readonly date: string
  readonly region: string
  readonly service: string
  /** In lower case, in the order they came. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

const algorithm = 'AWS4-HMAC-SHA256'
const shape =
  /^AWS4-HMAC-SHA256 Credential=([^/, ]+)\/(\d{8})\/([^/, ]+)\/([^/, ]+)\/aws4_request, *SignedHeaders=([a-z0-9;_-]+), *Signature=([0-9a-f]{64})$/

/** Reads an `Authorization` header; undefined when it is of another shape. */
export function parseAuthorization(header: string): Authorization | undefined {
  const [, accessKeyId, date, region, service, names, signature] = shape.exec(header) ?? []
  if (!accessKeyId || !date || !region || !service || !names || !signature) return undefined
  return { accessKeyId, date, region, service, signedHeaders: names.split(';'), signature }
}

/**
 * The signature that a request with this header must carry ("Create a signed AWS API request", IAM user guide).
 * `time` is the value of `x-amz-date`.
 */
export function sign(request: Signed, authorization: Omit<Authorization, 'signature'>, key: Key): string {
  const { date, region, service } = authorization
  const scope = `${date}/${region}/${service}/aws4_request`
  const text = [algorithm, key.time, scope, sha256(canonicalRequest(request, authorization))].join('\n')
  const signing = [date, region, service, 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${key.secret}`)
  return hmac(signing, text).toString('hex')
}

interface Key {
  readonly secret: string
  readonly time: string
}

/**
 * For S3 the path is what travels, and the client says itself what the hash of the body is; for every other service the
 * path is normalised, and encoded once more than it travels.
 */
function canonicalRequest(
  { method, target, rawHeaders, body }: Signed,
  { service, signedHeaders: names }: Pick<Authorization, 'service' | 'signedHeaders'>,
): string {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? '' : target.slice(mark + 1)
  const headers = names.map(name => `${name}:${headerValues(rawHeaders, name)}\n`).join('')
  const [canonical, hash] =
    service === 's3'
      ? [path.split('/').map(reencode).join('/'), headerValues(rawHeaders, 'x-amz-content-sha256')]
      : [canonicalPath(path), sha256(body)]
  return [method, canonical, canonicalQuery(query), headers, names.join(';'), hash].join('\n')
}

function headerValues(rawHeaders: readonly string[], name: string): string {
  const values = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
  return values.map(value => value.trim().replaceAll(/ +/g, ' ')).join(',')
}

function canonicalPath(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(encode(segment))
  }
  const end = kept.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${kept.join('/')}${end}`
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map(pair => {
      const [name = '', ...value] = pair.split('=')
      return [name, value.join('=')].map(reencode) as [string, string]
    })
  const sorted = pairs.sort(([a, v], [b, w]) => compare(a, b) || compare(v, w))
  return sorted.map(pair => pair.join('=')).join('&')
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** RFC 3986, which knows more reserved characters than `encodeURIComponent` does. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

const reencode = (text: string): string => encode(decodeURIComponent(text))

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()
