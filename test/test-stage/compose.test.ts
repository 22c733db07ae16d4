import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ComposeDocument, composeArgv } from '../../src/docker/compose.ts'
import { UserError } from '../../src/errors.ts'
import type { AppConfig, UnitConfig } from '../../src/test/config.ts'
import { namesOf, planApp, planServices, planUnit, renderDropped, templatesOf } from '../../src/test/document.ts'
import { renderServices, variablesOf } from '../../src/test/presets.ts'

const run = { id: '0a1b2c3d', directory: '/runs/0a1b2c3d' }
const labels = { 'dev.pce.run': '0a1b2c3d', 'dev.pce.base': '/runs' }
const reference = `127.0.0.1:32768/acme/web@sha256:${'a'.repeat(64)}`
const place = { run, reference, context: '/repo' }

/** As `docker compose config --format json` gives it: names filled in, `$` doubled, short forms written out. */
const document: ComposeDocument = {
  name: 'shortener',
  networks: { default: { name: 'shortener_default', ipam: {} }, shared: { name: 'proxy', external: true } },
  volumes: { data: { name: 'shortener_data' } },
  secrets: { pass: { name: 'shortener_pass', environment: 'PASS' } },
  services: {
    db: {
      image: 'postgres:17',
      container_name: 'my-db',
      environment: { POSTGRES_PASSWORD: 'pa$$word' },
      labels: { team: 'a', 'dev.pce.run': 'other' },
      ports: [{ mode: 'ingress', target: 5432, published: '5432', protocol: 'tcp' }],
      profiles: ['stores'],
      restart: 'unless-stopped',
      pull_policy: 'always',
      depends_on: { redis: { condition: 'service_healthy' } },
      links: ['redis'],
      post_start: [{ command: ['true'] }],
      pre_stop: [{ command: ['true'] }],
      networks: { default: null },
      volumes: [{ type: 'volume', source: 'data', target: '/var/lib/postgresql/data' }],
      tmpfs: ['/tmp'],
      healthcheck: { test: ['CMD', 'pg_isready'] },
    },
    app: {
      build: { context: '/repo', target: 'prod' },
      environment: { DATABASE_URL: 'postgres://db', PUBLIC_URL: 'http://localhost' },
      ports: [{ target: 4000, published: '4000', host_ip: '0.0.0.0' }],
      depends_on: { db: { condition: 'service_healthy' } },
      post_start: [{ command: ['bin/migrate'] }],
      command: ['node', 'main.ts'],
      read_only: true,
      cap_drop: ['ALL'],
    },
    check: { build: { context: '/repo', target: 'test-image' }, environment: { INTEGRATION: '1' }, profiles: ['test'] },
  },
}

describe('the services', () => {
  it('those without a build, with nothing by which two runs would meet', () => {
    expect(planServices(document, run)).toEqual({
      networks: { default: { ipam: {} }, shared: { name: 'proxy', external: true } },
      volumes: { data: {} },
      services: {
        db: {
          image: 'postgres:17',
          environment: { POSTGRES_PASSWORD: 'pa$$word' },
          labels: { team: 'a', ...labels },
          networks: { default: null },
          volumes: [{ type: 'volume', source: 'data', target: '/var/lib/postgresql/data' }],
          tmpfs: ['/tmp'],
          healthcheck: { test: ['CMD', 'pg_isready'] },
        },
        'pce-networks': { image: 'registry:3', deploy: { replicas: 0 }, networks: { default: null, shared: null } },
      },
    })
    expect(namesOf(document)).toEqual(['db'])
  })

  it('those with a build are kept aside, as they are', () => {
    expect(templatesOf(document)).toEqual({ app: document.services.app, check: document.services.check })
  })

  it('a document without services is one', () => {
    expect(planServices({ services: {} }, run)).toEqual({
      services: { 'pce-networks': { image: 'registry:3', deploy: { replicas: 0 }, networks: { default: null } } },
    })
  })
})

const app: AppConfig = { port: 4000, ready: '/', env: {}, timeout: 60_000 }
const ports = [{ target: 4000, host_ip: '127.0.0.1', protocol: 'tcp' }]

