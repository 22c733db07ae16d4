import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  type ECRClientConfig,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr'
import { GetAuthorizationTokenCommand as GetPublicToken } from '@aws-sdk/client-ecr-public'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ecrClient, ecrPublicClient, refusal, stsCalls, withKeys } from './calling.ts'
import { type Cloud, ciRole, openCloud } from './cloud.ts'
import type { Keys } from './keyring.ts'
import { allow, type PolicyDocument } from './policy.ts'

const account = '123456789012'
const arn = (name: string) => `arn:aws:ecr:us-east-1:${account}:repository/${name}`

let cloud: Cloud
let keys: Keys
beforeAll(async () => {
  const other = { account: '210987654321', region: 'eu-west-1', repositories: ['acme/web'] }
  cloud = await openCloud({ registries: [other], roles: [{ ...ciRole, policy: allow('*') }] })
  keys = await stsCalls(cloud).login()
})
afterAll(() => cloud[Symbol.asyncDispose]())

const clientOf = (config: ECRClientConfig = {}) => ecrClient(cloud, keys, config)
const getToken = (config: ECRClientConfig = {}) => clientOf(config).send(new GetAuthorizationTokenCommand({}))
const getPublicToken = (config: ECRClientConfig = {}) =>
  ecrPublicClient(cloud, keys, config).send(new GetPublicToken({}))
const withPolicy = async (Policy: PolicyDocument) =>
  withKeys(await stsCalls(cloud).login({ Policy: JSON.stringify(Policy) }))

