import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { refusal, stsCalls } from './calling.ts'
import { type Cloud, ciRole, openCloud } from './cloud.ts'
import type { Keys } from './keyring.ts'
import { allow } from './policy.ts'
import type { Role } from './role.ts'

const account = '123456789012'
const trustAccount = (of: string, ExternalId?: string): Role['trust'] => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: of },
    Action: 'sts:AssumeRole',
    ...(ExternalId ? { Condition: { StringEquals: { 'sts:ExternalId': ExternalId } } } : {}),
  },
})
const roles: readonly Role[] = [
  { ...ciRole, policy: allow('ecr:*', 'sts:AssumeRole'), maxSessionDuration: 7200 },
  { arn: `arn:aws:iam::${account}:role/path/deploy`, trust: trustAccount(ciRole.arn) },
  {
    arn: 'arn:aws:iam::210987654321:role/deploy',
    trust: trustAccount(`arn:aws:iam::${account}:root`, 'secret'),
    maxSessionDuration: 43_200,
  },
]

let cloud: Cloud
let calls: ReturnType<typeof stsCalls>
beforeAll(async () => {
  cloud = await openCloud({ roles })
  calls = stsCalls(cloud)
})
afterAll(() => cloud[Symbol.asyncDispose]())

type Chained = Partial<Omit<AssumeRoleCommandInput, 'RoleArn'>> & { readonly RoleArn?: string }
const own = { RoleArn: `arn:aws:iam::${account}:role/path/deploy` }

describe('AssumeRole', () => {
  it('chains within an account, when the role names the caller', async () => {
    const { AssumedRoleUser, Credentials } = await calls.assume(await calls.login(), own)
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${account}:assumed-role/deploy/chained`)
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA/)
  })

  const other = { RoleArn: 'arn:aws:iam::210987654321:role/deploy' }
  it.each<[string, Chained, unknown[]]>([
    [
      'more than an hour',
      { ...other, ExternalId: 'secret', DurationSeconds: 3601 },
      [
        'ValidationError',
        400,
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      ],
    ],
    [
      'another external id',
      { ...other, ExternalId: 'guess' },
      [
        'AccessDenied',
        403,
        `User: arn:aws:sts::${account}:assumed-role/ci/build-1 is not authorized to perform: sts:AssumeRole on resource: ${other.RoleArn}`,
      ],
    ],
    ['no external id', other, ['AccessDenied', 403, expect.stringContaining('sts:AssumeRole')]],
    [
      'tags that are not trusted',
      { Tags: [{ Key: 'a', Value: 'b' }] },
      ['AccessDenied', 403, expect.stringContaining('perform: sts:TagSession')],
    ],
    ['a role for tokens', { RoleArn: ciRole.arn }, ['AccessDenied', 403, expect.any(String)]],
  ])('refuses %s', async (_, input, expected) => {
    expect(await refusal(calls.assume(await calls.login(), { ...own, ...input }))).toEqual(expected)
  })

  it("lets another account's role in, with its external id", async () => {
    const { AssumedRoleUser } = await calls.assume(await calls.login(), { ...other, ExternalId: 'secret' })
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::210987654321:assumed-role/deploy/chained')
  })

  it("lets a user's lasting keys have more than an hour", async () => {
    const user = cloud.sts.addUser({ account, name: 'ci', policy: allow('sts:AssumeRole') })
    const { Credentials } = await calls.assume(user, { ...other, ExternalId: 'secret', DurationSeconds: 43_200 })
    expect(Number(Credentials?.Expiration)).toBeGreaterThan(Date.now() + 43_000_000)
    const nobody = cloud.sts.addUser({ account, name: 'nobody', policy: allow('ecr:*') })
    expect(await refusal(calls.assume(nobody, { ...other, ExternalId: 'secret' }))).toEqual([
      'AccessDenied',
      403,
      expect.any(String),
    ])
  })
})

describe('GetCallerIdentity', () => {
  it.each<[string, (keys: Keys) => Promise<unknown>, string, string]>([
    [
      'another secret',
      keys => calls.whoami({ ...keys, secretAccessKey: 'x' }),
      'SignatureDoesNotMatch',
      'The request signature we calculated',
    ],
    [
      'another session',
      keys => calls.whoami({ ...keys, sessionToken: 'x' }),
      'InvalidClientTokenId',
      'The security token included in the request is invalid',
    ],
    [
      'no session',
      ({ accessKeyId, secretAccessKey, principal }) => calls.whoami({ accessKeyId, secretAccessKey, principal }),
      'InvalidClientTokenId',
      'The security token',
    ],
    [
      'an unknown key',
      keys => calls.whoami({ ...keys, accessKeyId: 'ASIAUNKNOWN' }),
      'InvalidClientTokenId',
      'The security token',
    ],
    [
      'a region of nowhere',
      keys => calls.whoami(keys, { region: 'nowhere' }),
      'SignatureDoesNotMatch',
      'Credential should be scoped to a valid region.',
    ],
    [
      'an old clock',
      keys => calls.whoami(keys, { systemClockOffset: -16 * 60_000 }),
      'SignatureDoesNotMatch',
      'Signature expired: ',
    ],
    [
      'a fast clock',
      keys => calls.whoami(keys, { systemClockOffset: 16 * 60_000 }),
      'SignatureDoesNotMatch',
      'Signature not yet current: ',
    ],
  ])('refuses %s', async (_, call, code, sentence) => {
    expect(await refusal(call(await calls.login()))).toEqual([code, 403, expect.stringContaining(sentence)])
  })

  it('refuses an expired session', async () => {
    const keys = await calls.login()
    cloud.sts.keyring.expire(keys.accessKeyId)
    expect(await refusal(calls.whoami(keys))).toEqual([
      'ExpiredToken',
      403,
      'The security token included in the request is expired',
    ])
  })
})
