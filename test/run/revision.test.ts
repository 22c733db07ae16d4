import { existsSync } from 'node:fs'
import { appendFile, chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { readRevision } from '../../src/run/revision.ts'

let folder: string
let repository: string
let env: Record<string, string>
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'revision-')))
  repository = join(folder, 'web')
  env = { PATH: process.env.PATH ?? '', HOME: folder }
  await mkdir(join(repository, 'apps', 'api'), { recursive: true })
  await writeFile(join(repository, 'a.txt'), 'a\n')
  await writeFile(join(repository, 'apps', 'api', 'b.txt'), 'b\n')
  await git('init', '--quiet', '--initial-branch=main')
  await git('config', 'user.name', 'A')
  await git('config', 'user.email', 'a@example.com')
  await git('add', '.')
  await git('commit', '--quiet', '--message=one', '--date=2026-03-01T12:00:00Z')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const git = async (...argv: string[]): Promise<string> =>
  (
    await execa('git', argv, {
      cwd: repository,
      stdin: 'ignore',
      env: { ...env, GIT_COMMITTER_DATE: '2026-03-01T12:00:00Z' },
    })
  ).stdout
const head = () => git('rev-parse', 'HEAD')
const committed = '2026-03-01T12:00:00.000Z'
const nothing = { commit: '', ref: '', dirty: false, committed: '' }

describe('on a laptop', () => {
  it('is the commit and the branch, and the folder below the top', async () => {
    const revision = { commit: await head(), ref: 'refs/heads/main', dirty: false, committed }
    expect(await readRevision(repository, env)).toEqual(revision)
    const below = join(repository, 'apps', 'api')
    expect(await readRevision(below, env)).toEqual({ ...revision, prefix: 'apps/api' })
    await git('checkout', '--quiet', '--detach')
    expect(await readRevision(repository, env)).toEqual({ ...revision, ref: '' })
  })

  it('a changed or a new file makes it dirty, in the folder that is worked in', async () => {
    const dirty = async (...path: string[]) => (await readRevision(join(repository, ...path), env)).dirty
    await writeFile(join(repository, 'new.txt'), '')
    expect([await dirty(), await dirty('apps', 'api')]).toEqual([true, false])
    await appendFile(join(repository, 'apps', 'api', 'b.txt'), 'more\n')
    expect(await dirty('apps', 'api')).toBe(true)
  })

  it('without a repository, or without Git, it is empty', async () => {
    expect(await readRevision(folder, env)).toEqual(nothing)
    expect(await readRevision(repository, { ...env, PATH: folder })).toEqual(nothing)
  })

  it('before the first commit there is a branch alone', async () => {
    await rm(join(repository, '.git'), { recursive: true })
    await git('init', '--quiet', '--initial-branch=main')
    expect(await readRevision(repository, env)).toEqual({ ...nothing, ref: 'refs/heads/main', dirty: true })
  })
})

describe('on GitHub', () => {
  const other = 'd'.repeat(40)
  const onGitHub = (sha: string, ref = 'refs/heads/main') => ({
    ...env,
    GITHUB_ACTIONS: 'true',
    GITHUB_SHA: sha,
    GITHUB_REF: ref,
  })

  it('is what GitHub says of the commit that is checked out', async () => {
    const commit = await head()
    await git('checkout', '--quiet', '--detach')
    for (const ref of ['refs/heads/main', 'refs/tags/v1.2.0', 'refs/pull/7/merge'])
      expect(await readRevision(repository, onGitHub(commit, ref))).toEqual({ commit, ref, dirty: false, committed })
  })

  it("another commit than the event's has its own name, and no branch but the one that it is on", async () => {
    const commit = await head()
    const revision = { commit, dirty: false, committed }
    await git('checkout', '--quiet', '-B', 'release')
    expect(await readRevision(repository, onGitHub(other))).toEqual({ ...revision, ref: 'refs/heads/release' })
    await git('checkout', '--quiet', '--detach')
    expect(await readRevision(repository, onGitHub(other))).toEqual({ ...revision, ref: '' })
  })

  it('files that no commit has are no change', async () => {
    await writeFile(join(repository, 'report.xml'), '')
    expect(await readRevision(repository, onGitHub(await head()))).toMatchObject({ dirty: false })
  })

  it('without a repository or Git there are GitHub words alone', async () => {
    const revision = { ...nothing, commit: other, ref: 'refs/heads/main' }
    expect(await readRevision(folder, onGitHub(other))).toEqual(revision)
    expect(await readRevision(repository, { ...onGitHub(other), PATH: folder })).toEqual(revision)
  })

  it('where Git fails the checkout counts as changed', async () => {
    await writeFile(join(repository, '.git', 'HEAD'), 'rubbish\n')
    expect(await readRevision(repository, onGitHub(other))).toEqual({
      ...nothing,
      commit: other,
      ref: 'refs/heads/main',
      dirty: true,
    })
  })
})

