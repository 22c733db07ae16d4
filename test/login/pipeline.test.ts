import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openCheckout } from '../pipeline-e2e/support/checkout.ts'
import { type Ended, pce, program, startPce } from '../pipeline-e2e/support/pce.ts'
import { type Spied, spy } from '../pipeline-e2e/support/spy.ts'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { east, role } from './support/hosts.ts'
import { type ForwardProxy, openProxy } from './support/proxy.ts'
import { type Front, openFront } from './support/tls.ts'

const toEcr = { image: 'acme/web', registries: [east], login: { 'role-to-assume': role } }

let folder: string
let cloud: Cloud
let front: Front
let proxy: ForwardProxy
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'login-pipeline-'))
  cloud = await openCloud({ registry: { repositories: ['acme/web'] } })
  // The registry by its own name, as regctl sees it: through a tunnel, with a certificate for it.
  front = await openFront(`http://${cloud.registry?.host}`, folder)
  proxy = await openProxy({ port: front.port })
}, 60_000)
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await front[Symbol.asyncDispose]()
  await cloud[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const environment = (): Readonly<Record<string, string>> => ({
  ...cloud.env,
  GITHUB_ACTIONS: 'true',
  HTTPS_PROXY: proxy.url,
  SSL_CERT_FILE: front.ca,
})
const ends = ({ record }: Ended): object =>
  Object.fromEntries(record?.tasks.map(({ task, status }) => [task, status]) ?? [])

describe('a wrong trust policy', () => {
  it('ends the run before the checks end', async () => {
    const login = { 'role-to-assume': `${role}-other` }
    const config = { ...toEcr, login, checks: { slow: 'sleep 600' } }
    await using checkout = await openCheckout('small', { config })
    const ended = await pce(checkout, ['run', '--push'], environment())
    expect([ended.exitCode, ends(ended)]).toEqual([
      3,
      expect.objectContaining({
        identity: 'broken',
        'check:slow': 'cancelled',
        gate: 'cancelled',
        'push:web': 'cancelled',
      }),
    ])
    const fault = ended.record?.tasks.find(({ task }) => task === 'identity')?.fault
    expect(fault).toMatchObject({ kind: 'outside' })
    expect(fault?.message).toContain('"token.actions.githubusercontent.com:sub": "repo:acme/web:ref:refs/heads/main"')
  }, 60_000)
})

describe('where no login is needed', () => {
  it('none is asked for: a run without a push', async () => {
    const before = cloud.calls().length
    await using checkout = await openCheckout('small', { config: toEcr })
    expect(await pce(checkout, ['run'], environment())).toMatchObject({ exitCode: 0 })
    expect(cloud.calls()).toHaveLength(before)
  }, 60_000)

  it("a fork's pull request is built and judged, and the push is skipped", async () => {
    await using checkout = await openCheckout('small', { config: toEcr, files: { 'event.json': fork } })
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...env } = environment()
    const ended = await pce(checkout, ['run', '--push'], {
      ...env,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_EVENT_PATH: join(checkout.directory, 'event.json'),
    })
    expect([ended.exitCode, ends(ended)]).toEqual([
      0,
      expect.objectContaining({ identity: 'skipped', 'contract:web': 'passed', gate: 'passed', 'push:web': 'skipped' }),
    ])
  }, 60_000)
})

const fork = JSON.stringify({ pull_request: { head: { repo: { full_name: 'mallory/web' } } } })

