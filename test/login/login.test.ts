import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { renderDockerConfig, writeLogin } from '../../src/login/login.ts'
import { renderRegctlConfig } from '../../src/registry/regctl.ts'
import { readJournal } from '../../src/run/journal.ts'
import type { Scope } from '../../src/task/scope.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('the configuration that Docker reads', () => {
  it('a login for each host, Docker Hub under its old name', () => {
    const registries = ['ghcr.io', 'docker.io', '127.0.0.1:5000', '123456789012.dkr.ecr.eu-west-1.amazonaws.com']
    const auth = base64('bot:pass:word')
    expect(JSON.parse(renderDockerConfig(registries, { username: 'bot', password: 'pass:word' }))).toEqual({
      auths: {
        'ghcr.io': { auth },
        'https://index.docker.io/v1/': { auth },
        '127.0.0.1:5000': { auth },
        '123456789012.dkr.ecr.eu-west-1.amazonaws.com': { auth },
      },
    })
  })
  it('letters of any alphabet', () => {
    const { auths } = JSON.parse(renderDockerConfig(['ghcr.io'], { username: 'bot', password: 'größe€' }))
    expect(Buffer.from(auths['ghcr.io'].auth, 'base64').toString()).toBe('bot:größe€')
  })
  it('nobody is asked but this file: no credsStore, no credHelpers', () => {
    expect(Object.keys(JSON.parse(renderDockerConfig([], { username: 'a', password: 'b' })))).toEqual(['auths'])
  })
})

describe('the configuration that regctl reads', () => {
  const plain = (host: string) => ({ tls: 'disabled', hostname: host })
  it('hosts on the loopback speak plain HTTP, all others TLS', () => {
    const hosts = [
      '127.0.0.1:32768',
      'localhost:5000',
      '[::1]:5000',
      '127.8.9.1',
      'ghcr.io',
      'localhost.example.com',
      '127.0.0.1.example.com',
      '10.0.0.1:5000',
    ]
    expect(JSON.parse(renderRegctlConfig(hosts))).toEqual({
      hosts: Object.fromEntries(
        ['127.0.0.1:32768', 'localhost:5000', '[::1]:5000', '127.8.9.1'].map(host => [host, plain(host)]),
      ),
    })
  })
})

describe('a login', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'login-'))
  })
  afterEach(() => rm(directory, { recursive: true }))
  const masked: string[] = []
  const scope = () =>
    ({ run: { id: 'x', directory }, mask: (secret: string) => masked.push(secret) }) as unknown as Scope

  it('is masked, written down before it is made, and for this user alone', async () => {
    masked.length = 0
    const login = await writeLogin(['ghcr.io'], { username: 'bot', password: 'pass word' }, scope())
    const folder = join(directory, 'private', 'login')
    expect(login).toEqual({ folder, registries: ['ghcr.io'] })
    expect(masked).toEqual(['pass word', base64('bot:pass word')])
    expect(await readJournal(directory)).toEqual([{ kind: 'credentials', name: folder }])
    expect((await stat(join(folder, 'config.json'))).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toEqual({
      auths: { 'ghcr.io': { auth: base64('bot:pass word') } },
    })
  })

  it("without credentials nothing is written: the user's own configuration serves", async () => {
    expect(await writeLogin(['ghcr.io'], undefined, scope())).toEqual({ folder: undefined, registries: ['ghcr.io'] })
    expect(await readJournal(directory)).toEqual([])
  })
})
