import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { bakeImages } from '../../src/build/bake-images.ts'
import type { Build } from '../../src/build/build.ts'
import { buildConfigSchema } from '../../src/build/config.ts'
import { resolveContexts } from '../../src/build/context.ts'
import { openSecrets, secretIds, secretVariables } from '../../src/build/secrets.ts'
import { cacheConfigSchema } from '../../src/cache/config.ts'
import { UserError } from '../../src/errors.ts'
import type { Scope } from '../../src/task/scope.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pce-secrets-'))
  await mkdir(join(folder, 'folder'))
  await writeFile(join(folder, 'binary'), Buffer.from([0, 255, 10, 13, 32]))
  await writeFile(join(folder, 'text'), ' line one \nline two\r\n')
  await writeFile(join(folder, 'empty'), '')
  await writeFile(join(folder, 'huge'), Buffer.alloc(512_001, 'x'))
})
afterAll(() => rm(folder, { recursive: true }))

type Environment = Readonly<Record<string, string>>

interface Opened {
  readonly scope: Scope
  readonly said: string[]
  readonly masked: string[]
}

function scopeWith(secrets: Environment = {}, env: Environment = {}, rights: Environment = {}): Opened {
  const [said, masked]: string[][] = [[], []]
  const scope: Scope = {
    run: { id: '0a1b2c3d', directory: '/runs/0a1b2c3d' },
    context: folder,
    newmanWorker: '',
    env,
    rights,
    signal: new AbortController().signal,
    secret: name => secrets[name],
    credentials: () => undefined,
    say: line => said?.push(line),
    mask: secret => masked?.push(secret),
  }
  return { scope, said: said ?? [], masked: masked ?? [] }
}

const none = { context: '.', secrets: [] }
const reasonOf = async (config: Parameters<typeof openSecrets>[0], { scope }: Opened): Promise<string> => {
  const error = await openSecrets(config, scope).catch((thrown: unknown) => thrown)
  return error instanceof UserError ? error.message : `no UserError: ${String(error)}`
}

describe('secrets of a build are opened', () => {
  it('as they are, under names that no program has', async () => {
    const { scope } = scopeWith({ NPM: ' a\nb\n', OTHER: 'ü' })
    const config = { ...none, secrets: ['NPM'], 'secret-envs': { PATH: 'OTHER' } }
    expect(await openSecrets(config, scope)).toEqual({
      config,
      env: { PCE_SECRET_NPM: ' a\nb\n', PCE_SECRET_PATH: 'ü' },
      values: new Map([
        ['NPM', Buffer.from(' a\nb\n')],
        ['PATH', Buffer.from('ü')],
      ]),
    })
    expect(secretVariables(config)).toEqual(['NPM', 'OTHER'])
  })

  it('from files, where text is masked, and bytes can be in no log', async () => {
    const { scope, masked } = scopeWith()
    const opened = await openSecrets({ ...none, 'secret-files': { b: 'binary', t: join(folder, 'text') } }, scope)
    expect([opened.env, [...opened.values]]).toEqual([
      {},
      [
        ['b', Buffer.from([0, 255, 10, 13, 32])],
        ['t', Buffer.from(' line one \nline two\r\n')],
      ],
    ])
    expect(masked).toEqual([' line one \nline two\r\n'])
  })

  it('without those that are empty and may be', async () => {
    const { scope, said } = scopeWith({ B: 'value', C: '' })
    const config = {
      ...none,
      secrets: ['A?', 'B?'],
      'secret-envs': { 'c?': 'C' },
      'secret-files': { 'd?': 'nowhere', 'e?': 'empty', f: 'text' },
    }
    const opened = await openSecrets(config, scope)
    expect(opened.config).toEqual({ ...none, secrets: ['B?'], 'secret-envs': {}, 'secret-files': { f: 'text' } })
    expect(opened.env).toEqual({ PCE_SECRET_B: 'value' })
    expect(said).toEqual(['A', 'c', 'd', 'e'].map(id => `Left out the secret ${id}: it is empty, and optional`))
  })

  it('where one is from is no part of the question', () => {
    const ids = ['A', 'B?', 'c']
    expect(secretIds({ ...none, secrets: ['c', 'A', 'B?'] })).toEqual(ids)
    expect(secretIds({ ...none, 'secret-envs': { A: 'X' }, 'secret-files': { 'B?': 'y', c: 'z' } })).toEqual(ids)
  })
})