describe('the app', () => {
  const templates = templatesOf(document)

  it('runs as the Compose file says, from the image that ships, on a free port of the loopback', () => {
    expect(planApp({ ...app, before: ['bin/migrate'], env: { PUBLIC_URL: 'x' } }, templates, place)).toEqual({
      name: 'app',
      document: {
        services: {
          app: {
            image: reference,
            read_only: true,
            cap_drop: ['ALL'],
            environment: { DATABASE_URL: 'postgres://db', PUBLIC_URL: 'x' },
            labels,
            ports,
          },
        },
      },
      dropped: ['command'],
    })
  })

  it('does after its start what the Compose file says, unless something is done before it', () => {
    const [after, before] = [app, { ...app, before: 'true' }].map(
      config => planApp(config, templates, place).document.services.app,
    )
    expect([after?.post_start, before?.post_start]).toEqual([[{ command: ['bin/migrate'] }], undefined])
  })

  it('without a Compose file it is named app', () => {
    expect(planApp({ ...app, env: { A: '1' } }, {}, place)).toEqual({
      name: 'app',
      document: {
        services: { app: { image: reference, environment: { A: '1' }, labels, ports, post_start: undefined } },
      },
      dropped: [],
    })
    expect(planApp({ ...app, service: 'web' }, {}, place).name).toBe('web')
  })

  it('a service that is not built from source is not the app', () => {
    expect(() => planApp({ ...app, service: 'db' }, templates, place)).toThrow(
      new UserError('app.service: db is not a service with a build; those are: app, check'),
    )
  })
})

describe('the unit tests', () => {
  const unit: UnitConfig = { target: 'test-image', env: {}, timeout: 60_000 }

  it('run as the service whose build has their target', () => {
    expect(planUnit({ ...unit, env: { MIX_ENV: 'test' } }, templatesOf(document), place)).toEqual({
      name: 'check',
      document: {
        services: { check: { image: reference, environment: { INTEGRATION: '1', MIX_ENV: 'test' }, labels } },
      },
      dropped: [],
    })
  })

  it('else as the service test, else as a service of their own', () => {
    const test = { build: { target: 'other' }, environment: { A: '1' }, command: ['own'] }
    expect(planUnit({ ...unit, run: ['mix', 'test'] }, { test }, place)).toEqual({
      name: 'test',
      document: { services: { test: { image: reference, environment: { A: '1' }, labels, command: ['mix', 'test'] } } },
      dropped: [],
    })
    expect(planUnit({ ...unit, run: 'mix test' }, {}, place).document.services.test?.command).toEqual([
      'sh',
      '-c',
      'mix test',
    ])
  })
})

describe('what would run other code than the image ships', () => {
  const bind = (source: string, target: string) => ({ type: 'bind', source, target, bind: {} })
  const data = { type: 'volume', source: 'data', target: '/data' }
  const kept = { read_only: true, tmpfs: ['/tmp'], networks: { default: null }, secrets: [{ source: 'pass' }] }
  const build = { target: 'prod' }
  const volumes = [bind('/repo', '/app'), bind('/repo/conf', '/conf'), bind('/etc/hosts', '/h'), bind('/', '/r'), data]
  const template = {
    ...kept,
    build,
    volumes,
    entrypoint: ['node'],
    command: ['--watch', 'main.ts'],
    user: 'root',
    privileged: true,
    cap_add: ['ALL'],
    network_mode: 'host',
    working_dir: null,
  }

  it('is not taken for the app, and told', () => {
    const { document: planned, dropped } = planApp(app, { app: template }, place)
    expect(planned.services.app).toEqual({
      ...kept,
      image: reference,
      volumes: [data],
      environment: {},
      labels,
      ports,
      post_start: undefined,
    })
    expect(renderDropped(dropped)).toBe(
      'Not taken from the Compose file, since the image must run as it ships: volumes ./:/app, volumes ./conf:/conf, ' +
        'volumes /etc/hosts:/h, volumes /:/r, entrypoint, command, user, privileged, cap_add, network_mode',
    )
    expect(renderDropped([])).toBeUndefined()
  })

  it('of the unit tests it is the checkout in place of the source in their image', () => {
    const config: UnitConfig = { target: 'prod', env: {}, timeout: 1 }
    const { document: planned, dropped } = planUnit(config, { test: template }, place)
    expect(planned.services.test).toMatchObject({
      command: ['--watch', 'main.ts'],
      volumes: [bind('/etc/hosts', '/h'), data],
    })
    expect(dropped).toEqual(['volumes ./:/app', 'volumes ./conf:/conf', 'volumes /:/r'])
  })
})

