import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { renderSummary } from '../../src/report/summary.ts'
import { finding, greenRun, part, record, redRun } from '../report/fixtures.ts'
import type { Act, Play } from './play.ts'
import { end, ended, line, mask, note, run, say, started, wait } from './stage.ts'

// Each test starts processes, on a machine that may be busy.
jest.setTimeout(60_000)

const github = (acts: readonly Act[], more: Partial<Play> = {}): Play => ({ host: 'github', acts, ...more })

async function files<const N extends string>(...names: readonly N[]): Promise<{ [P in N]: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'pce-github-'))
  const paths = names.map(name => [name, join(directory, name)] as const)
  for (const [, path] of paths) await writeFile(path, '')
  return Object.fromEntries(paths) as { [P in N]: string }
}

describe('the log on GitHub', () => {
  it('streams one task live, and tells the others whole when they end', async () => {
    const acts = [
      note(0, 'Builder: docker-container'),
      started('build:web', 0),
      started('check:credo', 0),
      line('build:web', 1, 'step 1'),
      line('check:credo', 1, 'looking'),
      line('build:web', 2, 'step 2'),
      line('check:credo', 2, '1 finding'),
      ended('check:credo', [0, 3], { status: 'failed', reason: '1 finding' }),
      line('build:web', 4, 'step 3'),
      started('scan:web', 4),
      line('scan:web', 5, 'database'),
      ended('build:web', [0, 6], { kind: 'work' }),
      line('scan:web', 7, 'no finding'),
      ended('scan:web', [4, 8]),
      ended('newman:web', [8, 8], { status: 'skipped', reason: 'not native' }),
    ]
    expect(await run(github(acts))).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `Builder: docker-container
::group::build:web
::stop-commands::TOKEN
step 1
step 2
::TOKEN::
::endgroup::
::group::check:credo
::stop-commands::TOKEN
looking
1 finding
::TOKEN::
::endgroup::
check:credo  failed (3.0 s): 1 finding
::group::build:web (continued)
::stop-commands::TOKEN
step 3
::TOKEN::
::endgroup::
build:web  passed (6.0 s)
::group::scan:web
::stop-commands::TOKEN
database
no finding
::TOKEN::
::endgroup::
scan:web  passed (4.0 s)
newman:web  skipped: not native
`,
    })
  })

  it('gives no command that a tool wrote', async () => {
    const acts = [
      started('check:x', 0),
      line('check:x', 0, '::set-output name=image::evil'),
      line('check:x', 0, 'a\r::error::evil\n##[add-path]evil'),
      ended('check:x', [0, 1], {
        status: 'failed',
        reason: '::error::evil\n  ::add-mask::a\nsee ##[set-env name=A]evil',
      }),
      note(1, ' ::warning::evil'),
    ]
    expect((await run(github(acts))).stdout).toBe(`::group::check:x
::stop-commands::TOKEN
::set-output name=image::evil
a
::error::evil
##[add-path]evil
::TOKEN::
::endgroup::
check:x  failed (1.0 s): ::error::evil
    : :add-mask::a
  see # #[set-env name=A]evil
 : :warning::evil
`)
  })

  it('masks also while a group is open, where commands are stopped', async () => {
    const acts = [
      mask('hunter2'),
      started('build:web', 0),
      line('build:web', 0, 'hunter2'),
      mask('first line\r\nsecond line\n'),
      line('build:web', 0, 'second line'),
    ]
    expect((await run(github([...acts, { do: 'close' }]))).stdout).toBe(`::add-mask::hunter2
::group::build:web
::stop-commands::TOKEN
***
::TOKEN::
::add-mask::first line
::add-mask::second line
::stop-commands::TOKEN
***
::TOKEN::
::endgroup::
`)
  })

  it('says what is running inside the open group, and ends with the process', async () => {
    const acts = [started('build:web', 0), line('build:web', 0, 'step 1'), wait(350), { do: 'close' } as const]
    const { stdout } = await run(github(acts, { beat: 200 }))
    expect(stdout.replace(/\d+ m \d\d s/, 'TIME')).toBe(`::group::build:web
::stop-commands::TOKEN
step 1
running: build:web (TIME)
::TOKEN::
::endgroup::
`)
  })

  it('keeps its own commands whole, whatever is a secret', async () => {
    const acts = [mask('group'), mask('e'), started('web', 0), line('web', 0, 'the group'), ended('web', [0, 1])]
    expect((await run(github(acts))).stdout).toBe(`::add-mask::group
::add-mask::e
::group::w***b
::stop-commands::TOKEN
th*** ***
::TOKEN::
::endgroup::
w***b  pass***d (1.0 s)
`)
  })
})

