import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { type Ecr, openEcr } from './ecr.ts'
import { rawClient } from './raw.ts'

let ecr: Ecr
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pce-ecr-clients-'))
  ecr = await openEcr({ repositories: ['acme/web', 'acme/release'], immutable: ['acme/web', 'acme/release'] })
}, 90_000)
afterAll(async () => {
  await ecr[Symbol.asyncDispose]()
  await rm(home, { recursive: true })
})

/** Runs a client with its own configuration: the user's stays as it is. */
const run = (argv: readonly [string, ...string[]], input = '') =>
  execa(argv[0], argv.slice(1), {
    input,
    reject: false,
    all: true,
    env: { DOCKER_CONFIG: home, REGCTL_CONFIG: join(home, 'regctl.json') },
  })
const succeed = async (...parameters: Parameters<typeof run>) => {
  const { failed, escapedCommand, all = '' } = await run(...parameters)
  if (failed)
    throw new Error(`${escapedCommand}
${all}`)
  return all
}

describe('docker', () => {
  const login = (password: string) =>
    run(['docker', 'login', '--username', 'AWS', '--password-stdin', ecr.host], password)

  it('logs in', async () => {
    expect(await login(ecr.token)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Login Succeeded') })
    const { auths } = JSON.parse(await readFile(join(home, 'config.json'), 'utf8'))
    expect(Object.keys(auths)).toEqual([ecr.host])
  })

  it('does not log in with a password of elsewhere', async () => {
    expect(await login('wrong')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('400 Bad Request') })
  })

  it('pushes and pulls, and repeats what ECR says', async () => {
    const v1 = `${ecr.host}/acme/web:docker`
    await importImage(v1, 'one')
    await succeed(['docker', 'push', v1])
    const { digest } = await ecr.manifest('acme/web', 'docker')
    await succeed(['docker', 'rmi', v1])
    expect(await succeed(['docker', 'pull', v1])).toContain(digest)

    await importImage(v1, 'two')
    expect((await run(['docker', 'push', v1])).all).toContain('cannot be overwritten because the tag is immutable')
    const unknown = `${ecr.host}/acme/api:docker`
    await importImage(unknown, 'one')
    const refused = await run(['docker', 'push', unknown])
    expect(refused.all).toContain("The repository with name 'acme/api' does not exist in the registry")
    await succeed(['docker', 'rmi', v1, unknown])
  }, 120_000)

  async function importImage(name: string, content: string) {
    await writeFile(join(home, 'content'), content)
    await succeed(['tar', '--create', '--file', join(home, 'layer.tar'), '--directory', home, 'content'])
    await succeed(['docker', 'import', join(home, 'layer.tar'), name])
  }
})

describe('regctl', () => {
  it('logs in, copies by mounting, and repeats what ECR says', async () => {
    await succeed(['regctl', 'registry', 'set', '--tls', 'disabled', ecr.host])
    await succeed(['regctl', 'registry', 'login', '--user', 'AWS', '--pass-stdin', ecr.host], ecr.token)
    await rawClient(ecr.host, ecr.token).image('acme/web', 'built', 'content')
    const before = ecr.writes().length

    await succeed(['regctl', 'image', 'copy', `${ecr.host}/acme/web:built`, `${ecr.host}/acme/release:v1`])
    const writes = ecr.writes().slice(before)
    expect(writes.map(({ method, status }) => [method, status])).toEqual([
      ['POST', 201],
      ['POST', 201],
      ['PUT', 201],
    ])
    expect((await ecr.manifest('acme/release', 'v1')).digest).toBe((await ecr.manifest('acme/web', 'built')).digest)

    await rawClient(ecr.host, ecr.token).image('acme/web', 'other', 'other content')
    const refused = await run(['regctl', 'image', 'copy', `${ecr.host}/acme/web:other`, `${ecr.host}/acme/release:v1`])
    expect(refused).toMatchObject({ exitCode: 1, all: expect.stringContaining('the tag is immutable') })
  }, 60_000)
})