it('names of the run are refused to services', () => {
  expect(() => planServices({ services: { 'pce-staging': { image: 'x' }, db: { image: 'y' } } }, run)).toThrow(
    new UserError("services: pce-staging: names that begin with pce- are the run's own; rename the service"),
  )
})

describe('services by name', () => {
  const services = {
    db: { image: 'postgres:17', env: { POSTGRES_DB: 'web' } },
    cache: { image: 'mirror.example.com/library/redis@sha256:0', env: {} },
    fast: { image: 'valkey/valkey:8', env: {} },
    mail: { image: 'axllent/mailpit', env: { MP_MAX: '1' } },
    fake: { image: 'acme/not-postgres', env: {} },
  }
  const health = { interval: '500ms', timeout: '2s', retries: 120 }
  const redis = { healthcheck: { test: ['CMD-SHELL', 'redis-cli ping | grep -q PONG'], ...health }, environment: {} }

  it('those that are known are started well without further words', () => {
    expect(renderServices(services)).toEqual({
      services: {
        db: {
          image: 'postgres:17',
          environment: { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'postgres', POSTGRES_DB: 'web' },
          tmpfs: ['/var/lib/postgresql/data'],
          healthcheck: { test: ['CMD', 'pg_isready', '-h', '127.0.0.1', '-U', 'postgres'], ...health },
        },
        cache: { image: 'mirror.example.com/library/redis@sha256:0', ...redis },
        fast: { image: 'valkey/valkey:8', ...redis },
        mail: { image: 'axllent/mailpit', environment: { MP_MAX: '1' } },
        fake: { image: 'acme/not-postgres', environment: {} },
      },
    })
  })

  it('and the app finds them', () => {
    expect(variablesOf(services)).toEqual({
      DATABASE_URL: 'postgres://postgres:postgres@db:5432/postgres',
      REDIS_URL: 'redis://fast:6379',
    })
    expect(variablesOf({})).toEqual({})
  })
})

describe('what Compose makes of it', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'compose-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** The document as Compose itself reads it back, with `$` single again. */
  async function read(written: ComposeDocument): Promise<ComposeDocument> {
    const file = join(folder, 'compose.json')
    await writeFile(file, JSON.stringify(written))
    const argv = composeArgv({ name: 'pce-0a1b2c3d', files: [file] }, 'config', '--format', 'json')
    const { stdout, stderr } = await promisify(execFile)('docker', [...argv])
    expect(stderr).not.toContain('is not set')
    return JSON.parse(stdout.replaceAll('$$', '$'))
  }

  const home = ['$', '{HOME}'].join('')
  const odd = { A: 'pa$word', B: home, C: '$$', D: '100%$', E: '"quoted" \\ \n two' }

  it('a command and values with $ in them arrive as they were written', async () => {
    const unit = planUnit({ target: 't', run: ['sh', '-c', `echo $HOME $$ ${home}`], env: odd, timeout: 1 }, {}, place)
    const { services } = await read(unit.document)
    expect([services.test?.command, services.test?.environment]).toEqual([['sh', '-c', `echo $HOME $$ ${home}`], odd])
    const started = await read(planApp({ ...app, env: odd }, {}, place).document)
    expect(started.services.app?.environment).toEqual(odd)
    const rendered = await read(planServices(renderServices({ db: { image: 'postgres:17', env: odd } }), run))
    expect(rendered.services.db?.environment).toMatchObject(odd)
  })

  it('the whole document is one that Compose takes, with networks and volumes of the run', async () => {
    const { networks, volumes, services } = await read(planServices(document, run))
    expect(networks).toMatchObject({
      default: { name: 'pce-0a1b2c3d_default' },
      shared: { name: 'proxy', external: true },
    })
    expect(volumes).toMatchObject({ data: { name: 'pce-0a1b2c3d_data' } })
    expect(Object.keys(services)).toEqual(['db', 'pce-networks'])
    expect(services.db?.ports).toBeUndefined()
  })
})
