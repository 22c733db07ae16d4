import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { OutsideError } from '../../src/errors.ts'
import { type Ended, failureOf, type Program, runProgram, SilentError } from '../../src/program/run.ts'
import { left } from './processes.ts'

jest.setTimeout(30_000)

const env = { PATH: process.env.PATH }
const shell = (script: string, more: Partial<Program> = {}): Promise<Ended> =>
  runProgram({ title: 'Test', argv: ['sh', '-c', script], env, ...more })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'program-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('how a program ends', () => {
  const ends = [
    ['true', { exitCode: 0, signal: undefined, stdout: '', stderr: '' }],
    ['echo out; echo err >&2; exit 3', { exitCode: 3, signal: undefined, stdout: 'out', stderr: 'err' }],
    ['printf "a\\n\\nb"', { exitCode: 0, signal: undefined, stdout: 'a\n\nb', stderr: '' }],
    ['kill -9 $$', { exitCode: undefined, signal: 'SIGKILL', stdout: '', stderr: '' }],
    ['read word; echo "<$word>"', { exitCode: 0, signal: undefined, stdout: '<>', stderr: '' }],
  ] as const
  it.each(ends)('%s', async (script, expected) => {
    const { duration, ...end } = await shell(script)
    expect(end).toEqual(expected)
    expect(duration).toBeGreaterThan(0)
  })

  it('argv is handed on word by word: no shell looks at it', async () => {
    const argv = ['printf', '%s|', '$HOME', '`id`', 'a b', '*', '']
    expect((await runProgram({ title: 'Print', argv, env })).stdout).toBe('$HOME|`id`|a b|*||')
  })

  it('the environment is the one that is given, and nothing else', async () => {
    const { stdout } = await runProgram({ title: 'env', argv: ['/usr/bin/env'], env: { A: '1', B: undefined } })
    expect(stdout).toBe('A=1')
  })

  it('it runs in its folder and reads its input', async () => {
    const { stdout } = await shell('pwd; cat', { cwd: folder, input: 'pass word\n' })
    expect(stdout).toBe(`${folder}\npass word`)
  })

  it('each line is told as it comes, with its stream, also a last one that is not whole', async () => {
    const told: string[] = []
    const end = await shell('echo a; sleep 0.1; echo b >&2; sleep 0.1; printf "c\\nd"', {
      say: (line, stream) => told.push(`${stream} ${line}`),
    })
    expect(told).toEqual(['stdout a', 'stderr b', 'stdout c', 'stdout d'])
    expect([end.stdout, end.stderr]).toEqual(['a\nc\nd', 'b'])
  })

  it('one that is not there, or may not be run, is something outside', async () => {
    const file = join(folder, 'no-program')
    await writeFile(file, 'not a program', { mode: 0o644 })
    const start = (name: string) => runProgram({ title: 'Scan web', argv: [name, '--quiet'], env })
    await expect(start('no-such-program')).rejects.toThrow(
      new OutsideError('Scan web: there is no program no-such-program on PATH\nInstall it, or put it on PATH.'),
    )
    await expect(start(file)).rejects.toThrow(new OutsideError(`Scan web: can't start ${file}: spawn ${file} EACCES`))
  })
})

