import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { UserError } from '../../src/errors.ts'
import { type DockerConfig, knowsHost, readOwn, renderAuths, withLogins } from '../../src/login/docker-config.ts'
import { renderRegctlConfig } from '../../src/registry/regctl.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

describe('the logins that Docker reads', () => {
  it('one for each host, Docker Hub under its old name', () => {
    const auth = base64('bot:pass:word')
    const hosts = ['ghcr.io', 'docker.io', '127.0.0.1:5000', ecr]
    expect(renderAuths([{ hosts, username: 'bot', password: 'pass:word' }])).toEqual({
      'ghcr.io': { auth },
      'https://index.docker.io/v1/': { auth },
      '127.0.0.1:5000': { auth },
      [ecr]: { auth },
    })
  })

  it('letters of any alphabet', () => {
    const { 'ghcr.io': made } = renderAuths([{ hosts: ['ghcr.io'], username: 'bot', password: 'größe€' }])
    expect(Buffer.from(made?.auth ?? '', 'base64').toString()).toBe('bot:größe€')
  })
})

describe("the user's configuration with logins", () => {
  const auth = base64('AWS:new')
  const login = { hosts: [ecr], username: 'AWS', password: 'new', expires: undefined }
  const cases: readonly { title: string; own: DockerConfig; made: DockerConfig }[] = [
    { title: 'nothing before', own: {}, made: { auths: { [ecr]: { auth } } } },
    {
      title: 'settings, contexts, plugins and other logins stay',
      own: {
        auths: { 'ghcr.io': { auth: 'b2xk' } },
        currentContext: 'rootless',
        HttpHeaders: { 'X-A': '1' },
        cliPluginsExtraDirs: ['/opt/plugins'],
      },
      made: {
        auths: { 'ghcr.io': { auth: 'b2xk' }, [ecr]: { auth } },
        currentContext: 'rootless',
        HttpHeaders: { 'X-A': '1' },
        cliPluginsExtraDirs: ['/opt/plugins'],
      },
    },
    {
      title: 'an old login for the host gives way',
      own: { auths: { [ecr]: { auth: 'b2xk' }, [`https://${ecr}`]: { auth: 'b2xk' } } },
      made: { auths: { [ecr]: { auth } } },
    },
    {
      title: 'a helper for the host would win over the login: it goes, those of other hosts stay',
      own: { credHelpers: { [ecr]: 'ecr-login', 'gcr.io': 'gcloud' } },
      made: { credHelpers: { 'gcr.io': 'gcloud' }, auths: { [ecr]: { auth } } },
    },
    {
      title: 'a store would be asked instead of the file: it goes',
      own: { credsStore: 'pass', auths: { 'ghcr.io': {} } },
      made: { auths: { 'ghcr.io': {}, [ecr]: { auth } }, credHelpers: { 'ghcr.io': 'pass' } },
    },
  ]
  it.each(cases)('$title', ({ own, made }) => {
    expect(withLogins(own, [login])).toEqual(made)
  })

  it.each<{ title: string; own: DockerConfig; host: string; knows: boolean }>([
    { title: 'a login', own: { auths: { [ecr]: {} } }, host: ecr, knows: true },
    { title: 'a login with a scheme', own: { auths: { [`https://${ecr}`]: {} } }, host: ecr, knows: true },
    { title: 'a helper', own: { credHelpers: { [ecr]: 'ecr-login' } }, host: ecr, knows: true },
    { title: 'Docker Hub', own: { auths: { 'https://index.docker.io/v1/': {} } }, host: 'docker.io', knows: true },
    { title: 'a store of credentials, which may not', own: { credsStore: 'pass' }, host: ecr, knows: false },
    { title: 'a store that makes logins for ECR', own: { credsStore: 'ecr-login' }, host: ecr, knows: true },
    { title: 'that store, for another host', own: { credsStore: 'ecr-login' }, host: 'ghcr.io', knows: false },
    { title: 'nothing', own: {}, host: ecr, knows: false },
    { title: 'a name that every object has', own: {}, host: 'constructor', knows: false },
  ])('knows a host by $title: $knows', ({ own, host, knows }) => {
    expect(knowsHost(own, host)).toBe(knows)
  })
})

describe('reading the own configuration', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docker-config-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('one that is not there is empty', async () => {
    expect(await readOwn({ DOCKER_CONFIG: join(folder, 'none') })).toEqual({})
  })

  it.each([
    ['an empty file', '\n', {}],
    ['what is not set', '{ "auths": null, "credHelpers": null, "credsStore": "" }', { credsStore: '' }],
  ])('may be %s, as for Docker', async (_, text, config) => {
    await writeFile(join(folder, 'config.json'), text)
    expect(await readOwn({ DOCKER_CONFIG: folder })).toEqual(config)
  })

  it('is told apart from what can not be read', async () => {
    const told = (path: string) => readOwn({ DOCKER_CONFIG: path }).catch((error: UserError) => error.message)
    await mkdir(join(folder, 'odd/config.json'), { recursive: true })
    await writeFile(join(folder, 'file'), '{}')
    expect([await told(join(folder, 'odd')), await told(join(folder, 'file'))]).toEqual([
      `${folder}/odd/config.json is a folder, where Docker has its configuration in a file: remove it, or set DOCKER_CONFIG`,
      `${folder}/file/config.json can't be there: DOCKER_CONFIG names the folder of config.json, not the file`,
    ])
  })

  it.each(['{', '[]', '{"auths":[]}', '{"credsStore":1}'])('%s is named, not quoted', async text => {
    await writeFile(join(folder, 'config.json'), text)
    const refused = await readOwn({ DOCKER_CONFIG: folder }).catch((error: UserError) => [error.name, error.message])
    expect(refused).toEqual([
      'UserError',
      `${join(folder, 'config.json')} is not a Docker configuration: mend or remove it`,
    ])
  })
})

it('hosts on the loopback speak plain HTTP with regctl, all others TLS', () => {
  const plain = ['127.0.0.1:32768', 'localhost:5000', '[::1]:5000', '127.8.9.1']
  const others = ['ghcr.io', 'localhost.example.com', '127.0.0.1.example.com', '10.0.0.1:5000']
  expect(JSON.parse(renderRegctlConfig([...plain, ...others]))).toEqual({
    hosts: Object.fromEntries(plain.map(host => [host, { tls: 'disabled', hostname: host }])),
  })
})
