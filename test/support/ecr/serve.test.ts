import { once } from 'node:events'
import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from '@jest/globals'
import { execa } from 'execa'
import { openBacking } from './backing.ts'
import { openEcr } from './ecr.ts'
import { rawClient } from './raw.ts'

it('serves as a program until SIGTERM, over a registry that runs already', async () => {
  await using backing = await openBacking()
  await using directory = await mkdtempDisposable(join(tmpdir(), 'pce-ecr-serve-'))
  const log = join(directory.path, 'access.jsonl')
  const program = join(import.meta.dirname, 'serve.ts')
  const options = ['--repository', 'pce-demo/shortener', '--immutable', '--log', log, '--backing', backing.origin]
  const serving = execa(process.execPath, [program, ...options], { reject: false })
  const [line] = await once(createInterface(serving.stdout), 'line')
  const { host, username, password } = JSON.parse(line)
  const { image } = rawClient(host, password)

  expect(username).toBe('AWS')
  expect((await image('pce-demo/shortener', 'v1', 'one')).status).toBe(201)
  expect((await image('pce-demo/shortener', 'v1', 'one')).status).toBe(400)
  serving.kill('SIGTERM')
  expect(await serving).toMatchObject({ exitCode: 0, stderr: '' })
  expect((await readFile(log, 'utf8')).split('\n').filter(entry => entry.includes('"status":400'))).toHaveLength(1)
  await expect(fetch(`http://${host}/v2/`)).rejects.toThrow('fetch failed')
}, 90_000)

it('needs a repository', async () => {
  const { exitCode, stderr } = await execa(process.execPath, [join(import.meta.dirname, 'serve.ts')], { reject: false })
  expect({ exitCode, said: stderr.includes('Name at least one --repository') }).toEqual({ exitCode: 1, said: true })
})

it('takes its registry along when it ends', async () => {
  const ecr = await openEcr({ repositories: ['acme/web'] })
  await rawClient(ecr.host, ecr.token).image('acme/web', 'v1', 'one')
  const manifest = () => ecr.manifest('acme/web', 'v1')
  await manifest()
  await ecr[Symbol.asyncDispose]()
  await expect(manifest()).rejects.toThrow('fetch failed')
}, 90_000)

it('runs over a container, and leaves none behind', async () => {
  const containers = async (port: string) =>
    (await execa('docker', ['ps', '--all', '--quiet', '--filter', `publish=${port}`])).stdout
  const backing = await openBacking('container')
  const { port } = new URL(backing.origin)
  try {
    expect(await containers(port)).not.toBe('')
    await using ecr = await openEcr({ repositories: ['acme/web'], backing: new URL(backing.origin) })
    expect((await rawClient(ecr.host, ecr.token).image('acme/web', 'v1', 'one')).status).toBe(201)
    expect(await ecr.tags('acme/web')).toEqual(['v1'])
  } finally {
    await backing[Symbol.asyncDispose]()
  }
  expect(await containers(port)).toBe('')
}, 120_000)
