import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { writeWhole } from '../../src/disk/files.ts'
import { OutsideError, UserError } from '../../src/errors.ts'
import { removeLogins } from '../../src/run/close.ts'
import { scrub } from '../../src/run/environment.ts'
import { readJournal, writeDown } from '../../src/run/journal.ts'
import { readOverrides, writeOverrides } from '../../src/run/kept.ts'
import {
  baseOf,
  enter,
  findRun,
  forget,
  isAlive,
  labelsOf,
  openRun,
  projectOf,
  readState,
  writeState,
} from '../../src/run/run.ts'
import { planStaging } from '../../src/run/staging.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'run-'))
})
afterEach(() => rm(base, { recursive: true }))

describe('where runs live', () => {
  const cases: readonly [string, Record<string, string | undefined>, string][] = [
    ['/repo/web', { RUNNER_TEMP: '/runner/_temp', XDG_STATE_HOME: '/state' }, '/runner/_temp/pce/web-f6a32779'],
    ['/other/web', { RUNNER_TEMP: '/runner/_temp' }, '/runner/_temp/pce/web-89eea9d2'],
    ['/repo/web', { RUNNER_TEMP: 'reltmp', XDG_STATE_HOME: '/state' }, '/state/pce/web-f6a32779'],
    ['/repo/web', { RUNNER_TEMP: '/repo/web/tmp', XDG_STATE_HOME: '/state' }, '/state/pce/web-f6a32779'],
    ['/repo/web', { RUNNER_TEMP: '/repo/web2', XDG_STATE_HOME: '/state' }, '/repo/web2/pce/web-f6a32779'],
    ['/repo/web', { XDG_STATE_HOME: 'state' }, join(homedir(), '.local/state/pce/web-f6a32779')],
    ['/repo/web', { XDG_STATE_HOME: '/state' }, '/state/pce/web-f6a32779'],
    ['/other/web', { XDG_STATE_HOME: '/state' }, '/state/pce/web-89eea9d2'],
    ['/repo/web', { RUNNER_TEMP: '', XDG_STATE_HOME: '' }, join(homedir(), '.local/state/pce/web-f6a32779')],
    ['/repo/web', {}, join(homedir(), '.local/state/pce/web-f6a32779')],
  ]
  it.each(cases)('%s with %j: %s', (context, env, expected) => {
    expect(baseOf(context, env)).toBe(expected)
  })

  it('a name for each checkout, never in it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^(\/[a-z .]{1,8}){1,4}$/), { minLength: 2, maxLength: 2 }),
        ([a = '', b = '']) => {
          const env = { XDG_STATE_HOME: '/state' }
          return baseOf(a, env) !== baseOf(b, env) && !baseOf(a, env).startsWith(`${a}/`)
        },
      ),
    )
  })
})

describe('opening and joining', () => {
  it('a run has a folder, eight hex digits, and a state that names this process', async () => {
    const run = await openRun(base, { shared: false })
    expect(run).toEqual({ id: expect.stringMatching(/^[0-9a-f]{8}$/), directory: join(base, run.id) })
    expect(await readState(run.directory)).toEqual({
      id: run.id,
      pid: process.pid,
      opened: expect.stringMatching(/^\d{4}-.*Z$/),
      open: true,
    })
    expect((await stat(join(run.directory, 'logs'))).isDirectory()).toBe(true)
    expect(labelsOf(run)).toEqual({ 'dev.pce.run': run.id, 'dev.pce.base': base })
    expect(projectOf(run.id)).toBe(`pce-${run.id}`)
  })

  it('only a shared run is found, the last one', async () => {
    expect(await findRun(base)).toBeUndefined()
    await openRun(base, { shared: false })
    expect(await findRun(base)).toBeUndefined()
    await openRun(base, { shared: true })
    const last = await openRun(base, { shared: true })
    await openRun(base, { shared: false })
    expect(await findRun(base)).toEqual(last)
  })

  it('a run that was closed, or whose folder is gone, is not found', async () => {
    const closed = await openRun(base, { shared: true })
    const state = await readState(closed.directory)
    if (state === undefined) throw new Error('no state')
    await writeState(closed.directory, { ...state, open: false })
    expect(await findRun(base)).toBeUndefined()
    const gone = await openRun(base, { shared: true })
    await rm(gone.directory, { recursive: true })
    expect(await findRun(base)).toBeUndefined()
    await writeFile(join(base, 'current'), '\n')
    expect(await findRun(base)).toBeUndefined()
  })

  it('forgetting a run forgets no other', async () => {
    const [old, last] = [await openRun(base, { shared: true }), await openRun(base, { shared: true })]
    await forget(base, old.id)
    expect(await findRun(base)).toEqual(last)
    await forget(base, last.id)
    await forget(base, last.id)
    expect(await findRun(base)).toBeUndefined()
  })

  it('who enters a run is its process from then on', async () => {
    const run = await openRun(base, { shared: true })
    const state = await readState(run.directory)
    if (state === undefined) throw new Error('no state')
    await writeState(run.directory, { ...state, pid: 1 })
    await enter(run)
    expect(await readState(run.directory)).toEqual({ ...state, pid: process.pid })
    await expect(enter({ id: 'x', directory: join(base, 'x') })).rejects.toThrow(
      new UserError(`${join(base, 'x')} is not a run: there is no state.json in it`),
    )
  })

  it('a process is alive until it has ended', async () => {
    const child = spawn('sleep', ['60'])
    expect([isAlive(process.pid), isAlive(1), isAlive(child.pid ?? 0)]).toEqual([true, true, true])
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isAlive(child.pid ?? 0)).toBe(false)
  })

  it('what earlier commands said is kept', async () => {
    const overrides = [{ path: ['build', 'target'], text: 'prod', from: '--build.target' }]
    expect(await readOverrides(base)).toEqual([])
    await writeOverrides(base, overrides)
    expect(await readOverrides(base)).toEqual(overrides)
  })
})

