import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { renderAuths } from '../../src/login/docker-config.ts'
import { type Checkout, openCheckout } from '../pipeline-e2e/support/checkout.ts'
import { type Ended, pce } from '../pipeline-e2e/support/pce.ts'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import type { Ecr } from '../support/ecr/ecr.ts'
import { type DockerShim, openShim } from './support/docker-shim.ts'
import { east, role } from './support/hosts.ts'
import { type ForwardProxy, openProxy } from './support/proxy.ts'
import { type Front, openFront } from './support/tls.ts'

let folder: string
let cloud: Cloud
let registry: Ecr
let front: Front
let proxy: ForwardProxy
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'login-pull-'))
  cloud = await openCloud({ registry: { repositories: ['acme/base', 'acme/web', 'acme/db'] } })
  if (cloud.registry === undefined) throw new Error('no registry')
  registry = cloud.registry
  // The registry by its own name, as the builder sees it: through a tunnel, with a certificate for it.
  front = await openFront(`http://${registry.host}`, folder)
  proxy = await openProxy({ port: front.port })
  await pushBase()
}, 120_000)
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await front[Symbol.asyncDispose]()
  await cloud[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** docker with a login for the registry. */
async function dockerWith(password: string, ...argv: readonly string[]) {
  const config = await mkdtemp(join(folder, 'config-'))
  const auths = renderAuths([{ hosts: [registry.host], username: 'AWS', password }])
  await writeFile(join(config, 'config.json'), JSON.stringify({ auths }))
  return await execa('docker', argv, { env: { DOCKER_CONFIG: config }, reject: false, all: true })
}

async function pushBase(): Promise<void> {
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /base\n')
  const base = `${registry.host}/acme/base:1`
  const db = `${registry.host}/acme/db:1`
  await execa('docker', ['build', '--tag', base, folder])
  await execa('docker', ['tag', 'redis:7', db])
  for (const image of [base, db]) {
    const pushed = await dockerWith(registry.token, 'push', image)
    if (pushed.exitCode !== 0) throw new Error(pushed.all)
    await execa('docker', ['image', 'rm', image])
  }
}

/** Docker where a builder reaches the registry through a proxy, and knows its certificate. */
async function openDocker(): Promise<{ readonly shim: DockerShim; readonly env: Readonly<Record<string, string>> }> {
  const own = await mkdtemp(join(folder, 'docker-'))
  const buildx = join(own, 'buildx')
  await mkdir(buildx)
  await writeFile(join(buildx, 'buildkitd.default.toml'), `[registry."${east}"]\n  ca = ["${front.ca}"]\n`)
  const shim = await openShim(own, ['--driver-opt', `env.HTTPS_PROXY=${proxy.url}`])
  return { shim, env: { ...cloud.env, GITHUB_ACTIONS: 'true', PATH: shim.PATH, BUILDX_CONFIG: buildx } }
}

const ends = ({ record }: Ended): object =>
  Object.fromEntries(record?.tasks.map(({ task, status }) => [task, status]) ?? [])

const fromBase = `FROM ${east}/acme/base:1\nUSER 1000\nCOPY package.json /\n`
const byRole = { image: 'acme/web', login: { 'role-to-assume': role } }

/** What a docker command is, in two words and its target. */
const nameOf = ([first = '', second = '', ...rest]: readonly string[]): string => {
  const verbs = rest.filter(word => ['up', 'port', 'down', 'ps', 'logs', 'run'].includes(word))
  return [first, first === 'compose' ? verbs[0] : second].filter(Boolean).join(' ')
}

/** Commands that had a private configuration, and those that had none, each once. */
async function byLogin(shim: DockerShim, { directory }: Ended) {
  const calls = await shim.calls()
  const own = join(directory, 'private', 'login-pull')
  const named = (wanted: boolean) =>
    [...new Set(calls.filter(({ config }) => (config === own) === wanted).map(({ argv }) => nameOf(argv)))].sort()
  return { with: named(true), without: named(false) }
}

describe('a build from a private base image in ECR', () => {
  let checkout: Checkout
  let shim: DockerShim
  let ended: Ended
  beforeAll(async () => {
    const opened = await openDocker()
    shim = opened.shim
    checkout = await openCheckout('small', { config: byRole, files: { Dockerfile: fromBase } })
    ended = await pce(checkout, ['run'], opened.env)
  }, 180_000)
  afterAll(async () => checkout[Symbol.asyncDispose]())

  it('works with the role, and without a push right: token, role, authorization', () => {
    expect([ended.exitCode, ends(ended)]).toEqual([
      0,
      expect.objectContaining({ 'login:pull': 'passed', 'build:web': 'passed', gate: 'passed' }),
    ])
    expect(cloud.calls()).toEqual([
      'oidc token 200',
      'sts AssumeRoleWithWebIdentity 200',
      'ecr GetAuthorizationToken 200',
    ])
    expect(new Set(proxy.seen)).toEqual(new Set([`CONNECT ${east}:443`]))
    expect(ended.record?.tasks.find(({ task }) => task === 'login:pull')?.reason).toBe(east)
  })

  it('only what pulls has the login', async () => {
    const calls = await byLogin(shim, ended)
    expect(calls.with).toEqual(['buildx build'])
    expect(calls.without).toEqual(expect.arrayContaining(['buildx create', 'compose up']))
  })

  it('its password may pull, and may not push', async () => {
    const { auths } = JSON.parse(await shim.configOfBuild())
    expect(Object.keys(auths)).toEqual([east])
    const password = Buffer.from(auths[east].auth, 'base64').toString().replace(/^AWS:/, '')
    const image = `${registry.host}/acme/base:1`
    expect(await dockerWith(password, 'pull', '--quiet', image)).toMatchObject({ exitCode: 0 })
    await execa('docker', ['tag', image, `${registry.host}/acme/web:mine`])
    const pushed = await dockerWith(password, 'push', `${registry.host}/acme/web:mine`)
    await execa('docker', ['image', 'rm', image, `${registry.host}/acme/web:mine`])
    expect([pushed.exitCode, pushed.all]).toEqual([
      1,
      expect.stringContaining(
        'not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-east-1:123456789012:repository/acme/web',
      ),
    ])
    expect(await registry.tags('acme/web')).toEqual([])
  }, 60_000)

  it('the login is gone with the run, and in no record', async () => {
    expect(JSON.stringify(ended.record)).not.toMatch(/eyJ0|IQoJ|QVdTO|"auth"/)
    await expect(cp(join(ended.directory, 'private/login-pull'), join(folder, 'left'))).rejects.toThrow('ENOENT')
  })
})

describe("a fork's pull request", () => {
  it('gets no login, and the build is tried all the same', async () => {
    const { env } = await openDocker()
    const event = JSON.stringify({ pull_request: { head: { repo: { full_name: 'mallory/web' } } } })
    await using checkout = await openCheckout('small', {
      config: byRole,
      files: { Dockerfile: fromBase, 'event.json': event },
    })
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...rest } = env
    const before = cloud.calls().length
    const ended = await pce(checkout, ['run'], {
      ...rest,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_EVENT_PATH: join(checkout.directory, 'event.json'),
    })
    expect([ended.exitCode, ends(ended)]).toEqual([
      3,
      expect.objectContaining({ 'login:pull': 'skipped', 'build:web': 'broken' }),
    ])
    expect(ended.record?.tasks.find(({ task }) => task === 'build:web')?.fault?.message).toMatch(
      /\b401\b.*\nNo login for pulls: a pull request from a fork gets no ID token, so nothing is pulled with the role$/s,
    )
    expect(cloud.calls()).toHaveLength(before)
  }, 120_000)
})