describe('GetAuthorizationToken', () => {
  it('gives a password for twelve hours', async () => {
    const { authorizationData } = await getToken()
    expect(authorizationData).toEqual([
      {
        authorizationToken: expect.any(String),
        expiresAt: expect.any(Date),
        proxyEndpoint: `https://${account}.dkr.ecr.us-east-1.amazonaws.com`,
      },
    ])
    const [{ authorizationToken = '', expiresAt } = {}] = authorizationData ?? []
    expect(Buffer.from(authorizationToken, 'base64').toString()).toMatch(/^AWS:[\w+/]{128}$/)
    expect(Math.abs(Number(expiresAt) - Date.now() - 12 * 3600_000)).toBeLessThan(5000)
  })

  it('of the public flavour names no registry', async () => {
    const { authorizationData } = await getPublicToken()
    expect(authorizationData).toEqual({ authorizationToken: expect.any(String), expiresAt: expect.any(Date) })
  })

  const mismatch = expect.stringContaining(
    'The request signature we calculated does not match the signature you provided.',
  )
  const wrongRegion = 'Credential should be scoped to a valid region.'
  it.each<[string, () => Promise<unknown>, string, unknown]>([
    [
      'another secret',
      () => getToken(withKeys({ ...keys, secretAccessKey: 'x' })),
      'InvalidSignatureException',
      mismatch,
    ],
    [
      'an unknown key',
      () => getToken(withKeys({ ...keys, accessKeyId: 'x' })),
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
    [
      'another session',
      () => getToken(withKeys({ ...keys, sessionToken: 'x' })),
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
    [
      'a region without a registry',
      () => getToken({ region: 'eu-central-1' }),
      'InvalidSignatureException',
      wrongRegion,
    ],
    [
      'the public flavour elsewhere',
      () => getPublicToken({ region: 'us-west-2' }),
      'InvalidSignatureException',
      wrongRegion,
    ],
    [
      "the public flavour's endpoint",
      () => getToken({ endpoint: cloud.ecr.publicOrigin }),
      'InvalidSignatureException',
      "Credential should be scoped to correct service: 'ecr-public'.",
    ],
    [
      'a clock that is slow',
      () => getToken({ systemClockOffset: -6 * 60_000 }),
      'InvalidSignatureException',
      expect.stringMatching(
        /^Signature expired: (\d{8}T\d{6}Z) is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
      ),
    ],
    [
      'a clock that is fast',
      () => getToken({ systemClockOffset: 6 * 60_000 }),
      'InvalidSignatureException',
      expect.stringMatching(/^Signature not yet current: /),
    ],
  ])('refuses %s', async (_, call, code, sentence) => {
    expect(await refusal(call())).toEqual([code, 400, sentence])
  })

  it('refuses a body that was changed on its way', async () => {
    const client = clientOf()
    client.middlewareStack.add(
      next => async args => {
        Object.assign(args.request as object, { body: '{"registryIds":["210987654321"]}' })
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    const call = client.send(new GetAuthorizationTokenCommand({ registryIds: [account] }))
    expect(await refusal(call)).toEqual(['InvalidSignatureException', 400, mismatch])
  })

  it('refuses an expired session', async () => {
    const old = await stsCalls(cloud).login({ DurationSeconds: 900 })
    const sentence = 'The security token included in the request is expired'
    cloud.clock.shift(901_000)
    const late = await refusal(getToken({ ...withKeys(old), systemClockOffset: 901_000 }))
    cloud.clock.shift(-901_000)
    expect(late).toEqual(['ExpiredTokenException', 400, sentence])
    await getToken(withKeys(old))
    cloud.sts.keyring.expire(old.accessKeyId)
    expect(await refusal(getToken(withKeys(old)))).toEqual(['ExpiredTokenException', 400, sentence])
  })

  it('goes by the policies of the session', async () => {
    const narrow = await withPolicy(allow('ecr:GetAuthorizationToken', 'ecr-public:GetAuthorizationToken'))
    await getToken(narrow)
    const user = `User: arn:aws:sts::${account}:assumed-role/ci/build-1 is not authorized to perform:`
    expect(await refusal(clientOf(narrow).send(new CreateRepositoryCommand({ repositoryName: 'acme/no' })))).toEqual([
      'AccessDeniedException',
      400,
      `${user} ecr:CreateRepository on resource: ${arn('acme/no')} because no session policy allows the ecr:CreateRepository action`,
    ])
    expect(await refusal(getPublicToken(narrow))).toEqual([
      'AccessDeniedException',
      400,
      `${user} sts:GetServiceBearerToken on resource: * because no session policy allows the sts:GetServiceBearerToken action`,
    ])
    const elsewhere = clientOf({ region: 'eu-west-1' }).send(
      new DescribeRepositoriesCommand({ registryId: '210987654321' }),
    )
    expect(await refusal(elsewhere)).toEqual([
      'AccessDeniedException',
      400,
      expect.stringContaining('because no resource-based policy allows'),
    ])
  })
})

describe('a call', () => {
  it.each<[string, RequestInit, number, string]>([
    ['without a signature', {}, 400, 'MissingAuthenticationTokenException'],
    [
      'with half of one',
      { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x' } },
      400,
      'IncompleteSignatureException',
    ],
  ])('%s is refused in JSON', async (_, init, status, code) => {
    const answer = await fetch(cloud.ecr.origin, { method: 'POST', body: '{}', ...init })
    const { __type } = (await answer.json()) as { __type: string }
    expect([answer.status, answer.headers.get('content-type'), __type]).toEqual([
      status,
      'application/x-amz-json-1.1',
      code,
    ])
  })

  it('is throttled on demand, and counted', async () => {
    const before = cloud.calls().length
    cloud.ecr.fault({ answer: 'throttled', times: 1 })
    await getToken({ maxAttempts: 2 })
    cloud.ecr.publicFault({ answer: 'server' })
    expect(await refusal(getPublicToken())).toEqual(['ServerException', 500, 'A server-side error has occurred.'])
    expect(cloud.calls().slice(before)).toEqual([
      'ecr GetAuthorizationToken 400 ThrottlingException',
      'ecr GetAuthorizationToken 200',
      'ecr-public GetAuthorizationToken 500 ServerException',
    ])
  })
})
