import { expect, it } from '@jest/globals'
import { readParameters } from './parameters.ts'

const good = { RoleArn: 'arn:aws:iam::123456789012:role/ci', RoleSessionName: 'build-1', WebIdentityToken: 'e.y.J' }
const atLeast = (least: number) => `Member must have length greater than or equal to ${least}`
const atMost = (most: number) => `Member must have length less than or equal to ${most}`
const many = (name: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [name.replace('N', String(at + 1)), 'arn:aws:x']))

it('reads what AWS reads', () => {
  const more = { DurationSeconds: '900', Policy: '{}', ...many('PolicyArns.member.N.arn', 10), ExternalId: 'not read' }
  expect(readParameters(new URLSearchParams({ ...good, ...more }), true)).toEqual({
    roleArn: good.RoleArn,
    sessionName: good.RoleSessionName,
    seconds: 900,
    policy: '{}',
    policyArns: Array(10).fill('arn:aws:x'),
    token: good.WebIdentityToken,
    externalId: undefined,
    tagKeys: [],
  })
})

it.each<[string, Record<string, string>, string]>([
  ['roleArn', { RoleArn: 'short' }, `Value 'short' at 'roleArn' failed to satisfy constraint: ${atLeast(20)}`],
  [
    'roleSessionName',
    { RoleSessionName: 'x' },
    `Value 'x' at 'roleSessionName' failed to satisfy constraint: ${atLeast(2)}`,
  ],
  ['roleSessionName', { RoleSessionName: 'x'.repeat(65) }, atMost(64)],
  [
    'roleSessionName',
    { RoleSessionName: 'dependabot[bot]' },
    'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
  ],
  ['roleSessionName', { RoleSessionName: 'acme/web' }, 'Member must satisfy regular expression pattern: [\\w+=,.@-]*'],
  [
    'durationSeconds',
    { DurationSeconds: '899' },
    "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  ],
  ['durationSeconds', { DurationSeconds: '43201' }, 'Member must have value less than or equal to 43200'],
  ['durationSeconds', { DurationSeconds: '1h' }, 'Member must have value greater than or equal to 900'],
  ['policy', { Policy: ' '.repeat(2049) }, atMost(2048)],
  ['policyArns', many('PolicyArns.member.N.arn', 11), atMost(10)],
  ['tags', many('Tags.member.N.Key', 51), atMost(50)],
  [
    'webIdentityToken',
    { WebIdentityToken: 'x'.repeat(20_001) },
    `Value '***' at 'webIdentityToken' failed to satisfy constraint: ${atMost(20_000)}`,
  ],
])('refuses %s of %j', (name, form, sentence) => {
  const read = () => readParameters(new URLSearchParams({ ...good, ...form }), true)
  expect(read).toThrow('1 validation error detected: ')
  expect(read).toThrow(`at '${name}' failed to satisfy constraint: `)
  expect(read).toThrow(sentence)
})

it('tells every violation at once', () => {
  const sentence =
    "3 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
    "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null; Value 'é' at 'externalId' " +
    'failed to satisfy constraint: Member must have length greater than or equal to 2'
  expect(() => readParameters(new URLSearchParams({ ExternalId: 'é' }), false)).toThrow(sentence)
})
