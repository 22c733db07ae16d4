import { describe, expect, it, jest } from '@jest/globals'
import { greenRun } from '../report/fixtures.ts'
import type { Act, Play } from './play.ts'
import { end, ended, line, mask, note, planned, run, say, started, wait } from './stage.ts'

// Each test starts processes, on a machine that may be busy.
jest.setTimeout(60_000)

const plain = (acts: readonly Act[], more: Partial<Play> = {}): Play => ({ host: 'terminal', acts, ...more })

const fault = { kind: 'outside' as const, message: 'Pull trivy-db: no answer\nTry again later.' }

const acts = [
  planned('build:web', 'scan:web', 'check:format', 'newman:web', 'push:web'),
  note(0.5, 'Builder: docker-container'),
  started('build:web', 1),
  line('build:web', 1, 'DONE 1.0s FROM debian'),
  started('check:format', 1),
  line('check:format', 2, '** (Mix) files are not formatted\n  lib/a.ex'),
  ended('check:format', [1, 3.25], { status: 'failed', reason: 'exit code 1' }),
  ended('build:web', [1, 62.5], { kind: 'work' }),
  started('scan:web', 62.5),
  ended('scan:web', [62.5, 63], { status: 'broken', fault }),
  ended('newman:web', [63, 63], { status: 'skipped', reason: 'not native' }),
  ended('push:web', [63, 63], { kind: 'work', status: 'cancelled', reason: 'needs gate' }),
]

describe('a terminal that is none', () => {
  it('says one line per end and decision, and the output of what failed', async () => {
    expect(await run(plain(acts))).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `[  0.5s] Builder: docker-container
[  3.3s] check:format  failed (2.3 s): exit code 1
             ** (Mix) files are not formatted
               lib/a.ex
[ 62.5s] build:web  passed (1 m 02 s)
[ 63.0s] scan:web  broken (0.5 s): could not look: Pull trivy-db: no answer
           Try again later.
[ 63.0s] newman:web  skipped: not native
[ 63.0s] push:web  cancelled: needs gate
`,
    })
  })

  it('tells every line when asked to', async () => {
    expect((await run(plain(acts.slice(0, 7), { verbose: true }))).stderr).toBe(`[  0.5s] Builder: docker-container
[  1.0s] build:web | DONE 1.0s FROM debian
[  2.0s] check:format | ** (Mix) files are not formatted
         check:format |   lib/a.ex
[  3.3s] check:format  failed (2.3 s): exit code 1
`)
  })

  it.each([
    ['colours when forced', { FORCE_COLOR: '1', NO_COLOR: '1' }, 'check:format  \x1b[31mfailed\x1b[39m (2.3 s)'],
    ['does not when forced not to', { FORCE_COLOR: '0' }, 'check:format  failed (2.3 s)'],
    ['does not without being asked', {}, 'check:format  failed (2.3 s)'],
  ])('%s', async (_, env, expected) => {
    expect((await run(plain(acts), env)).stderr).toContain(expected)
  })

  it('hides secrets, also those that a line before told, and control characters', async () => {
    const secrets = [
      started('check:x', 0),
      line('check:x', 0, 'early hunter2-secret'),
      mask('hunter2-secret'),
      mask('line one of it\nline two of it'),
      line('check:x', 0, 'hunter2-\u0007secret \x1b[2J\x1b[31mred\x1b[0m'),
      line('check:x', 0, 'line one of it'),
      line('check:x', 0, 'line two of it'),
      ended('check:x', [0, 1], { status: 'failed', reason: 'saw hunter2-secret' }),
    ]
    expect((await run(plain(secrets))).stderr).toBe(`[  1.0s] check:x  failed (1.0 s): saw ***
             early ***
             *** red
             ***
             ***
`)
  })

  it('says now and then what is running, and ends with the process', async () => {
    const { stderr } = await run(plain([started('build:web', 0), wait(350)], { beat: 200 }))
    expect(stderr).toMatch(/^\[ *\d+\.\ds\] running: build:web \(\d+ m \d\d s\)\n$/)
  })

  it('keeps the last lines and says how many came before', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) => line('check:x', 0, `line ${index}`))
    const { stderr } = await run(
      plain([started('check:x', 0), ...many, ended('check:x', [0, 1], { status: 'failed' })]),
    )
    const lines = stderr.split('\n')
    expect(lines.slice(0, 3)).toEqual([
      '[  1.0s] check:x  failed (1.0 s)',
      '             … 200 lines before these',
      '             line 200',
    ])
    expect(lines.at(-2)).toBe('             line 1199')
  })

  it('shows what a task of an earlier step logged', async () => {
    const { stderr } = await run(plain([ended('scan:web', [0, 1], { status: 'failed', log: ['found 2'] })]))
    expect(stderr).toBe('[  0.0s] scan:web  failed (1.0 s)\n             found 2\n')
  })

  it('closes with the report', async () => {
    const { stderr } = await run(plain([mask('acme'), end(greenRun()), note(81, 'after the end')]))
    expect(stderr).toContain('\nPushed\n  123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/web:1.2.0 sha256:bbbb')
    expect(stderr).toContain('\nPassed in 1 m 20 s:\n  web linux/amd64 sha256:aaaa')
    expect(stderr).toMatch(/\[ {2}0\.0s\] after the end\n$/)
  })

  it('reads what it is given; an empty word is none', async () => {
    const { stdout } = await run(plain([say('read', 'A'), say('read', 'B'), say('read', 'C')]), { A: 'a', B: '' })
    expect(stdout).toBe('"a"\n"undefined"\n"undefined"\n')
  })
})
