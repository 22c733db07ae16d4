import type { AssumeRoleWithWebIdentityCommandInput } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Claims } from '../oidc/claims.ts'
import type { SigningKey } from '../oidc/keys.ts'
import { createSigningKey } from '../oidc/keys.ts'
import { refusal, stsCalls } from './calling.ts'
import { type Cloud, ciRole, openCloud } from './cloud.ts'
import { notAJwt, noVerificationKey, unverifiable } from './identity.ts'
import { allow } from './policy.ts'

const account = '123456789012'
const deploy = {
  arn: `arn:aws:iam::${account}:role/deploy`,
  trust: { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' } },
} as const

let cloud: Cloud
let calls: ReturnType<typeof stsCalls>
beforeAll(async () => {
  cloud = await openCloud({ roles: [{ ...ciRole, maxSessionDuration: 7200 }, deploy], patience: 300 })
  calls = stsCalls(cloud)
})
afterAll(() => cloud[Symbol.asyncDispose]())

type Input = Partial<AssumeRoleWithWebIdentityCommandInput>
const issuer = 'https://token.actions.githubusercontent.com'
const invalid = 'InvalidIdentityToken'
const denied = 'Not authorized to perform sts:AssumeRoleWithWebIdentity'
const tooLong = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'
const packed = 'Packed size of session policies consumes more than 100% of allotted space.'
const readOnly = `arn:aws:iam::aws:policy/${'x'.repeat(200)}`
const long = JSON.stringify({ ...allow('ecr:*'), Id: 'x'.repeat(1900) })
const now = Math.floor(Date.now() / 1000)
const stale = expect.stringMatching(
  new RegExp(`^Token expired: current date/time \\d+ must be before the expiration date/time${now - 1}$`),
)
const noProvider = (url: string) => `No OpenIDConnect provider found in your account for ${url}`
const token = (claims: Claims, key?: SigningKey) => cloud.oidc.mint({ aud: 'sts.amazonaws.com', ...claims }, key)
const mint = (claims: Claims) => () => ({ WebIdentityToken: token(claims) })

/** Another subject under the old signature. */
function change(old: string): string {
  const [header, payload = '', signature] = old.split('.')
  const claims = Buffer.from(payload, 'base64url').toString().replace('acme/api', 'acme/web')
  return [header, Buffer.from(claims).toString('base64url'), signature].join('.')
}

/** A stranger's key under the name of GitHub's. */
async function forge(): Promise<string> {
  const { kid } = JSON.parse(Buffer.from(token({}).split('.')[0] ?? '', 'base64url').toString())
  return token({}, { ...(await createSigningKey()), kid })
}

describe('AssumeRoleWithWebIdentity', () => {
  it('gives keys of a session, that GetCallerIdentity knows', async () => {
    const before = Date.now()
    const { $metadata, Credentials, AssumedRoleUser, ...rest } = await calls.identity({ DurationSeconds: 900 })
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(Credentials).toEqual({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
      SessionToken: expect.stringMatching(/^IQoJ[\w+/=]{500,}$/),
      Expiration: expect.any(Date),
    })
    expect(Math.abs(Number(Credentials?.Expiration) - before - 900_000)).toBeLessThan(5000)
    const arn = `arn:aws:sts::${account}:assumed-role/ci/build-1`
    expect(AssumedRoleUser).toEqual({ Arn: arn, AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{16}:build-1$/) })
    expect(rest).toEqual({
      SubjectFromWebIdentityToken: 'repo:acme/web:ref:refs/heads/main',
      Provider: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
      Audience: 'sts.amazonaws.com',
    })
    const { Arn, Account, UserId } = await calls.whoami(await calls.login())
    expect([Arn, Account, UserId]).toEqual([arn, account, AssumedRoleUser?.AssumedRoleId])
  })

  it("answers in AWS's own XML", async () => {
    const body = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: ciRole.arn,
      RoleSessionName: 'a<&>b',
    })
    const answer = await fetch(cloud.sts.origin, { method: 'POST', body })
    const id = answer.headers.get('x-amzn-requestid')
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      400,
      'text/xml',
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>ValidationError</Code>
    <Message>2 validation errors detected: Value 'a&lt;&amp;&gt;b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*; Value null at 'webIdentityToken' failed to satisfy constraint: Member must not be null</Message>
  </Error>
  <RequestId>${id}</RequestId>
</ErrorResponse>
`,
    ])
  })

  it.each<[string, () => Input | Promise<Input>, string, unknown]>([
    ['another subject', mint({ sub: 'repo:acme/web:ref:refs/heads/other' }), 'AccessDenied', denied],
    ['a role that is not there', () => ({ RoleArn: `arn:aws:iam::${account}:role/none` }), 'AccessDenied', denied],
    ['a role for other callers', () => ({ RoleArn: deploy.arn }), 'AccessDenied', denied],
    ['an account without it', () => ({ RoleArn: 'arn:aws:iam::999999999999:role/ci' }), invalid, noProvider(issuer)],
    ['another issuer', mint({ iss: 'https://gitlab.com' }), invalid, noProvider('https://gitlab.com')],
    ['another audience', mint({ aud: 'https://github.com/acme' }), invalid, 'Incorrect token audience'],
    ['a token without a subject', mint({ sub: undefined }), invalid, 'Missing a required claim: sub'],
    ['a stale token', mint({ exp: now - 1 }), 'ExpiredTokenException', stale],
    ['a token of tomorrow', mint({ nbf: now + 86_400 }), invalid, unverifiable],
    ['an access token', () => ({ WebIdentityToken: 'gho_notAJwt' }), invalid, notAJwt],
    ['a changed token', () => ({ WebIdentityToken: change(token({ sub: 'repo:acme/api' })) }), invalid, unverifiable],
    ['a signature of a stranger', async () => ({ WebIdentityToken: await forge() }), invalid, unverifiable],
    [
      'an unknown key',
      async () => ({ WebIdentityToken: token({}, await createSigningKey()) }),
      invalid,
      noVerificationKey,
    ],
    ['a session beyond the role', () => ({ DurationSeconds: 7201 }), 'ValidationError', tooLong],
    ['no ARN', () => ({ RoleArn: 'ci-role-without-an-arn' }), 'ValidationError', 'ci-role-without-an-arn is invalid'],
    [
      "a user's ARN",
      () => ({ RoleArn: `arn:aws:iam::${account}:user/ci` }),
      'ValidationError',
      'Request ARN is invalid',
    ],
    ['a policy that is none', () => ({ Policy: '{"Version":' }), 'MalformedPolicyDocument', 'Syntax errors in policy.'],
    [
      'policies that fill it',
      () => ({ Policy: long, PolicyArns: [{ arn: readOnly }] }),
      'PackedPolicyTooLarge',
      packed,
    ],
  ])('refuses %s', async (_, input, code, sentence) => {
    const status = code === 'AccessDenied' ? 403 : 400
    expect(await refusal(calls.identity(await input()))).toEqual([code, status, sentence])
  })

  it('takes a session policy, and says how much room it took', async () => {
    const { PackedPolicySize } = await calls.identity({ Policy: JSON.stringify(allow('ecr:GetAuthorizationToken')) })
    expect(PackedPolicySize).toBeGreaterThan(0)
  })

  it('fails as AWS does when the keys cannot be had', async () => {
    const tries = ['unavailable', 'hang', 'cut', 'half', 'missing', 'html', 'malformed'] as const
    const seen: unknown[] = []
    for (const answer of tries) {
      using _ = cloud.oidc.fault({ action: answer === 'missing' ? 'configuration' : 'jwks', answer })
      seen.push([answer, (await refusal(calls.identity()))[0]])
    }
    expect(seen).toEqual([
      ['unavailable', 'IDPCommunicationError'],
      ['hang', 'IDPCommunicationError'],
      ['cut', 'IDPCommunicationError'],
      ['half', 'InvalidIdentityToken'],
      ['missing', 'InvalidIdentityToken'],
      ['html', 'InvalidIdentityToken'],
      ['malformed', 'InvalidIdentityToken'],
    ])
  })
})
