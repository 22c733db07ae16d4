import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { east, role } from './support/hosts.ts'
import { authsOf, type Ended, type Job, openJob, writeOwn } from './support/job.ts'

let cloud: Cloud
let ecr: Ecr
beforeAll(async () => {
  cloud = await openCloud()
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(async () => {
  await cloud[Symbol.asyncDispose]()
  await ecr[Symbol.asyncDispose]()
})

/** True where a program is here and does its work. */
const works = async (...[program = '', ...argv]: readonly string[]): Promise<boolean> =>
  (await execa(program, argv, { reject: false })).exitCode === 0
const itSkopeo = (await works('skopeo', '--version')) ? it : it.skip
const itTraced = (await works('strace', '--output=/dev/null', 'true')) ? it : it.skip

/** A program of a later step. */
const program = (job: Job, { exported }: Pick<Ended, 'exported'>, [file = '', ...argv]: readonly string[]) => {
  const { DOCKER_HOST: host } = process.env
  const env = { PATH: process.env.PATH, HOME: job.home, XDG_RUNTIME_DIR: job.temp, ...(host && { DOCKER_HOST: host }) }
  return execa(file, argv, { env: { ...env, ...exported }, extendEnv: false, reject: false, all: true })
}

const docker = (job: Job, exported: Pick<Ended, 'exported'>, ...argv: readonly string[]) =>
  program(job, exported, ['docker', ...argv])

/** Links the CLI plugins of this machine's user into the home of a job. */
async function linkPlugins({ home }: Job): Promise<void> {
  const { stdout } = await execa('docker', ['info', '--format', '{{json .ClientInfo.Plugins}}'])
  await mkdir(join(home, '.docker/cli-plugins'), { recursive: true })
  for (const { Name, Path } of JSON.parse(stdout)) {
    await symlink(Path, join(home, '.docker/cli-plugins', `docker-${Name}`))
  }
}

const byPassword = (token: string) => ({ registries: ecr.host, username: 'AWS', password: token })

describe("the user's own configuration", () => {
  it('stays as it is, also where it may not be written', async () => {
    await using job = await openJob(cloud.env)
    const file = await writeOwn(job, { auths: { 'ghcr.io': { auth: 'b2xkOm9sZA==' } }, psFormat: 'table {{.ID}}' })
    await chmod(file, 0o400)
    await chmod(dirname(file), 0o500)
    const before = [await stat(file, { bigint: true }), await readFile(file, 'utf8')]
    const ended = await job.login({ with: { registries: east, 'role-to-assume': role } })
    expect(await authsOf(ended)).toEqual({ 'ghcr.io': 'old:old', [east]: 'AWS:PASSWORD' })
    await job.post(ended, ended.exported)
    const after = [await stat(file, { bigint: true }), await readFile(file, 'utf8')]
    const steady = ([one, text]: typeof after) => [typeof one === 'string' ? '' : [one?.ino, one?.mtimeNs], text]
    expect(steady(after)).toEqual(steady(before))
    await chmod(dirname(file), 0o700)
  })

  it('one that is broken is named, and no login is made', async () => {
    await using job = await openJob(cloud.env)
    const file = await writeOwn(job, {})
    await writeFile(file, '{ "auths": ')
    const { stdout, exitCode, exported } = await job.login({ with: byPassword(ecr.token) })
    expect([exitCode, stdout.split('\n').at(-1), exported]).toEqual([
      1,
      `::error::${file} is not a Docker configuration: mend or remove it`,
      {},
    ])
  })
})

describe("the user's own configuration, seen by the kernel", () => {
  itTraced(
    'is only ever read: by the login, by docker that pushes and pulls, by the post step',
    async () => {
      await using job = await openJob()
      const file = await writeOwn(job, { auths: { 'ghcr.io': { auth: 'b2xkOm9sZA==' } } })
      const image = `${ecr.host}/acme/web:traced`
      await writeFile(join(job.root, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n')
      await execa('docker', ['build', '--quiet', '--tag', image, job.root])
      const ended = await job.login({ with: byPassword(ecr.token), under: tracing(job, 'login') })
      for (const argv of [
        ['push', image],
        ['rmi', image],
        ['pull', image],
      ]) {
        const { exitCode } = await program(job, ended, [...tracing(job, `docker-${argv[0]}`), 'docker', ...argv])
        expect([argv, exitCode]).toEqual([argv, 0])
      }
      await execa('docker', ['image', 'rm', image])
      await job.post(ended, ended.exported, tracing(job, 'post'))
      const calls = (await traces(job)).filter(
        call => call.includes(`${dirname(file)}/`) || call.includes(`"${dirname(file)}"`),
      )
      expect(calls.some(call => call.includes(`"${file}"`) && call.includes('O_RDONLY'))).toBe(true)
      expect(
        calls.filter(call => !/ (open|openat|openat2)\(.*\bO_RDONLY\b/.test(call) || /O_(CREAT|TRUNC)/.test(call)),
      ).toEqual([])
      // What is watched would be seen: the private configuration is written.
      const own = ended.outputs['docker-config'] ?? 'none'
      expect(
        (await traces(job)).some(call => call.includes(`${own}/config.json`) && /O_WRONLY|rename/.test(call)),
      ).toBe(true)
    },
    120_000,
  )
})

/** argv that runs a program and writes down each file that it, or what it starts, opens, makes, moves or removes. */
const tracing = ({ root }: Job, name: string): readonly string[] => [
  'strace',
  '--follow-forks',
  '--quiet=all',
  '--string-limit=400',
  '--trace=open,openat,openat2,creat,truncate,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,chmod,fchmodat',
  `--output=${join(root, `${name}.trace`)}`,
]

/** All calls that were traced, one each. */
async function traces({ root }: Job): Promise<readonly string[]> {
  const names = (await readdir(root)).filter(name => name.endsWith('.trace'))
  const texts = await Promise.all(names.map(name => readFile(join(root, name), 'utf8')))
  return texts.flatMap(text => text.split('\n'))
}

describe('docker with a login', () => {
  it('pushes and pulls; after the post step the same pull is refused', async () => {
    await using job = await openJob()
    const ended = await job.login({ with: byPassword(ecr.token) })
    const image = `${ecr.host}/acme/web:by-hand`
    await writeFile(join(job.root, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n')
    await linkPlugins(job)
    const run = async (...argv: readonly string[]) => (await docker(job, ended, ...argv)).exitCode
    expect(await run('build', '--quiet', '--tag', image, job.root)).toBe(0)
    expect([await run('push', '--quiet', image), await run('image', 'rm', image), await run('pull', image)]).toEqual([
      0, 0, 0,
    ])
    await docker(job, ended, 'image', 'rm', image)
    const after = await job.post(ended, ended.exported)
    expect(existsSync(ended.outputs['docker-config'] ?? '')).toBe(false)
    const refused = await docker(job, after, 'pull', image)
    expect([refused.exitCode, refused.all]).toEqual([1, expect.stringContaining('no basic auth credentials')])
  }, 60_000)

  itSkopeo(
    'skopeo too: pushes and pulls, and not any more after the post step',
    async () => {
      await using job = await openJob()
      const ended = await job.login({ with: byPassword(ecr.token) })
      const [image, folder] = [`docker://${ecr.host}/acme/web`, `dir:${join(job.root, 'image')}`]
      await writeFile(join(job.root, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n')
      const archive = join(job.root, 'image.tar')
      await execa('docker', ['build', '--quiet', '--tag', 'by-skopeo', job.root])
      await execa('docker', ['save', '--output', archive, 'by-skopeo'])
      await execa('docker', ['image', 'rm', 'by-skopeo'])
      const plain = ['--quiet', '--src-tls-verify=false', '--dest-tls-verify=false']
      const skopeo = (exported: Pick<Ended, 'exported'>, ...argv: readonly string[]) =>
        program(job, exported, ['skopeo', '--insecure-policy', 'copy', ...plain, ...argv])
      expect(await skopeo(ended, `docker-archive:${archive}`, `${image}:by-skopeo`)).toMatchObject({ exitCode: 0 })
      expect(await skopeo(ended, `${image}:by-skopeo`, folder)).toMatchObject({ exitCode: 0 })
      const after = await job.post(ended, ended.exported)
      const refused = await skopeo(after, `${image}:by-skopeo`, `${folder}-again`)
      expect([refused.exitCode, refused.all]).toEqual([1, expect.stringContaining('authentication required')])
      expect((await skopeo(after, folder, `${image}:never`)).exitCode).toBe(1)
      expect(await ecr.tags('acme/web')).not.toContain('never')
    },
    60_000,
  )

  it('finds the certificates of an engine over TLS where they were', async () => {
    await using job = await openJob()
    const file = await writeOwn(job, {})
    for (const name of ['ca.pem', 'cert.pem', 'key.pem']) await writeFile(join(dirname(file), name), name)
    const { outputs } = await job.login({ with: byPassword(ecr.token) })
    const names = ['ca.pem', 'cert.pem', 'key.pem'].map(name => join(outputs['docker-config'] ?? '', name))
    expect(await Promise.all(names.map(name => readFile(name, 'utf8')))).toEqual(['ca.pem', 'cert.pem', 'key.pem'])
  })

  it('keeps plugins, contexts and builders', async () => {
    await using job = await openJob()
    await writeOwn(job, {})
    await linkPlugins(job)
    const host = (await execa('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'])).stdout
    const none = { exported: {} }
    const host2 = process.env.DOCKER_HOST ?? host
    await docker(job, none, 'context', 'create', 'other', '--docker', `host=${host2}`)
    await docker(job, none, 'buildx', 'create', '--name', 'mine', '--driver', 'docker-container')
    const seen = async (config: Pick<Ended, 'exported'>) => [
      (await docker(job, config, 'context', 'ls', '--format', '{{.Name}}')).stdout.split('\n'),
      (await docker(job, config, 'buildx', 'ls', '--format', '{{.Name}}')).stdout.split('\n').includes('mine'),
      (await docker(job, config, 'compose', 'version')).exitCode,
    ]
    const before = await seen(none)
    const ended = await job.login({ with: byPassword(ecr.token) })
    expect(await seen(ended)).toEqual(before)
    expect(before).toEqual([['default', 'other'], true, 0])
  }, 60_000)

  it('two logins after each other: the second keeps the first, and each post step takes its own away', async () => {
    await using job = await openJob(cloud.env)
    const first = await job.login({ with: { registries: east, 'role-to-assume': role } })
    const second = await job.login({ with: byPassword(ecr.token), env: first.exported })
    expect(Object.keys(await authsOf(second))).toEqual([east, ecr.host])
    expect(second.exported.DOCKER_CONFIG).not.toBe(first.exported.DOCKER_CONFIG)
    const back = await job.post(second, second.exported)
    expect(back.exported).toEqual(first.exported)
    expect(await authsOf(back)).toEqual({ [east]: 'AWS:PASSWORD' })
    expect((await job.post(first, back.exported)).exported).toEqual({ DOCKER_CONFIG: '', BUILDX_CONFIG: '' })
  })

  it('two jobs on one runner never touch each other', async () => {
    await using job = await openJob(cloud.env)
    const given = { with: { registries: east, 'role-to-assume': role } }
    const [one, other] = await Promise.all([job.login(given), job.login(given)])
    expect(one.exported.DOCKER_CONFIG).not.toBe(other.exported.DOCKER_CONFIG)
    await job.post(one)
    expect(await authsOf(other)).toEqual({ [east]: 'AWS:PASSWORD' })
  })
})