describe('the journal', () => {
  const project = { kind: 'project', name: 'pce-0a1b2c3d' } as const
  const builder = { kind: 'builder', name: 'pce-0a1b2c3d' } as const

  it('gives what was made, last first', async () => {
    expect(await readJournal(base)).toEqual([])
    await writeDown(base, project)
    await writeDown(base, builder)
    expect(await readJournal(base)).toEqual([builder, project])
  })

  it('a line that a crash cut is left out, and takes no other with it', async () => {
    await writeDown(base, project)
    await appendFile(join(base, 'made.jsonl'), '{"kind":"buil')
    expect(await readJournal(base)).toEqual([project])
    await writeDown(base, builder)
    expect(await readJournal(base)).toEqual([builder, project])
  })

  it('lines that are something else are left out', async () => {
    await appendFile(join(base, 'made.jsonl'), '\n[]\nnull\n{"kind":"file","name":"/"}\n{"kind":"project"}\n')
    await writeDown(base, project)
    expect(await readJournal(base)).toEqual([project])
  })

  it('many at once are all there', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `pce-${n}`)
    await Promise.all(names.map(name => writeDown(base, { kind: 'project', name })))
    expect((await readJournal(base)).map(({ name }) => name).sort()).toEqual(names.sort())
  })

  it('logins go by it, and nothing else does', async () => {
    const folder = join(base, 'private', 'login')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'config.json'), '{}')
    await writeFile(join(base, 'private', 'services.json'), '{}')
    await writeDown(base, project)
    await writeDown(base, { kind: 'credentials', name: folder })
    await removeLogins({ id: 'x', directory: base })
    await expect(stat(folder)).rejects.toThrow('ENOENT')
    expect(await readFile(join(base, 'private', 'services.json'), 'utf8')).toBe('{}')
  })
})

