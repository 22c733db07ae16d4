import { execFileSync } from 'node:child_process'
import { chmod, lstat, mkdir, mkdtemp, readdir, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openNormalContexts } from '../../src/build/normal-context.ts'
import type { Scope } from '../../src/task/scope.ts'

let folder: string
let scope: Scope
let said: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pce-context-'))
  said = []
  const run = { id: '0a1b2c3d', directory: join(folder, 'run') }
  scope = { run, context: join(folder, 'web'), say: (line: string) => said.push(line) } as unknown as Scope
  await write('Dockerfile', 'FROM scratch\n')
  await write('src/main.ts', 'main')
  await write('bin/start', '#!/bin/sh\n', 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(name: string, content: string, mode = 0o644): Promise<void> {
  const path = join(scope.context, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  await chmod(path, mode)
}

/** Every file below a folder with its mode, in octal. */
async function modesIn(root: string): Promise<Record<string, string>> {
  const names = (await readdir(root, { recursive: true })).sort()
  const modes = await Promise.all(names.map(async name => ((await lstat(join(root, name))).mode & 0o7777).toString(8)))
  return Object.fromEntries(names.map((name, index) => [name, modes[index] ?? '']))
}
const config: Parameters<typeof openNormalContexts>[0] = { context: '.', reproducible: true }
/** What a umask of 0077 leaves. */
const makePrivate = () => execFileSync('chmod', ['-R', 'go=', scope.context])

describe('the context of a reproducible build', () => {
  it('is used where it is when it has the modes that Git keeps', async () => {
    await using contexts = await openNormalContexts(config, scope)
    expect(contexts.config).toEqual({ ...config, 'build-contexts': {} })
    expect(said).toEqual([])
  })

  it('is copied with those when it has others, and the copy is gone afterwards', async () => {
    await symlink('src/main.ts', join(scope.context, 'link'))
    makePrivate()
    let copy = ''
    {
      await using contexts = await openNormalContexts(config, scope)
      copy = contexts.config.context
      expect(contexts.config.file).toBe('Dockerfile')
      expect(await modesIn(copy)).toEqual({
        Dockerfile: '644',
        bin: '755',
        'bin/start': '755',
        link: '777',
        src: '755',
        'src/main.ts': '644',
      })
      expect(await readlink(join(copy, 'link'))).toBe('src/main.ts')
      expect(said).toEqual(['Copied . for the build: its files have other modes than Git keeps'])
    }
    await expect(lstat(copy)).rejects.toMatchObject({ code: 'ENOENT' })
    expect((await lstat(join(scope.context, 'Dockerfile'))).mode & 0o7777).toBe(0o600)
  })

  it('leaves out what no build sees, and looks at no mode there', async () => {
    await write('.dockerignore', 'node_modules/\n# a comment\n/secret.env\n')
    await write('node_modules/a/index.js', '', 0o600)
    await write('secret.env', '', 0o600)
    {
      await using contexts = await openNormalContexts(config, scope)
      expect(contexts.config.context).toBe('.')
    }
    makePrivate()
    await using contexts = await openNormalContexts(config, scope)
    expect((await readdir(contexts.config.context)).sort()).toEqual(['.dockerignore', 'Dockerfile', 'bin', 'src'])
  })

  it('has the ignore file also where that leaves out itself: its patterns keep secrets out of the image', async () => {
    await write('.dockerignore', '.dockerignore\n*.pem\n')
    await write('key.pem', '')
    makePrivate()
    await using contexts = await openNormalContexts(config, scope)
    expect(await readdir(contexts.config.context)).toContain('.dockerignore')
  })

  it('the ignore file of a Dockerfile is about the main context alone', async () => {
    await write('Dockerfile.dockerignore', 'kept\n')
    await write('docs/kept/page.md', '')
    await write('kept/page.md', '')
    makePrivate()
    await using contexts = await openNormalContexts({ ...config, 'build-contexts': { docs: 'docs' } }, scope)
    expect(await readdir(contexts.config.context)).not.toContain('kept')
    expect(await readdir(contexts.config['build-contexts']?.docs ?? '')).toEqual(['kept'])
  })

  it('has everything where the ignore file has exceptions', async () => {
    await write('.dockerignore', 'node_modules\n!node_modules/a\n')
    await write('node_modules/a/index.js', '', 0o600)
    await using contexts = await openNormalContexts(config, scope)
    expect(Object.keys(await modesIn(contexts.config.context))).toContain('node_modules/a/index.js')
  })

  it('is also copied for a time that is before the epoch, which would stay', async () => {
    await utimes(join(scope.context, 'src/main.ts'), 0, 0)
    await using contexts = await openNormalContexts(config, scope)
    expect((await lstat(join(contexts.config.context, 'src/main.ts'))).mtimeMs).toBeGreaterThan(1_000_000_000_000)
  })

  it('named contexts are folders as well, or not ours', async () => {
    makePrivate()
    const named = { docs: 'src', base: 'docker-image://debian:12', git: 'https://example.com/a.git', none: 'nowhere' }
    await using contexts = await openNormalContexts({ ...config, 'build-contexts': named }, scope)
    const { docs = '', ...others } = contexts.config['build-contexts'] ?? {}
    expect(await modesIn(docs)).toEqual({ 'main.ts': '644' })
    expect(others).toEqual({ base: named.base, git: named.git, none: named.none })
  })

  it('of another build is never touched', async () => {
    makePrivate()
    await using contexts = await openNormalContexts({ context: '.' }, scope)
    expect([contexts.config, said]).toEqual([{ context: '.' }, []])
  })
})