describe('secrets that can not be', () => {
  it.each([
    {
      title: 'empty',
      config: { ...none, secrets: ['NPM_TOKEN'] },
      error:
        "build.secrets: the secret NPM_TOKEN is empty\nSet the environment variable NPM_TOKEN (on GitHub: env: { NPM_TOKEN: a secret }); forks' pull requests get no secrets. One that may be empty is written NPM_TOKEN?.",
    },
    {
      title: 'an empty value of the input',
      config: { ...none, 'secret-envs': { 'npm-rc': 'BUILD_SECRET_npm_rc' } },
      error:
        "build.secrets: the secret npm-rc is empty\nGive this step a value for it (secrets: npm-rc=…); forks' pull requests get no secrets. One that may be empty is written npm-rc?=…",
    },
    {
      title: 'no file',
      config: { ...none, 'secret-files': { k: 'nowhere' } },
      error:
        'build.secret-files: the file of the secret k is not there: FOLDER/nowhere\nWrite it in an earlier step, or make the secret optional: k?=nowhere',
    },
    {
      title: 'a folder',
      config: { ...none, 'secret-files': { 'k?': 'folder' } },
      error:
        "build.secret-files: the file of the secret k can't be read (EISDIR): FOLDER/folder\nWrite it in an earlier step, or make the secret optional: k?=folder",
    },
    {
      title: 'an empty file',
      config: { ...none, 'secret-files': { k: 'empty' } },
      error: 'build.secret-files: the file of the secret k is empty: empty\nOne that may be empty is written k?=empty',
    },
    {
      title: 'a large file',
      config: { ...none, 'secret-files': { k: 'huge' } },
      error: 'build.secret-files: the secret k has 512001 bytes; BuildKit takes at most 512000',
    },
    {
      title: 'more than an environment holds',
      config: { ...none, secrets: ['BIG'] },
      error:
        'build.secrets: the secret BIG has 131000 bytes, more than an environment holds\nWrite it to a file, and name that: secret-files: BIG=path',
    },
    {
      title: 'an SSH agent that is not there',
      config: { ...none, ssh: ['default'] },
      error:
        'build.ssh: default is the SSH agent, and SSH_AUTH_SOCK is not set\nStart one first (eval "$(ssh-agent)"; ssh-add), or name a key: ssh: default=path',
    },
    {
      title: 'an id without a key',
      config: { ...none, ssh: ['git'] },
      error: 'build.ssh: git has no key\nName it: ssh: git=path',
    },
    {
      title: 'a key that is not there',
      config: { ...none, ssh: ['git=text,key'] },
      error: 'build.ssh: there is no key or socket FOLDER/key for git',
    },
  ])('$title', async ({ config, error }) => {
    const reason = await reasonOf(config, scopeWith({ BIG: 'x'.repeat(131_000) }))
    expect(reason.replaceAll(folder, 'FOLDER')).toBe(error)
  })
})

// Linux alone shows processes as files.
const onLinux = process.platform === 'linux' ? describe : describe.skip
onLinux('what shows a build the environment of processes', () => {
  beforeAll(async () => {
    await symlink('/proc/self', join(folder, 'link'))
    await symlink('/proc/self/environ', join(folder, 'secret'))
  })
  const environment = /^\/proc\/\d+\/environ$/
  it.each([
    ['a secret', 'build.secret-files', { ...none, 'secret-files': { a: '/proc/self/environ' } }, environment],
    ['a secret that is a link', 'build.secret-files', { ...none, 'secret-files': { 'a?': 'secret' } }, environment],
    ['a context that is a link', 'build.context', { ...none, context: 'link' }, /^\/proc\/\d+$/],
    ['a Dockerfile below a link', 'build.file', { ...none, file: 'link/environ' }, environment],
    ['a context with a name', 'build.build-contexts', { ...none, 'build-contexts': { all: '/proc' } }, /^\/proc$/],
    ['the context that holds it', 'build.build-contexts', { ...none, 'build-contexts': { all: '/' } }, /^\/$/],
    ['a key', 'build.ssh', { ...none, ssh: ['a=text,link/environ'] }, environment],
  ])('%s', async (_, key, config, real) => {
    const { scope, masked } = scopeWith()
    const reason = await reasonOf(config, { scope, masked, said: [] })
    const [, name, found] = /^(\S+): \S+ leads to (\S+), where the environment of every process/.exec(reason) ?? [
      reason,
    ]
    expect([name, found, masked]).toEqual([key, expect.stringMatching(real), []])
  })

  it('a context of a bake', async () => {
    const scope = { ...scopeWith().scope, run: { id: '0a1b2c3d', directory: join(folder, 'run') } }
    const target = { context: '.', dockerfile: 'Dockerfile', contexts: { all: 'link' } }
    const builder = { name: 'none', driver: 'docker', stages: 'tag', platforms: [] } as const
    const build: Build = {
      ...{ name: 'web', image: 'acme/web', target: 'web', platform: 'native', ships: true },
      ...{ labels: {}, annotations: {}, repositories: [], shared: [], exports: 1 },
      config: buildConfigSchema.parse({}),
      cache: cacheConfigSchema.parse({ type: 'none' }),
    }
    const request = { targets: { web: target }, builds: [build] as const, platform: 'native', allow: [] }
    const solved = bakeImages(request, { builder, staging: { host: '127.0.0.1:1' } }, scope)
    await expect(solved).rejects.toThrow(/^build\.build-contexts: link leads to \/proc\/\d+, where/)
  })
})