describe('a failure in words', () => {
  const end: Ended = { exitCode: 1, signal: undefined, stdout: '', stderr: '', duration: 1_234 }
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`).join('\n')
  const cases: readonly { title: string; end: Ended; message: string }[] = [
    { title: 'nothing said', end, message: 'Build web: docker ended with exit code 1 after 1.2 s' },
    {
      title: 'standard error counts first',
      end: { ...end, stdout: 'out', stderr: ' no space left \n' },
      message: 'Build web: docker ended with exit code 1 after 1.2 s\nno space left',
    },
    {
      title: 'else standard output',
      end: { ...end, stdout: 'out\n' },
      message: 'Build web: docker ended with exit code 1 after 1.2 s\nout',
    },
    {
      title: 'a signal',
      end: { ...end, exitCode: undefined, signal: 'SIGKILL', duration: 60_000 },
      message: 'Build web: docker ended with signal SIGKILL after 60.0 s',
    },
    {
      title: 'the last 20 lines',
      end: { ...end, stderr: lines(1, 30) },
      message: `Build web: docker ended with exit code 1 after 1.2 s\n${lines(11, 30)}`,
    },
  ]
  it.each(cases)('$title', ({ end: one, message }) => {
    expect(failureOf({ title: 'Build web', argv: ['docker', 'buildx', 'build'] }, one)).toBe(message)
  })
})

describe('cancelling', () => {
  /** Starts a script that prints process ids; cancels it once `count` are there; gives the ids and how it ended. */
  async function cancelled(script: string, count: number) {
    const control = new AbortController()
    const ids: number[] = []
    const reason = new Error('cancelled by SIGINT')
    const began = Date.now()
    const end = await shell(script, {
      signal: control.signal,
      say(line) {
        ids.push(Number(line))
        if (ids.length === count) control.abort(reason)
      },
    }).catch((error: unknown) => error)
    return { ids, end, reason, took: Date.now() - began }
  }

  it('reaches the program and all that it started, and throws the reason', async () => {
    const { ids, end, reason } = await cancelled(
      'sh -c \'sleep 300 & echo $!; sh -c "sleep 300 & echo \\$!; wait" & echo $!; wait\' & echo $!; echo $$; wait',
      5,
    )
    expect(end).toBe(reason)
    expect(await left(ids)).toEqual([])
  })

  it('a program that ignores SIGTERM is killed five seconds later, with what it started', async () => {
    const { ids, end, reason, took } = await cancelled(
      'trap "" TERM; sleep 300 & echo $!; echo $$; while true; do sleep 0.1; done',
      2,
    )
    expect(end).toBe(reason)
    expect(await left(ids)).toEqual([])
    expect(took).toBeGreaterThan(4_900)
  })

  it('one that heeds SIGTERM leaves no child behind that ignores it, even with its output elsewhere', async () => {
    const { ids, end, reason } = await cancelled(
      '(trap "" TERM; exec sleep 300) > /dev/null 2>&1 & child=$!; sleep 0.3; echo $child; echo $$; wait',
      2,
    )
    expect(end).toBe(reason)
    expect(await left(ids)).toEqual([])
  })

  it('before the start: nothing is started', async () => {
    const file = join(folder, 'started')
    const signal = AbortSignal.abort(new Error('cancelled by SIGINT'))
    await expect(shell(`touch ${file}`, { signal })).rejects.toThrow('cancelled by SIGINT')
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })

  it('after the end: nothing happens', async () => {
    const control = new AbortController()
    const end = await shell('echo done', { signal: control.signal })
    control.abort()
    expect(end.stdout).toBe('done')
  })
})

/** Where the system tells what a process has moved. */
const onLinux = process.platform === 'linux' ? it : it.skip
describe('a program that may not be silent for long', () => {
  onLinux('is ended when it moves no byte', async () => {
    const work = shell('exec sleep 300', { silence: 500 })
    await expect(work).rejects.toThrow(new SilentError('Test: sh moved no byte for 0.5 s'))
  })

  it('is let be while it works, whether or not it writes to us', async () => {
    const { exitCode } = await shell('for i in 1 2 3 4 5 6 7 8; do sleep 0.2; echo > /dev/null; done', {
      silence: 1_000,
    })
    expect(exitCode).toBe(0)
  })

  it('still heeds a cancel', async () => {
    const control = new AbortController()
    const work = shell('sleep 300', { silence: 10_000, signal: control.signal })
    setTimeout(() => control.abort(new Error('stop')), 200)
    await expect(work).rejects.toThrow('stop')
  })
})
