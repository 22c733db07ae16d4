import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { loginSectionSchema } from '../../src/login/config.ts'
import { pullTask } from '../../src/login/pull.ts'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { allow } from '../support/aws/policy.ts'
import { east, role } from './support/hosts.ts'
import { writeOwn } from './support/job.ts'

type Texts = Readonly<Record<string, string>>

let folder: string
let cloud: Cloud
let before: NodeJS.ProcessEnv
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pull-login-'))
  cloud = await openCloud()
  before = { ...process.env }
  // The SDK reads the environment of its process.
  Object.assign(process.env, cloud.env, { AWS_EC2_METADATA_DISABLED: 'true' })
})
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  await cloud[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

interface Given {
  readonly hosts?: readonly string[]
  readonly login?: object
  readonly rights?: Texts
  readonly own?: object
  readonly credentials?: { readonly username: string; readonly password: string }
}

/** What the task ends with, what it said, and the hosts that its configuration has logins for. */
async function pull({ hosts = [east], login = {}, rights = {}, own = {}, credentials }: Given) {
  await writeOwn({ home: folder }, own)
  const said: string[] = []
  const env = { ...rights, DOCKER_CONFIG: join(folder, '.docker') }
  Object.assign(process.env, rights)
  const {
    status = 'passed',
    reason,
    value,
  } = await pullTask({ hosts, section: loginSectionSchema.parse(login) }).perform(
    { value: () => expect.anything() as never, verdicts: [] },
    {
      run: { id: '0a1b2c3d', directory: folder },
      context: folder,
      newmanWorker: '',
      env: {},
      rights: env,
      signal: new AbortController().signal,
      secret: () => undefined,
      credentials: use => (use === 'pull' ? credentials : { username: 'pusher', password: 'never' }),
      say: line => void said.push(line),
      mask() {},
    },
  )
  const file = value?.env.DOCKER_CONFIG
  const { auths } = file === undefined ? {} : JSON.parse(await readFile(join(file, 'config.json'), 'utf8'))
  return { status, reason, said, hosts: file === undefined ? [] : Object.keys(auths) }
}

const quiet = { said: [], hosts: [] }

describe('the login for pulls', () => {
  it('by a role, whose own session policies stay in force', async () => {
    const login = { 'role-to-assume': role, 'inline-session-policy': JSON.stringify(allow('ecr:*')) }
    expect(await pull({ login, rights: cloud.oidc.env })).toEqual({
      status: 'passed',
      reason: east,
      said: ['Session policies as given, and with them all but pulls is denied'],
      hosts: [east],
    })
  })

  it('by the keys of the machine: it says what they may', async () => {
    const { accessKeyId, secretAccessKey } = cloud.sts.addUser({
      account: '123456789012',
      name: 'ci',
      policy: allow('ecr:*'),
    })
    const rights = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    expect(await pull({ rights })).toEqual({
      status: 'passed',
      reason: `${east}, with whatever arn:aws:iam::123456789012:user/ci may do: only a role is narrowed to pulls`,
      said: [],
      hosts: [east],
    })
  })

  it('by user name and password, never by those of a push', async () => {
    const credentials = { username: 'reader', password: 'pw-of-the-reader' }
    const hosts = ['ghcr.io']
    expect(await pull({ hosts, credentials })).toEqual({ status: 'passed', reason: 'ghcr.io', said: [], hosts })
    expect(await pull({ hosts })).toEqual({
      status: 'passed',
      reason: 'your own Docker configuration serves',
      ...quiet,
    })
  })

  it.each<[string, object]>([
    ['a login', { auths: { [east]: { auth: 'QVdTOng=' } } }],
    ['a helper', { credHelpers: { [east]: 'ecr-login' } }],
    ['a store for ECR', { credsStore: 'ecr-login' }],
  ])('is left to the own configuration that has %s', async (_, own) => {
    expect(await pull({ own })).toEqual({ status: 'passed', reason: 'your own Docker configuration serves', ...quiet })
    expect(cloud.calls()).toEqual([])
  })

  it('a store for ECR, which a login for another host takes out, is asked for by us in its place', async () => {
    const { accessKeyId, secretAccessKey } = cloud.sts.addUser({
      account: '123456789012',
      name: 'ci',
      policy: allow('ecr:*'),
    })
    const rights = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    const credentials = { username: 'reader', password: 'pw-of-the-reader' }
    const given = { own: { credsStore: 'ecr-login' }, rights, credentials, hosts: [east, 'ghcr.io'] }
    expect((await pull(given)).hosts.toSorted()).toEqual([east, 'ghcr.io'])
  })

  it.each<[string, Given, string]>([
    [
      "Dependabot's run",
      { login: { 'role-to-assume': role }, rights: { GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'dependabot[bot]' } },
      "Dependabot's run gets no ID token, so nothing is pulled with the role",
    ],
    ['a machine without credentials', {}, `there are no AWS credentials here for ${east}`],
  ])('is skipped, with a reason, for %s', async (_, given, reason) => {
    expect(await pull(given)).toEqual({ status: 'skipped', reason, ...quiet })
  })

  it('is broken where there should be credentials, and are none', async () => {
    await expect(pull({ rights: { AWS_PROFILE: 'none-of-this-name' } })).rejects.toThrow(
      'the profile that AWS_PROFILE names gives none here',
    )
  })
})