describe('the token of the job', () => {
  const git = (context: string, server?: string) => async () => {
    const { scope } = scopeWith({}, server === undefined ? {} : { GITHUB_SERVER_URL: server }, {
      PCE_GITHUB_TOKEN: 't',
    })
    return (await openSecrets({ ...none, context }, scope)).env
  }
  it.each([
    [
      'a Git context on GitHub',
      git('https://github.com/acme/web.git#main'),
      { 'PCE_SECRET_GIT_AUTH_TOKEN.github.com': 't' },
    ],
    [
      "on a GitHub of one's own",
      git('https://git.acme.example/acme/web.git', 'https://git.acme.example'),
      { 'PCE_SECRET_GIT_AUTH_TOKEN.git.acme.example': 't' },
    ],
    ['another host', git('https://gitlab.com/acme/web.git'), {}],
    ['a host that begins like it', git('https://github.com.evil.example/acme/web.git'), {}],
    ['a user that is called like it', git('https://github.com@evil.example/acme/web.git'), {}],
    ['by SSH', git('git@github.com:acme/web.git'), {}],
    ['a folder', git('.'), {}],
  ])('%s', async (_, open, env) => {
    expect(await open()).toEqual(env)
  })
})

describe('{{defaultContext}}', () => {
  const resolve = (context: string, env: Environment) => resolveContexts({ context }, { context: folder, env })
  const github = {
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'acme/web',
    GITHUB_SHA: 'c'.repeat(40),
    GITHUB_REF: 'refs/heads/main',
  }

  it('is the repository on GitHub at the commit', async () => {
    const url = `https://github.com/acme/web.git#${'c'.repeat(40)}`
    expect((await resolve('{{defaultContext}}', github)).context).toBe(url)
    expect((await resolve('{{ defaultContext }}:app', github)).context).toBe(`${url}:app`)
    const server = { ...github, GITHUB_SERVER_URL: 'https://git.acme.example' }
    expect((await resolve('{{defaultContext}}', server)).context).toBe(
      `https://git.acme.example/acme/web.git#${'c'.repeat(40)}`,
    )
    expect(
      await resolveContexts(
        { context: '.', 'build-contexts': { docs: '{{defaultContext}}:docs' } },
        { context: folder, env: github },
      ),
    ).toEqual({
      context: '.',
      'build-contexts': { docs: `${url}:docs` },
    })
  })

  it('is without the token that a clone left in its address', async () => {
    const git = (...argv: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...argv])
    git('init', '--quiet')
    git('remote', 'add', 'origin', 'https://x-access-token:t0ken@git.acme.example/acme/web.git')
    git('commit', '--quiet', '--allow-empty', '--message', 'a')
    const { context } = await resolve('{{defaultContext}}', { PATH: process.env.PATH ?? '' })
    expect(context).toMatch(/^https:\/\/git\.acme\.example\/acme\/web\.git#[0-9a-f]{40}$/)
  })

  it('says what to do where nobody knows it', async () => {
    const error = await resolve('{{defaultContext}}', {}).catch((thrown: unknown) => thrown)
    expect(error instanceof UserError && error.message).toBe(
      'build.context: {{defaultContext}} is this repository on its Git host, and its address is not known here\nAdd the remote origin (git remote add origin URL), or name the URL in its place.',
    )
  })
})