const asRoot = process.getuid?.() === 0 ? it : it.skip
asRoot("another user's checkout is read as well: a container's job is root, or is not", async () => {
  const commit = await head()
  await execa('chown', ['-R', '12345', repository])
  const plain = await execa('git', ['status'], { cwd: repository, env, extendEnv: false, reject: false })
  expect(plain.stderr).toContain('dubious ownership')
  const given = { ...env, GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.quotePath', GIT_CONFIG_VALUE_0: 'false' }
  for (const one of [env, given])
    expect(await readRevision(join(repository, 'apps'), one)).toMatchObject({ commit, dirty: false, prefix: 'apps' })
})

describe('programs that a check has set up in the repository', () => {
  const program = (name: string): Promise<string> => place(join(repository, '.git', name))
  const place = async (path: string): Promise<string> => {
    await writeFile(path, `#!/bin/sh\nenv >> ${folder}/ran\ncat\n`)
    await chmod(path, 0o755)
    return path
  }
  const setUps: Readonly<Record<string, () => Promise<unknown>>> = {
    'a monitor': async () => git('config', 'core.fsmonitor', await program('monitor')),
    'a hook': async () => {
      await mkdir(join(repository, '.git', 'hooks'), { recursive: true })
      await program('hooks/post-index-change')
    },
    'a filter': async () => {
      await git('config', 'filter.a=b.clean', await program('filter'))
      await git('config', 'filter.a=b.required', 'true')
      await writeFile(join(repository, '.git', 'info', 'attributes'), '*.txt filter=a=b\n')
    },
    'a filter that calls itself LFS': async () => {
      await git('config', 'filter.lfs.process', await program('git-lfs'))
      await git('config', 'filter.lfs.required', 'true')
      await writeFile(join(repository, '.git', 'info', 'attributes'), '*.txt filter=lfs\n')
    },
    'a signature': async () => {
      await git('config', 'log.showSignature', 'true')
      await git('config', 'gpg.program', await program('gpg'))
      const commit = await git('cat-file', 'commit', 'HEAD')
      const signed = commit.replace('\n\n', '\ngpgsig -----BEGIN PGP SIGNATURE-----\n -----END PGP SIGNATURE-----\n\n')
      const { stdout } = await execa('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
        cwd: repository,
        input: `${signed}\n`,
      })
      await git('reset', '--quiet', stdout)
    },
    'a git beside the Dockerfile': async () => {
      await place(join(repository, '.git', 'git'))
      env = { ...env, PATH: `.git:${env.PATH}` }
    },
  }

  it.each(Object.keys(setUps))('%s does not run', async name => {
    await setUps[name]?.()
    // Other bytes of the same length and an older time: Git has to look into the file, and ask its filter.
    await writeFile(join(repository, 'a.txt'), 'x\n')
    expect(await readRevision(repository, { ...env, INPUT_PASSWORD: 'push-password' })).toMatchObject({ dirty: true })
    expect(existsSync(join(folder, 'ran')) ? await readFile(join(folder, 'ran'), 'utf8') : 'nothing ran').toBe(
      'nothing ran',
    )
  })

  it.each(['a monitor', 'a filter', 'a signature'])('%s would run without that', async name => {
    await setUps[name]?.()
    await writeFile(join(repository, 'a.txt'), 'x\n')
    await execa('git', ['status'], { cwd: repository, reject: false, stdin: 'ignore' })
    await execa('git', ['show', '--no-patch'], { cwd: repository, reject: false, stdin: 'ignore' })
    expect(existsSync(join(folder, 'ran'))).toBe(true)
  })

  it('a filter of LFS does run: without it its files would look changed', async () => {
    const bin = join(folder, 'bin')
    await mkdir(bin)
    await writeFile(join(bin, 'git-lfs'), `#!/bin/sh\nenv > ${folder}/ran\ntr x a\n`)
    await chmod(join(bin, 'git-lfs'), 0o755)
    await git('config', 'filter.lfs.clean', 'git-lfs clean -- %f')
    await git('config', 'filter.lfs.required', 'true')
    await writeFile(join(repository, '.git', 'info', 'attributes'), '*.txt filter=lfs\n')
    await writeFile(join(repository, 'a.txt'), 'x\n')
    const given = { ...env, PATH: `${bin}:${env.PATH}`, INPUT_PASSWORD: 'push-password' }
    expect(await readRevision(repository, given)).toMatchObject({ dirty: false })
    expect(await readFile(join(folder, 'ran'), 'utf8')).not.toContain('push-password')
  })
})
