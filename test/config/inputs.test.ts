import { describe, expect, it } from '@jest/globals'
import { credentialsOf } from '../../src/config/credentials.ts'
import { type ActionName, actions, overridesOf } from '../../src/config/inputs.ts'
import { loginOf } from '../../src/config/login-inputs.ts'
import { shapeAt } from '../../src/config/shape.ts'
import type { UserError } from '../../src/errors.ts'
import { refusal } from './given.ts'

const names = Object.keys(actions)
const all = Object.entries(actions)

const aws =
  'role-to-assume aws-region role-session-name role-duration-seconds role-external-id role-chaining inline-session-policy managed-session-policies audience allowed-account-ids action-timeout-s'

describe('the table of inputs', () => {
  it('has the inputs that users know', () => {
    expect(
      Object.fromEntries(all.map(([name, { inputs }]) => [name, inputs.map(input => input.name).join(' ')])),
    ).toEqual({
      root: `config working-directory image platforms annotations push registries images tags flavor ${aws} create-repository username password pull-username pull-password`,
      build: `config working-directory image platforms annotations file context target build-args build-contexts secrets secret-envs secret-files ssh labels add-hosts allow attests provenance sbom call cgroup-parent for load network no-cache no-cache-filters outputs pull reproducible shm-size ulimit earthfile bake-files targets set vars cache-mounts cache cache-from cache-to cache-mode cache-scope cache-ref github-token job-status push registries images tags flavor ${aws} create-repository username password pull-username pull-password builder driver driver-opts endpoint append buildkitd-flags buildkitd-config buildkitd-config-inline qemu`,
      check: 'config working-directory only hadolint',
      scan: 'config working-directory block ignore-unfixed ignore source image',
      test: `config working-directory target run junit unit-timeout compose port ready service before ready-timeout collections environment base-url-variable min-requests min-assertions newman-timeout ${aws} pull-username pull-password`,
      push: `config working-directory registries images tags flavor ${aws} create-repository username password`,
      login: `registries ${aws} username password export-credentials`,
    })
  })

  it.each(all)(
    '%s: names are unique, each is described, and keys of pce.yml have no default that would win',
    (_, action) => {
      const inputNames = action.inputs.map(({ name }) => name)
      expect(new Set(inputNames).size).toBe(inputNames.length)
      expect([...action.inputs, ...action.outputs].filter(({ description }) => description.trim() === '')).toEqual([])
      expect(action.inputs.filter(input => input.path !== undefined && input.default !== undefined)).toEqual([])
      expect(action.inputs.filter(({ path }) => path !== undefined && shapeAt(path) === undefined)).toEqual([])
    },
  )

  it('tells defaults of the configuration in words', () => {
    const usual = all.flatMap(([, { inputs }]) =>
      inputs.flatMap(one => (one.usual === undefined ? [] : [[one.name, one.usual]])),
    )
    expect(Object.fromEntries(usual)).toEqual({
      config: 'pce.yml, if there is one',
      driver: 'auto',
      platforms: 'native',
      qemu: 'auto',
      tags: 'type=ref, type=sha',
      'role-chaining': 'false',
      audience: 'sts.amazonaws.com',
      'action-timeout-s': '60',
      'create-repository': 'false',
      context: '.',
      only: 'all of them',
      hadolint: 'true',
      block: 'high',
      'ignore-unfixed': 'false',
      source: 'true',
      image: 'true',
      'unit-timeout': '10 m',
      ready: '/',
      'ready-timeout': '60 s',
      'base-url-variable': 'baseUrl',
      'min-requests': '1',
      'min-assertions': '1',
      'newman-timeout': '5 m',
      cache: 'auto',
      'cache-mode': 'max',
    })
  })
})

describe('overridesOf', () => {
  const read = (given: Readonly<Record<string, string>>) => (name: string) => given[name]
  const given = {
    config: 'x',
    block: 'low',
    image: 'acme/web',
    port: '1',
    'newman-timeout': '1 m',
    push: 'true',
    username: 'u',
  }

  it.each<{ action: ActionName; overrides: readonly string[] }>([
    { action: 'root', overrides: ['image=acme/web (input image)'] },
    { action: 'build', overrides: ['image=acme/web (input image)'] },
    { action: 'check', overrides: [] },
    { action: 'scan', overrides: ['scan.block=low (input block)', 'scan.image=acme/web (input image)'] },
    { action: 'test', overrides: ['app.port=1 (input port)', 'newman.timeout=1 m (input newman-timeout)'] },
    { action: 'push', overrides: [] },
    { action: 'login', overrides: [] },
  ])('$action', ({ action, overrides }) => {
    const made = overridesOf(action, read(given), name => `input ${name}`)
    expect(made.map(({ path, text, from }) => `${path.join('.')}=${text} (${from})`)).toEqual(overrides)
  })

  it('knows every action', () => {
    expect(names).toEqual(['root', 'build', 'check', 'scan', 'test', 'push', 'login'])
  })
})

describe('credentials', () => {
  const inputs = (given: Readonly<Record<string, string>>) => ({
    read: (name: string) => given[name],
    from: (name: string) => `input ${name}`,
  })
  const pair = { username: 'me', password: 's3cret' }

  it('of the login action', async () => {
    expect(await loginOf(inputs({ ...pair, registries: 'ghcr.io\ndocker.io' }))).toEqual({
      ...pair,
      registries: ['ghcr.io', 'docker.io'],
      'export-credentials': 'false',
      section: {
        'role-chaining': false,
        'managed-session-policies': [],
        audience: 'sts.amazonaws.com',
        'allowed-account-ids': [],
        'action-timeout-s': 60,
        'create-repository': false,
      },
    })
  })

  it.each([
    {
      given: {},
      error: ['input registries  missing, expected text or a list'],
    },
    {
      given: { ...pair, registries: 'https://ghcr.io' },
      error: [
        'input registries  found "https://ghcr.io", expected a registry host such as ghcr.io, without a scheme or a path',
      ],
    },
  ])('of the login action, wrong: $given', async ({ given, error }) => {
    const refused = await loginOf(inputs(given)).catch(({ message }: UserError) => message)
    expect(String(refused).split('\n')).toEqual(error)
  })

  const push = { use: 'push', needed: true, advice: 'Do this.' } as const
  const pull = { ...push, use: 'pull' } as const

  it('of pulls', () => {
    const own = { 'pull-username': 'me', 'pull-password': 'x' }
    expect(credentialsOf(inputs({ ...pair, ...own }), pull)).toEqual({ username: 'me', password: 'x' })
    expect(credentialsOf(inputs(pair), pull)).toBeUndefined()
    expect(refusal(() => credentialsOf(inputs({ 'pull-password': 'x' }), pull))).toBe(
      'input pull-username: empty, while input pull-password is given\nDo this.',
    )
  })

  it('of a push', () => {
    expect([credentialsOf(inputs(pair), push), credentialsOf(inputs({}), push)]).toEqual([pair, undefined])
    expect(refusal(() => credentialsOf(inputs({ username: 'me' }), push))).toBe(
      'input password: empty, while input username is given\nDo this.',
    )
    expect(refusal(() => credentialsOf(inputs({ password: 'x' }), push))).toBe(
      'input username: empty, while input password is given\nDo this.',
    )
  })

  it('of a push that is not asked for: half a login is none', () => {
    const idle = { ...push, needed: false }
    expect([{}, { username: 'me' }, { password: 'x' }, pair].map(given => credentialsOf(inputs(given), idle))).toEqual([
      undefined,
      undefined,
      undefined,
      pair,
    ])
  })
})