describe('writing a file', () => {
  it('makes its folders, and keeps to its mode', async () => {
    const path = join(base, 'a', 'b', 'secret.json')
    await writeWhole(path, 'one', 0o600)
    await writeWhole(path, 'two', 0o600)
    expect(await readFile(path, 'utf8')).toBe('two')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('where it can not, it is something outside', async () => {
    await writeFile(join(base, 'file'), '')
    const path = join(base, 'file', 'part.json')
    await expect(writeWhole(path, 'x')).rejects.toThrow(OutsideError)
    await expect(writeWhole(path, 'x')).rejects.toThrow(`can't write ${path}: `)
  })
})

describe('the environment for programs', () => {
  const kept = {
    PATH: '/usr/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
    CI: 'true',
    BUILDX_CONFIG: '/buildx',
    DOCKER_HOST: 'unix:///run/docker.sock',
    DOCKER_CONFIG: '/docker',
    TRIVY_DB_REPOSITORY: 'mirror.example.com/trivy-db',
    TRIVY_CACHE_DIR: '/cache',
    HTTPS_PROXY: 'http://proxy:3128',
    GITHUB_ACTIONS: 'true',
    GITHUB_SHA: 'c'.repeat(40),
    GITHUB_WORKSPACE: '/work',
    RUNNER_TEMP: '/temp',
    XDG_CACHE_HOME: '/cache',
    TOKENIZER: 'bpe',
    KEYBOARD: 'de',
    PASSWORDLESS: '1',
    PWD: '/work',
    OLDPWD: '/',
    COMPAT: '1',
    MIX_ENV: 'test',
    EMPTY: '',
    SSH_AUTH_SOCK: '/agent.sock',
    GIT_ASKPASS: '/askpass',
    XAUTHORITY: '/home/me/.Xauthority',
    XDG_SESSION_ID: '1',
    NODE_OPTIONS: '--no-warnings',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    COMPOSE_PATH_SEPARATOR: ':',
    COMPOSE_PROFILES: 'all',
    MIX_HOME: '/mix',
    npm_config_registry: 'https://npm.example.com',
    npm_config_userconfig: '/npmrc',
    TRIVY_SECRET_CONFIG: 'trivy-secret.yaml',
    TRIVY_TOKEN_HEADER: 'X-Trivy',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    MAX_TOKENS: '5',
    CACHE_KEY: 'v1',
    SIGNING_PUBLIC_KEY: 'x',
    MONKEY: '1',
    KEY_REPEAT: '1',
    BYPASS: '1',
    AUTH_URL: 'https://auth.example.com',
  }
  const dropped = [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_PROFILE',
    'AWS_REGION',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_RESULTS_URL',
    'ACTIONS_CACHE_URL',
    'INPUT_PASSWORD',
    'INPUT_BUILD-ARGS',
    'PCE_PASSWORD',
    'GITHUB_TOKEN',
    'GITHUB_ENV',
    'GITHUB_OUTPUT',
    'GITHUB_PATH',
    'GITHUB_STATE',
    'GITHUB_STEP_SUMMARY',
    'GH_TOKEN',
    'GH_ENTERPRISE_TOKEN',
    'DOCKER_AUTH_CONFIG',
    'NPM_TOKEN',
    'TOKEN',
    'CLIENT_SECRET',
    'SECRETS',
    'DB_PASSWORD',
    'PASSWORD',
    'PGPASSWORD',
    'PGPASSWORD_FILE',
    'MYSQL_PWD',
    'GITHUB_PAT',
    'SIGNING_PASSPHRASE',
    'SSH_PRIVATE_KEY',
    'API_KEY',
    'OPENAI_APIKEY',
    'GOOGLE_CREDENTIALS',
    'DEPLOY_KEY',
    'SIGNING_KEY',
    'SIGNING_KEY_FILE',
    'ACCESS_KEY',
    'STRIPE_KEY2',
    'KEY',
    'SSHKEY',
    'apiKey',
    'ID_RSA',
    'DEPLOY_ID_ED25519',
    'DOCKERHUB_PASS',
    'PASS',
    'DB_PWD',
    'GHTOKEN',
    'TOKEN2',
    'NODE_AUTH_TOKEN',
    'TRIVY_PASSWORD',
    'npm_config__authToken',
    'npm_config__auth',
    'npm_config_//registry.example.com/:_authToken',
    'FOO_AUTH',
    'AUTHORIZATION',
    'SLACK_WEBHOOK_URL',
    'SLACK_WEBHOOK',
    'SESSION_JWT',
    'github_token',
    'Aws_Secret_Access_Key',
  ]
  const all = { ...kept, ...Object.fromEntries(dropped.map(name => [name, 'x'])) }

  it('keeps what programs need', () => expect(scrub(all)).toMatchObject(kept))
  it.each(dropped)('drops %s', name => expect(scrub(all)).not.toHaveProperty([name]))
  it('drops the secrets that the configuration names, whatever they are called', () => {
    expect(scrub({ LICENCE: 'x', PATH: '/usr/bin' }, ['LICENCE'])).toEqual({ PATH: '/usr/bin' })
  })
  it('drops what is not set, and leaves what it was given alone', () => {
    const env = Object.freeze({ A: undefined, B: '1', NPM_TOKEN: 'x' })
    expect(scrub(env)).toEqual({ B: '1' })
  })
})

it('staging is a registry on a free port of the loopback, outside the network of the services', () => {
  expect(planStaging({ id: '0a1b2c3d', directory: '/runs/0a1b2c3d' })).toEqual({
    services: {
      'pce-staging': {
        image: 'registry:3',
        labels: { 'dev.pce.run': '0a1b2c3d', 'dev.pce.base': '/runs' },
        network_mode: 'bridge',
        ports: [{ target: 5000, host_ip: '127.0.0.1', protocol: 'tcp' }],
        environment: { OTEL_TRACES_EXPORTER: 'none', REGISTRY_LOG_LEVEL: 'warn' },
        tmpfs: ['/tmp'],
      },
    },
  })
})
