import { expect, it } from '@jest/globals'
import { authenticate } from './authenticate.ts'
import { compactTime, createClock } from './clock.ts'
import { createKeyring } from './keyring.ts'
import { type Authorization, sign } from './sigv4.ts'

const clock = createClock()
const keyring = createKeyring(clock)
const principal = { partition: 'aws', account: '123456789012', arn: 'arn', names: [], userId: 'id', policies: [] }
const keys = keyring.issue(principal, 900)
const now = Date.parse('2026-09-01T00:00:30Z')
const door = { service: 'ecr', serves: () => true, keyring, now, tolerance: 5 }

/** A request with all that it needs, signed whatever it says. */
function ask(change: { headers?: Record<string, string>; signs?: Partial<Authorization>; secret?: string } = {}) {
  const time = change.headers?.['x-amz-date'] ?? compactTime(now)
  const headers = {
    host: 'api.ecr.us-east-1.amazonaws.com',
    'x-amz-date': time,
    'x-amz-security-token': keys.sessionToken ?? '',
    'x-amz-target': 'Service.Operation',
    ...change.headers,
  }
  const scope = { accessKeyId: keys.accessKeyId, date: time.slice(0, 8), region: 'us-east-1', service: 'ecr' }
  const parts = { ...scope, signedHeaders: Object.keys(headers).sort(), ...change.signs }
  const request = { method: 'POST', target: '/', rawHeaders: Object.entries(headers).flat(), body: Buffer.from('{}') }
  const signature = sign(request, parts, { secret: change.secret ?? keys.secretAccessKey, time })
  const credential = `${parts.accessKeyId}/${parts.date}/${parts.region}/${parts.service}/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${parts.signedHeaders.join(';')}, Signature=${signature}`
  return authenticate({ ...request, headers: { ...headers, authorization } }, door)
}

const all = ['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target']
const without = (name: string) => ({ signs: { signedHeaders: all.filter(header => header !== name) } })

it('lets a request in that is signed as it should be', () => {
  expect(ask()).toEqual({ keys, region: 'us-east-1' })
})

it.each<[string, Parameters<typeof ask>[0], string, string]>([
  ['an operation that is not signed', without('x-amz-target'), 'mismatch', "'x-amz-target' must be a 'SignedHeader'"],
  ['a host that is not signed', without('host'), 'mismatch', "'host' must be a 'SignedHeader'"],
  ['a session that is not signed', without('x-amz-security-token'), 'mismatch', "'x-amz-security-token' must be"],
  ['a date that is not signed', without('x-amz-date'), 'mismatch', "'x-amz-date' must be a 'SignedHeader'"],
  [
    'headers out of order',
    { signs: { signedHeaders: [...all].reverse() } },
    'incomplete',
    'SignedHeaders must be sorted',
  ],
  [
    'the scope of yesterday',
    { signs: { date: '20260831' } },
    'scope',
    "'20260831' != '20260901', from '20260901T000030Z'.",
  ],
  [
    'a date of another shape',
    { headers: { 'x-amz-date': '2026-09-01' } },
    'incomplete',
    'Authorization header requires',
  ],
  ['another secret', { secret: 'x' }, 'mismatch', 'The request signature we calculated does not match'],
  [
    'a time just too old',
    { headers: { 'x-amz-date': '20260831T235529Z' } },
    'time',
    'Signature expired: 20260831T235529Z is now earlier than 20260831T235530Z (20260901T000030Z - 5 min.)',
  ],
  [
    'a time just too new',
    { headers: { 'x-amz-date': '20260901T000531Z' } },
    'time',
    'Signature not yet current: 20260901T000531Z is still later than 20260901T000530Z (20260901T000030Z + 5 min.)',
  ],
])('refuses %s', (_, change, flaw, sentence) => {
  expect(() => ask(change)).toThrow(expect.objectContaining({ flaw, message: expect.stringContaining(sentence) }))
})

it('takes a time at the edge', () => {
  expect(ask({ headers: { 'x-amz-date': '20260831T235530Z' } }).region).toBe('us-east-1')
  expect(ask({ headers: { 'x-amz-date': '20260901T000530Z' } }).region).toBe('us-east-1')
})
