import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it, jest } from '@jest/globals'
import { execa } from 'execa'
import { greenRun } from '../report/fixtures.ts'
import type { Act } from './play.ts'
import { end, ended, line, mask, note, planned, playArgv, started, wait } from './stage.ts'

// Each test starts processes, on a machine that may be busy.
jest.setTimeout(60_000)

type Environment = Readonly<{ [name: string]: string }>
const hide = '\x1b[?25l'
const red = '\x1b[31m'
const show = '\x1b[?25h'

/** What a host wrote to a real terminal, and the pictures that it drew there, one after the other. */
async function watch(acts: readonly Act[], env: Environment = {}, ...flags: readonly string[]) {
  const argv = [join(import.meta.dirname, 'screen.py'), ...flags, ...playArgv({ host: 'terminal', acts })]
  const result = await execa('python3', argv, {
    env: { PATH: process.env.PATH, TERM: 'xterm', ...env },
    extendEnv: false,
    reject: false,
  })
  const raw = result.stdout.replaceAll('\r\n', '\n')
  const frames = raw.split('\x1b[?2026h').slice(1)
  return {
    raw,
    frames: frames.map(frame => stripVTControlCharacters(frame).replaceAll('\r', '')),
    exitCode: result.exitCode,
  }
}

const times = (text: string): string => text.replaceAll(/ *\d+\.\d s| *\d+ m \d\d s/g, ' TIME')

const acts = [
  planned('build:web:linux/amd64', 'build:web:linux/arm64', 'check:format', 'scan:web'),
  note(0, 'Builder: docker-container'),
  started('build:web:linux/amd64', 0),
  started('check:format', 0),
  mask('hunter2'),
  line('build:web:linux/amd64', 1, `token hunter2 \x1b[2Jof ${'x'.repeat(100)}`),
  ended('build:web:linux/arm64', [0, 75], { kind: 'work' }),
  wait(300),
  line('check:format', 2, 'not formatted'),
  ended('check:format', [0, 3.25], { status: 'failed', reason: 'exit code 1' }),
  wait(300),
]

describe('a live terminal', () => {
  it('draws the tasks, what is running and what it last wrote', async () => {
    const { raw, frames } = await watch([...acts, { do: 'close' }], { NO_COLOR: '1' })
    const frame = frames.find(text => text.startsWith('  build')) ?? ''
    expect(times(frame)).toBe(`  build
›   web:linux/amd64 TIME  token *** of xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
✓   web:linux/arm64 TIME
› check:format TIME
· scan:web
2 running, 1 waiting, 1 passed TIME
`)
    expect(Math.max(...frame.split('\n').map(text => text.length))).toBe(79)
    expect(raw.startsWith(hide)).toBe(true)
    expect(raw.endsWith(show)).toBe(true)
  })

  it('prints above the tree what did not pass, and what was decided', async () => {
    const { frames } = await watch([...acts, { do: 'close' }])
    expect(frames[0]).toMatch(/^Builder: docker-container\n {2}build\n/)
    const above = frames.find(frame => frame.startsWith('check:format')) ?? ''
    expect(above.split('\n').slice(0, 2)).toEqual(['check:format  failed (3.3 s): exit code 1', '    not formatted'])
    expect(times(above)).toContain('\n✗ check:format TIME  failed: exit code 1\n')
  })

  it('takes the tree away at the end and says how it went', async () => {
    const { frames, raw } = await watch([...acts, end(greenRun())])
    expect(frames.at(-1)).toMatch(/^\nVerdicts\n {2}scan:web:linux\/amd64 {2}passed/)
    expect(raw.lastIndexOf(show)).toBeLessThan(raw.indexOf('Verdicts'))
  })

  it.each([
    ['dims and colours', {}, true],
    ['has no colour with NO_COLOR', { NO_COLOR: '1' }, false],
  ])('%s', async (_, env, expected) => {
    const { raw } = await watch([...acts, { do: 'close' }], env)
    expect(raw.includes(red)).toBe(expected)
  })

  it.each([
    ['CI', { CI: 'true' }],
    ['a dumb terminal', { TERM: 'dumb' }],
  ])('is none in %s', async (_, env) => {
    const { raw } = await watch(acts, env)
    expect(raw).not.toContain(hide)
    expect(stripVTControlCharacters(raw)).toContain('[  3.3s] check:format  failed (3.3 s): exit code 1\n')
  })

  it('never grows higher than the terminal', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `check:c${index}`)
    const { frames } = await watch([
      planned(...ids),
      ...ids.slice(0, 40).map(id => started(id, 0)),
      wait(250),
      { do: 'close' },
    ])
    expect(frames[0]?.trimEnd().split('\n')).toHaveLength(23)
    expect(times(frames[0] ?? '')).toContain('40 running, 20 waiting TIME\n')
  })

  it('gives the cursor back when the process is interrupted or throws', async () => {
    const interrupted = await watch([...acts, wait(30_000)], {}, '-INT')
    expect(interrupted.raw.endsWith(show)).toBe(true)
    expect(interrupted.exitCode).not.toBe(0)
    const thrown = await watch([...acts, { do: 'throw' }])
    expect(thrown.raw).toContain('Error: thrown')
    expect(thrown.raw).toContain(show)
  })
})
