import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { type Cloud, openCloud } from './cloud.ts'

let cloud: Cloud
let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pce-cloud-'))
  cloud = await openCloud({ registry: { repositories: ['acme/web'] } })
}, 90_000)
afterAll(async () => {
  await cloud[Symbol.asyncDispose]()
  await rm(home, { recursive: true })
})

/** Docker with a configuration of its own: the user's stays as it is. */
const docker = (argv: readonly string[], input = '') =>
  execa('docker', argv, { input, reject: false, all: true, env: { DOCKER_CONFIG: home } })
const succeed = async (program: string, argv: readonly string[]) =>
  (await execa(program, argv, { all: true, env: { DOCKER_CONFIG: home } })).all

/** A program that knows of AWS what its environment tells: it prints the password and where it belongs. */
const program = `
  import { ECRClient, CreateRepositoryCommand, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
  import { ECRPUBLICClient, GetAuthorizationTokenCommand as GetPublic } from '@aws-sdk/client-ecr-public'
  import { STSClient, AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = process.env
  const answer = await fetch(url + '&audience=sts.amazonaws.com', { headers: { authorization: 'bearer ' + bearer } })
  const { value } = await answer.json()
  const region = 'us-east-1'
  const assume = { RoleArn: 'arn:aws:iam::123456789012:role/ci', RoleSessionName: 'build', WebIdentityToken: value }
  const { Credentials: keys } = await new STSClient({ region }).send(new AssumeRoleWithWebIdentityCommand(assume))
  const credentials = { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.SessionToken }
  const ecr = new ECRClient({ region, credentials })
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'acme/made', imageTagMutability: 'IMMUTABLE' }))
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
  await new ECRPUBLICClient({ region, credentials }).send(new GetPublic({}))
  console.log(JSON.stringify(authorizationData[0]))
`

it('takes a job from its ID token to an image, by the environment alone', async () => {
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], { env: cloud.env })
  expect(cloud.calls()).toEqual([
    'oidc token 200',
    'sts AssumeRoleWithWebIdentity 200',
    'ecr CreateRepository 200',
    'ecr GetAuthorizationToken 200',
    'ecr-public GetAuthorizationToken 200',
  ])
  const { authorizationToken, proxyEndpoint } = JSON.parse(stdout)
  const password = Buffer.from(authorizationToken, 'base64').toString().replace('AWS:', '')
  expect(proxyEndpoint).toBe(`http://${cloud.registry?.host}`)
  const { host } = new URL(proxyEndpoint)
  const image = `${host}/acme/made:v1`
  expect((await docker(['pull', image])).all).toContain('no basic auth credentials')
  const login = await docker(['login', '--username', 'AWS', '--password-stdin', host], password)
  expect(login).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Login Succeeded') })
  const { auths } = JSON.parse(await readFile(join(home, 'config.json'), 'utf8'))
  expect(auths).toEqual({ [host]: { auth: authorizationToken } })

  await succeed('tar', ['--create', '--file', join(home, 'layer.tar'), '--directory', home, 'config.json'])
  await succeed('docker', ['import', join(home, 'layer.tar'), image])
  await succeed('docker', ['push', image])
  await succeed('docker', ['rmi', image])
  expect(await succeed('docker', ['pull', image])).toContain('Downloaded newer image')
  // The repository was made with tags that cannot move, and the registry knows it.
  expect((await docker(['push', image])).all).toContain('the tag is immutable')
  await succeed('docker', ['rmi', image])
  cloud.registry?.expire(password)
  expect((await docker(['pull', image])).all).toContain('authorization token has expired')
}, 60_000)

it('tells when, how long and in which order', () => {
  for (const call of cloud.log) {
    expect(call).toEqual({
      server: expect.stringMatching(/^(oidc|sts|ecr|ecr-public)$/),
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      method: expect.stringMatching(/^(GET|POST)$/),
      action: expect.stringMatching(/^\w+$/),
      status: 200,
      code: '',
      milliseconds: expect.any(Number),
    })
  }
  expect(cloud.log.map(({ time }) => time)).toEqual(cloud.log.map(({ time }) => time).sort())
})
