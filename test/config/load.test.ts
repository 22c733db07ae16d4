import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { loadConfig } from '../../src/config/load.ts'
import { UserError } from '../../src/errors.ts'

const run = promisify(execFile)
let directory = ''
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'pce-config-')), 'Shop')
  await mkdir(directory)
})
afterEach(() => rm(dirname(directory), { recursive: true }))

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), content)
  }
}

const refusalOf = async (file?: string): Promise<string> =>
  loadConfig({ directory, file }).then(
    () => 'no error',
    (error: unknown) => {
      if (error instanceof UserError) return error.message
      throw error
    },
  )

describe('a file that can not be read is refused', () => {
  it.each([
    {
      what: 'not there, though it was named',
      file: 'ci/pce.yml',
      error: 'ci/pce.yml: no such file; check its name, relative to the working directory',
    },
    {
      what: 'below a file',
      file: 'Dockerfile/pce.yml',
      error: 'Dockerfile/pce.yml: no such file; check its name, relative to the working directory',
    },
    { what: 'a directory', file: 'deploy', error: 'deploy: a directory; name the file in it' },
    { what: 'a device', file: '/dev/null', error: '/dev/null: not a regular file' },
    {
      what: 'too big',
      file: 'big.yml',
      error: 'big.yml: 1000001 bytes, at most 1000000 are read; is it the right file?',
    },
    { what: 'not UTF-8', file: 'latin.yml', error: 'latin.yml: not UTF-8 text; save it as UTF-8' },
  ])('$what', async ({ file, error }) => {
    await put({
      Dockerfile: 'FROM scratch',
      'deploy/keep': '',
      'big.yml': ' '.repeat(1_000_001),
      'latin.yml': new Uint8Array([0x61, 0x3a, 0x20, 0xe9]),
    })
    expect(await refusalOf(file)).toBe(error)
  })

  it('of two default names', async () => {
    await put({ 'pce.yml': '', 'pce.yaml': '' })
    expect(await refusalOf()).toBe('there are pce.yml and pce.yaml; keep one of them')
  })

  it('that is a link to nothing', async () => {
    await symlink('elsewhere.yml', join(directory, 'pce.yml'))
    expect(await refusalOf()).toBe('pce.yml: no such file; check its name, relative to the working directory')
  })

  it('in a directory that is not there', async () => {
    directory = join(directory, 'nowhere', 'x')
    await expect(loadConfig({ directory })).rejects.toThrow(
      `${directory} is not a directory; set working-directory to the one with the Dockerfile`,
    )
    directory = dirname(dirname(directory))
  })
})

it('takes a byte order mark, Windows line ends and a file with another name', async () => {
  await put({ 'ci/web.yaml': '\ufeffimage: acme/web\r\nscan: { block: low }\r\n' })
  const { config, file, notes } = await loadConfig({ directory, file: 'ci/web.yaml' })
  expect([config.images.web?.image, config.scan.block, file, notes]).toEqual(['acme/web', 'low', 'ci/web.yaml', []])
})

it('finds in a real repository what is not written', async () => {
  await put({
    'deploy/app.Dockerfile': 'FROM node AS base\nEXPOSE 4000/tcp\nFROM base AS tests\nFROM base\n',
    'deploy/app.Dockerfile.dockerignore': '*',
    'docker-compose.yml': 'services: {}',
    'postman/b.postman_collection.json': '{}',
    'postman/a.postman_collection.json': '{}',
    'postman/local.postman_environment.json': '{}',
  })
  await run('git', ['-C', directory, 'init', '--quiet'])
  await run('git', ['-C', directory, 'remote', 'add', 'origin', 'git@github.com:acme/shop.git'])
  const { notes, file } = await loadConfig({ directory })
  expect({ notes, file }).toEqual({
    file: undefined,
    notes: [
      'No pce.yml: the repository says what to do',
      'image: acme/shop, from the git remote',
      'build.file: deploy/app.Dockerfile, found in the repository',
      'unit.target: tests, a stage of deploy/app.Dockerfile',
      'app.port: 4000, from EXPOSE in deploy/app.Dockerfile',
      'compose: docker-compose.yml, found in the repository',
      'newman: postman/a.postman_collection.json, postman/b.postman_collection.json, found in the repository',
    ],
  })
})

it('takes the Dockerfile that an input names', async () => {
  await put({ 'deploy/a.Dockerfile': 'FROM x', 'deploy/b.Dockerfile': 'FROM x\nEXPOSE 7' })
  const overrides = [{ path: ['build', 'file'], text: 'deploy/b.Dockerfile', from: 'input file' }]
  const { config, notes } = await loadConfig({ directory, overrides })
  expect([config.images.shop?.build.file, config.images.shop?.app?.port, notes]).toEqual([
    'deploy/b.Dockerfile',
    7,
    [
      'No pce.yml: the repository says what to do',
      "image: shop, from the directory's name",
      'app.port: 7, from EXPOSE in deploy/b.Dockerfile',
    ],
  ])
})
