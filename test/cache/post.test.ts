import { mkdir, mkdtempDisposable, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { type ActionsCache, openActionsCache } from '../support/actions-cache/actions-cache.ts'

const dist = join(import.meta.dirname, '../../dist')
const dockerfile = `
FROM debian:bookworm-slim AS build
COPY package.json /
RUN head -c 100000 /dev/urandom > /app
FROM debian:bookworm-slim
COPY --from=build /app /app
COPY . /src
RUN wc -c /app > /size
`

const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com']

let cache: ActionsCache
beforeAll(async () => {
  cache = await openActionsCache()
})
afterAll(() => cache[Symbol.asyncDispose]())

/** A job with the build action alone, that ends like this; what its main step and its post step said. */
async function job(directory: string, status: 'success' | 'failure' | 'cancelled') {
  const files = Object.fromEntries(
    ['STATE', 'OUTPUT', 'ENV', 'STEP_SUMMARY', 'PATH'].map(name => [`GITHUB_${name}`, join(directory, name)]),
  )
  for (const file of Object.values(files)) await writeFile(file, '')
  const env = {
    ...files,
    ...cache.env(),
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    BUILDX_CONFIG: process.env.BUILDX_CONFIG,
    GITHUB_ACTIONS: 'true',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_WORKSPACE: join(directory, 'web'),
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_TEMP: join(directory, 'temp'),
    'INPUT_JOB-STATUS': status,
  }
  const step = async (file: string, state: Readonly<Record<string, string>> = {}) => {
    const options = { cwd: env.GITHUB_WORKSPACE, env: { ...env, ...state }, extendEnv: false, all: true, reject: false }
    const { exitCode, all } = await execa(process.execPath, [join(dist, file)], options)
    return { exitCode, said: String(all) }
  }
  const main = await step('build.js')
  const saved = (await readFile(files.GITHUB_STATE ?? '', 'utf8')).matchAll(/^(\w+)<<(\S+)\n([\s\S]*?)\n\2$/gm)
  const state = Object.fromEntries([...saved].map(([, name = '', , value = '']) => [`STATE_${name}`, value]))
  // What later steps leave in the checkout is not what was built.
  const left = join(env.GITHUB_WORKSPACE, 'cover [all]')
  await mkdir(left)
  await writeFile(join(left, 'report.xml'), status)
  const post = await step('build-post.js', state)
  await rm(left, { recursive: true })
  return { main, post }
}

it('the build action alone: its post step writes the cache of a job that went well; the next job has every step', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pce-post-'))
  const checkout = join(folder.path, 'web')
  await mkdir(checkout)
  await writeFile(join(checkout, 'Dockerfile'), dockerfile)
  await writeFile(join(checkout, 'package.json'), '{}')
  await writeFile(join(checkout, 'pce.yml'), 'image: acme/web\n')
  await execa('git', ['init', '--quiet'], { cwd: checkout })
  await execa('git', ['add', '.'], { cwd: checkout })
  await execa('git', [...author, 'commit', '--quiet', '--message=all'], { cwd: checkout })
  for (const status of ['failure', 'cancelled'] as const) {
    const { main, post } = await job(folder.path, status)
    expect([main.exitCode, post.exitCode, cache.entries.length]).toEqual([0, 0, 0])
    expect(post.said).toContain(`Layer caches are not written: the job ended as ${status}`)
  }
  const first = await job(folder.path, 'success')
  expect(first.main.said).toMatch(/none of \d steps from the cache/)
  expect(first.post.exitCode).toBe(0)
  expect(first.post.said).not.toMatch(/DONE \S+ \[.*(COPY|RUN)/)
  expect(cache.entries.filter(({ key }) => key.startsWith('index-web-default-linux-amd64-'))).toHaveLength(1)
  const second = await job(folder.path, 'success')
  expect(second.main.said).toContain('all of 5 steps from the cache')
  expect(second.main.said).not.toContain(cache.env().ACTIONS_RUNTIME_TOKEN?.split('.')[2])
}, 300_000)

it('so it does for each target of a bake', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pce-post-'))
  const checkout = join(folder.path, 'web')
  await mkdir(checkout)
  await writeFile(join(checkout, 'Dockerfile'), dockerfile)
  await writeFile(join(checkout, 'package.json'), '{}')
  await writeFile(join(checkout, 'pce.yml'), 'image: acme/web\nbuild: { bake-files: docker-bake.hcl }\n')
  const hcl =
    'group "default" {\n  targets = ["app", "tools"]\n}\ntarget "app" {}\ntarget "tools" {\n  target = "build"\n  cache-to = ["type=gha,scope=tools,mode=max"]\n  cache-from = ["type=gha,scope=tools"]\n}\n'
  await writeFile(join(checkout, 'docker-bake.hcl'), hcl)
  await execa('git', ['init', '--quiet'], { cwd: checkout })
  await execa('git', ['add', '.'], { cwd: checkout })
  await execa('git', [...author, 'commit', '--quiet', '--message=all'], { cwd: checkout })
  cache.clear()
  const first = await job(folder.path, 'success')
  expect(first.main.said).toMatch(/none of \d steps from the cache/)
  expect([first.post.exitCode, first.post.said]).toEqual([0, expect.not.stringMatching(/DONE \S+ \[.*(COPY|RUN)/)])
  const indexes = cache.entries.flatMap(({ key }) => /^index-(.+)-1-/.exec(key)?.[1] ?? [])
  expect(indexes.toSorted()).toEqual(['app-app-linux-amd64', 'tools'])
  const second = await job(folder.path, 'success')
  expect(second.main.said).toMatch(/all of \d steps from the cache/)
}, 300_000)