describe('a push to ECR', () => {
  let ended: Ended
  let spied: Spied
  let logs: string
  beforeAll(async () => {
    await using checkout = await openCheckout('app', {
      config: {
        ...toEcr,
        build: { target: 'prod' },
        checks: { look: 'env; sleep 1' },
        unit: { target: 'test-image', run: 'env; sleep 1', junit: undefined },
        newman: 'postman/*.postman_collection.json',
      },
    })
    const running = startPce(checkout, ['run', '--push', '--verbose'], environment())
    const spying = spy(checkout.state, { forms: ['"auths":{'], until: running.ended })
    ended = await running.ended
    spied = await spying
    const read = (name: string) => readFile(join(ended.directory, 'logs', name), 'utf8')
    logs = (await Promise.all(['check_look.log', 'unit_web.log'].map(read))).join('\n')
  }, 180_000)

  it('goes well: identity at the start, the role again after the gate, then the push', async () => {
    expect([ended.exitCode, ends(ended)]).toMatchObject([
      0,
      { identity: 'passed', login: 'passed', 'push:web': 'passed' },
    ])
    expect(ended.record?.pushed.map(({ reference }) => reference)).toContain(`${east}/acme/web:main`)
    expect(await cloud.registry?.tags('acme/web')).toContain('main')
    expect(cloud.calls().slice(-5)).toEqual([
      'oidc token 200',
      'sts AssumeRoleWithWebIdentity 200',
      'oidc token 200',
      'sts AssumeRoleWithWebIdentity 200',
      'ecr GetAuthorizationToken 200',
    ])
    expect(new Set(proxy.seen)).toEqual(new Set([`CONNECT ${east}:443`]))
  })

  it('while checks, unit tests and Newman run, no file holds a login', () => {
    expect(spied.withLogin.length).toBeGreaterThan(0)
    expect(spied.withLogin.filter(task => task !== 'push:web' && task !== 'login')).toEqual([])
  })

  it('no process of the machine was ever started with a secret of it, but pce with what the job has', () => {
    const { ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer = '' } = cloud.oidc.env
    const keys = cloud.sts.keyring
      .all()
      .flatMap(({ secretAccessKey, sessionToken = '' }) => [secretAccessKey, sessionToken])
    const secrets = [bearer, ...keys, ...(cloud.registry?.passwords() ?? [])]
    expect(secrets.length).toBeGreaterThan(5)
    const holders = spied.processes.filter(({ command, environment }) =>
      secrets.some(secret => `${command}\0${environment}`.includes(secret)),
    )
    expect(new Set(holders.map(({ command }) => command.split('\0').slice(1, 4).join(' ')))).toEqual(
      new Set([`${program} run --push`]),
    )
    for (const { environment } of holders)
      expect(secrets.filter(secret => environment.includes(secret))).toEqual([bearer])
  })

  it("Newman's process has no variable but those it needs", () => {
    const [newman, ...others] = spied.processes.filter(
      ({ command }) => command.includes('newman-worker') && command.includes('--permission'),
    )
    expect(others).toEqual([])
    const names = newman?.environment.split('\0').map(line => line.split('=', 1)[0])
    const expected = ['HOME', 'HTTPS_PROXY', ...(process.env.LANG === undefined ? [] : ['LANG']), 'NO_PROXY', 'PATH']
    expect(names?.filter(Boolean).sort()).toEqual([...expected, 'no_proxy'])
  })

  it('no child of theirs has a right in its environment', () => {
    expect(logs).toContain('PATH=')
    expect(logs).not.toMatch(/^(AWS_(?!EC2)|ACTIONS_|DOCKER_CONFIG=.*private|GITHUB_TOKEN)/m)
  })

  it('the login is gone with the run, and in no record', async () => {
    await expect(readFile(join(ended.directory, 'private/login/config.json'))).rejects.toThrow('ENOENT')
    expect(JSON.stringify(ended.record)).not.toMatch(/eyJ0|IQoJ|QVdTO|"auth"/)
  })
})

describe('create-repository', () => {
  const wish = { immutable: true, lifecycle: 'lifecycle.json', tags: { team: 'web', tier: 1 } }
  const configOf = (more: object) => ({
    ...toEcr,
    image: 'acme/new',
    tags: ['type=sha'],
    login: { ...toEcr.login, 'create-repository': { ...wish, ...more } },
  })
  const loginLog = async ({ directory }: Ended): Promise<string> => readFile(join(directory, 'logs/login.log'), 'utf8')

  it('makes what is missing; a second time only differences are said', async () => {
    const files = { 'lifecycle.json': lifecycle }
    await using checkout = await openCheckout('small', { config: configOf({}), files })
    const first = await pce(checkout, ['run', '--push'], environment())
    expect([first.exitCode, await loginLog(first)]).toEqual([0, 'Made the repository acme/new\n'])
    await using again = await openCheckout('small', { config: configOf({ immutable: false }), files })
    const second = await pce(again, ['run', '--push'], environment())
    expect([second.exitCode, await loginLog(second)]).toEqual([
      0,
      'The repository acme/new is there and stays as it is: its tags are IMMUTABLE, asked for is MUTABLE\n',
    ])
  }, 120_000)
})

const lifecycle = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 50 },
      action: { type: 'expire' },
    },
  ],
})
