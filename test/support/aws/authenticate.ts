import { timingSafeEqual } from 'node:crypto'
import { compactTime } from './clock.ts'
import type { Keyring, Keys } from './keyring.ts'
import type { Asked } from './server.ts'
import { type Authorization, parseAuthorization, sign } from './sigv4.ts'

/** What is wrong with a signature; each protocol has its own codes for it. */
export type Flaw = 'missing' | 'incomplete' | 'scope' | 'time' | 'unknown key' | 'expired' | 'mismatch'

export class SignatureFlaw extends Error {
  readonly flaw: Flaw

  constructor(flaw: Flaw, message: string) {
    super(message)
    this.flaw = flaw
  }
}

export interface Door {
  readonly service: string
  /** Whether the endpoint is one of this region. */
  readonly serves: (region: string) => boolean
  readonly keyring: Keyring
  readonly now: number
  /** Minutes that a client's clock may differ: 15 at STS, 5 at JSON services (both in the sentences that users report). */
  readonly tolerance: number
}

export interface Authenticated {
  readonly keys: Keys
  readonly region: string
}

/** Verifies the signature of a request, its scope, its age and its session. Throws `SignatureFlaw`, in AWS's words. */
export function authenticate(asked: Asked, door: Door): Authenticated {
  const { authorization: header } = asked.headers
  if (header === undefined) throw new SignatureFlaw('missing', 'Request is missing Authentication Token')
  const authorization = parseAuthorization(header)
  const time = String(asked.headers['x-amz-date'] ?? '')
  if (authorization === undefined || !/^\d{8}T\d{6}Z$/.test(time)) {
    const sentence = 'Authorization header requires a valid Credential, SignedHeaders and Signature, and an X-Amz-Date.'
    throw new SignatureFlaw('incomplete', sentence)
  }
  checkSignedHeaders(asked, authorization)
  checkScope(authorization, time, door)
  checkTime(time, door)
  const keys = door.keyring.find(authorization.accessKeyId)
  const token = asked.headers['x-amz-security-token']
  if (keys === undefined || keys.sessionToken !== token) {
    throw new SignatureFlaw('unknown key', 'The security token included in the request is invalid.')
  }
  if (keys.expires !== undefined && keys.expires <= door.now) {
    throw new SignatureFlaw('expired', 'The security token included in the request is expired')
  }
  const expected = sign(asked, authorization, { secret: keys.secretAccessKey, time })
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) {
    const sentence =
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access ' +
      'Key and signing method. Consult the service documentation for details.'
    throw new SignatureFlaw('mismatch', sentence)
  }
  return { keys, region: authorization.region }
}

/** "The host header and any x-amz-* headers in the request" (IAM user guide), sorted as the signature needs them. */
function checkSignedHeaders({ headers }: Asked, { signedHeaders }: Authorization): void {
  const unsigned = Object.keys(headers).find(
    name => (name === 'host' || name.startsWith('x-amz-')) && !signedHeaders.includes(name),
  )
  if (unsigned !== undefined) {
    throw new SignatureFlaw('mismatch', `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`)
  }
  if (signedHeaders.join() !== [...new Set(signedHeaders)].sort().join()) {
    throw new SignatureFlaw('incomplete', 'SignedHeaders must be sorted.')
  }
}

function checkScope({ date, region, service }: Authorization, time: string, door: Door): void {
  const day = time.slice(0, 8)
  if (!door.serves(region)) throw new SignatureFlaw('scope', 'Credential should be scoped to a valid region.')
  if (service !== door.service) {
    throw new SignatureFlaw('scope', `Credential should be scoped to correct service: '${door.service}'.`)
  }
  if (date !== day) {
    const sentence = 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP'
    throw new SignatureFlaw('scope', `${sentence}: '${date}' != '${day}', from '${time}'.`)
  }
}

function checkTime(time: string, { now, tolerance }: Door): void {
  const span = tolerance * 60_000
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const [present, earliest, latest] = [now, now - span, now + span].map(compactTime)
  if (at < now - span) {
    const sentence = `Signature expired: ${time} is now earlier than ${earliest} (${present} - ${tolerance} min.)`
    throw new SignatureFlaw('time', sentence)
  }
  if (at > now + span) {
    const sentence = `Signature not yet current: ${time} is still later than ${latest} (${present} + ${tolerance} min.)`
    throw new SignatureFlaw('time', sentence)
  }
}