describe('user name and password for pulls', () => {
  it('serve builds and services of a registry that is pushed to', async () => {
    const shim = await openShim(await mkdtemp(join(folder, 'docker-')))
    await using checkout = await openCheckout('app', {
      config: {
        image: 'acme/web',
        registries: [registry.host],
        build: { target: 'prod' },
        services: { db: `${registry.host}/acme/db:1` },
        app: { port: 4000, ready: '/healthz' },
      },
    })
    const ended = await pce(checkout, ['run'], {
      PATH: shim.PATH,
      PCE_PULL_USERNAME: 'AWS',
      PCE_PULL_PASSWORD: registry.issue('pull'),
    })
    await execa('docker', ['image', 'rm', `${registry.host}/acme/db:1`])
    expect([ended.exitCode, ends(ended)]).toEqual([
      0,
      expect.objectContaining({ 'login:pull': 'passed', services: 'passed', 'app:web': 'passed' }),
    ])
    const calls = await shim.calls()
    const own = join(ended.directory, 'private', 'login-pull')
    const services = calls.filter(({ argv }) => argv.includes('db') && argv.includes('up'))
    expect(services.map(({ config }) => config)).toEqual([own])
    const app = calls.filter(({ argv }) => argv.includes('up') && argv.includes('app'))
    expect(app.map(({ config }) => config)).toEqual([process.env.DOCKER_CONFIG ?? ''])
  }, 180_000)
})

describe('where nothing private is pulled', () => {
  it('there is no login, and nobody has another configuration', async () => {
    const { shim, env } = await openDocker()
    const before = cloud.calls().length
    await using checkout = await openCheckout('small', { config: { ...byRole, registries: [east] } })
    const ended = await pce(checkout, ['run'], env)
    expect([ended.exitCode, Object.keys(ends(ended))]).toEqual([0, expect.not.arrayContaining(['login:pull'])])
    expect((await byLogin(shim, ended)).with).toEqual([])
    expect(cloud.calls()).toHaveLength(before)
  }, 120_000)
})
