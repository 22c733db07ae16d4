import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { refusal, stsCalls } from './calling.ts'
import { type Cloud, openCloud } from './cloud.ts'

let cloud: Cloud
let calls: ReturnType<typeof stsCalls>
beforeAll(async () => {
  cloud = await openCloud()
  calls = stsCalls(cloud)
})
afterAll(() => cloud[Symbol.asyncDispose]())

describe('the Query protocol', () => {
  it.each<[Record<string, string>, RequestInit, string, number]>([
    [{ Action: 'GetSessionToken', Version: '2011-06-15' }, {}, 'InvalidAction', 400],
    [{ Action: 'GetCallerIdentity', Version: '2011-06-14' }, {}, 'NoSuchVersion', 400],
    [{ Action: 'GetCallerIdentity', Version: '2011-06-15' }, {}, 'MissingAuthenticationToken', 403],
    [
      { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      { headers: { authorization: 'AWS4-HMAC-SHA256 x' } },
      'IncompleteSignature',
      400,
    ],
    [{ Version: '2011-06-15' }, {}, 'MissingAction', 400],
    [
      { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      { headers: { 'content-type': 'application/json' } },
      'MalformedInput',
      400,
    ],
    [
      { Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15' },
      { headers: { authorization: 'x' } },
      'IncompleteSignature',
      400,
    ],
  ])('answers %j with %j', async (form, init, code, status) => {
    const answer = await fetch(cloud.sts.origin, { method: 'POST', body: new URLSearchParams(form), ...init })
    expect([answer.status, /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1]]).toEqual([status, code])
  })
})

describe('a fault', () => {
  it.each([
    ['throttled', 'Throttling', 400],
    ['internal', 'InternalFailure', 500],
    ['unavailable', 'ServiceUnavailable', 503],
    ['idp-communication', 'IDPCommunicationError', 400],
    ['no-verification-key', 'InvalidIdentityToken', 400],
    ['idp-rejected', 'IDPRejectedClaim', 403],
    ['skewed', 'RequestTimeTooSkewed', 403],
    ['access-denied', 'AccessDenied', 403],
    ['region-disabled', 'RegionDisabledException', 403],
    ['unknown-key', 'InvalidClientTokenId', 403],
  ] as const)('%s is %s', async (answer, code, status) => {
    using _ = cloud.sts.fault({ answer })
    expect(await refusal(calls.identity())).toEqual([code, status, expect.any(String)])
  })

  it('is retried by the SDK where it may pass, and the calls are counted', async () => {
    const before = cloud.calls().length
    cloud.sts.fault({ action: 'AssumeRoleWithWebIdentity', answer: 'idp-communication', times: 2 })
    await calls.identity({}, { maxAttempts: 3 })
    expect(cloud.calls().slice(before)).toEqual([
      'sts AssumeRoleWithWebIdentity 400 IDPCommunicationError',
      'sts AssumeRoleWithWebIdentity 400 IDPCommunicationError',
      'sts AssumeRoleWithWebIdentity 200',
    ])
  })
})

it('has a clock of its own, by whose Date the SDK mends its own', async () => {
  const keys = await calls.login()
  cloud.clock.shift(-20 * 60_000)
  const before = cloud.calls().length
  const { Account } = await calls.whoami(keys, { maxAttempts: 2 })
  cloud.clock.shift(20 * 60_000)
  expect([Account, ...cloud.calls().slice(before)]).toEqual([
    '123456789012',
    'sts GetCallerIdentity 403 SignatureDoesNotMatch',
    'sts GetCallerIdentity 200',
  ])
})