describe('the end on GitHub', () => {
  it('writes the job summary, with links to the commit, and annotations', async () => {
    const env = {
      ...(await files('GITHUB_STEP_SUMMARY')),
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/web',
    }
    const { stdout, exitCode } = await run(github([mask('openssl'), end(redRun())]), env)
    const source = 'https://github.com/acme/web/blob/abcdef0123456789'
    expect(await readFile(env.GITHUB_STEP_SUMMARY, 'utf8')).toBe(
      renderSummary(redRun(), { source }).replaceAll('openssl', '\\*\\*\\*'),
    )
    expect(stdout).toContain('\nFailed in 50.0 s:\n')
    expect(stdout).toContain(
      '\n::error title=Orders › has 2 orders,file=postman/shop.json,line=40::expected 1 to equal 2\n',
    )
    expect(stdout).toContain('::*** 3.0.1 → 3.0.2: a buffer overflow%0Ahttps')
    expect(exitCode).toBe(0)
  })

  it('never fails for a summary that cannot be written', async () => {
    const { stdout, exitCode } = await run(github([end(greenRun())]), { GITHUB_STEP_SUMMARY: '/nowhere/summary.md' })
    expect(stdout).toContain("\nJob summary not written: Unable to access summary file: '/nowhere/summary.md'.")
    expect(exitCode).toBe(0)
  })

  it('gives no command that a finding wrote', async () => {
    const hostile = finding({ message: 'x\n::set-output name=a::b', rule: '::error::' })
    const { stdout } = await run(
      github([end(record([part('scan:x', [0, 1], { status: 'failed', findings: [hostile] })]))]),
    )
    expect(stdout.split('\n').filter(text => text.trimStart().startsWith('::'))).toEqual([
      '::error title=high%3A %3A%3Aerror%3A%3A (trivy)::x%0A::set-output name=a::b',
    ])
  })
})

describe('an action on GitHub', () => {
  it('reads inputs; an empty one is none', async () => {
    const acts = [say('read', 'build-args'), say('read', 'file'), say('read', 'tags')]
    const { stdout } = await run(github(acts), { 'INPUT_BUILD-ARGS': ' A=1 ', INPUT_FILE: '' })
    expect(stdout).toBe('"A=1"\n"undefined"\n"undefined"\n')
  })

  it('gives outputs and state by file', async () => {
    const env = await files('GITHUB_OUTPUT', 'GITHUB_STATE')
    const { stdout } = await run(github([say('output', 'a@b'), say('state', '/tmp/run')]), env)
    expect(stdout).toBe('')
    expect(await readFile(env.GITHUB_OUTPUT, 'utf8')).toMatch(/^image<<(ghadelimiter_.*)\na@b\n\1\n$/)
    expect(await readFile(env.GITHUB_STATE, 'utf8')).toMatch(/^run<<(ghadelimiter_.*)\n\/tmp\/run\n\1\n$/)
  })

  it('warns inside a group and fails after it', async () => {
    const acts = [
      mask('hunter2'),
      started('a', 0),
      line('a', 0, 'x'),
      say('warn', 'hunter2\nleft'),
      say('fail', 'it is red'),
    ]
    const { stdout, exitCode } = await run(github(acts))
    expect(stdout).toBe(`::add-mask::hunter2
::group::a
::stop-commands::TOKEN
x
::TOKEN::
::warning::***%0Aleft
::stop-commands::TOKEN
::TOKEN::
::endgroup::
::error::it is red
`)
    expect(exitCode).toBe(1)
  })
})
