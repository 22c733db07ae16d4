import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createMasker } from '../../src/host/mask.ts'
import { Cancelled } from '../../src/pipeline/perform.ts'
import { performPlan, type Session } from '../../src/pipeline/pipeline.ts'
import { runProgram } from '../../src/program/run.ts'
import type { Event } from '../../src/record/event.ts'
import { readParts, recordFileOf } from '../../src/run/parts.ts'
import { type Task, task } from '../../src/task/task.ts'
import { left } from '../program/processes.ts'

jest.setTimeout(30_000)

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'session-'))
  await mkdir(join(directory, 'logs'))
})
afterEach(() => rm(directory, { recursive: true }))

const goals = { run: [], build: [], check: [], scan: [], test: [], push: [], cache: [] }

/** Performs tasks in a run of their own; gives what came of it and what the host was told. */
async function perform(tasks: readonly Task<unknown>[], more: Partial<Session> = {}) {
  const events: Event[] = []
  const masked: string[] = []
  const session: Session = {
    run: { id: '0a1b2c3d', directory },
    plan: { hash: 'fedcba9876543210', tasks, goals, pushBuilt: [], metadata: {} },
    revision: { commit: '', ref: '', dirty: false, committed: '' },
    source: '0123456789abcdef',
    heard: [],
    context: directory,
    env: {
      PATH: process.env.PATH,
      NPM_TOKEN: 'se"cret-value',
      LICENCE: 'licence-value',
      AWS_REGION: 'eu-west-1',
      EMPTY: '',
    },
    secrets: ['LICENCE'],
    credentials: undefined,
    newmanWorker: '/nowhere',
    signal: new AbortController().signal,
    masker: createMasker(),
    show: event => void events.push(event),
    mask: secret => void masked.push(secret),
    ...more,
  }
  return { ...(await performPlan(session, tasks, new Map())), events, masked }
}

const taskOf = (
  id: string,
  work: Task<unknown>['perform'],
  kind: Task<unknown>['kind'] = 'blocking',
): Task<unknown> => ({
  ...task({ id, request: null, needs: {}, kind, perform: async () => ({ value: 0 }) }),
  perform: work,
})

describe('a session', () => {
  it('writes down each end at once, and the record of all', async () => {
    const first = taskOf('check:format', async () => ({ value: 1 }))
    const second: Task<unknown> = {
      ...taskOf('unit:web', async () => {
        const onDisk = (await readParts(directory)).map(({ task: id }) => id)
        return { status: 'failed', reason: `on disk: ${onDisk.join()}` }
      }),
      judges: [first],
    }
    const { record, own, parts, events } = await perform([second])
    expect(parts.map(({ task: id, reason }) => [id, reason])).toEqual([
      ['check:format', undefined],
      ['unit:web', 'on disk: check:format'],
    ])
    expect(record).toMatchObject({ outcome: 'failed', id: '0a1b2c3d', plan: { hash: 'fedcba9876543210' } })
    expect(own).toEqual({ ...record, started: own.started })
    expect(JSON.parse(await readFile(recordFileOf(directory), 'utf8'))).toEqual(record)
    expect(events.map(event => `${event.type} ${'task' in event ? event.task : ''}`.trim())).toEqual([
      'planned',
      'started check:format',
      'ended',
      'started unit:web',
      'ended',
    ])
  })

  it('keeps a log of each task, and its last lines in the part of one that did not pass', async () => {
    const say = (status: 'passed' | 'failed') =>
      taskOf(`check:${status}`, async (_, scope) => {
        for (let line = 1; line <= 30; line += 1) scope.say(`line ${line}`)
        return status === 'passed' ? { value: 0 } : { status, reason: 'no' }
      })
    const { parts } = await perform([say('passed'), say('failed')])
    const last = Array.from({ length: 20 }, (_, n) => `line ${n + 11}`)
    expect(Object.fromEntries(parts.map(({ task: id, log }) => [id, log]))).toEqual({
      'check:passed': undefined,
      'check:failed': last,
    })
    expect((await readdir(join(directory, 'logs'))).sort()).toEqual(['check_failed.log', 'check_passed.log'])
    expect((await readFile(join(directory, 'logs', 'check_passed.log'), 'utf8')).split('\n')).toHaveLength(31)
  })

  it('a secret that a task asked for is nowhere: not in lines, logs, parts, the record, or what the host is told', async () => {
    const leaky = taskOf('unit:web', async (_, scope) => {
      const secret = scope.secret('NPM_TOKEN') ?? ''
      scope.say(`token ${secret}`)
      return {
        status: 'failed',
        reason: `refused ${secret}`,
        value: { length: secret.length },
        tests: [{ suite: secret, name: 'a', status: 'failed', duration: 0, message: secret }],
      }
    })
    const { parts, record, own, events, masked } = await perform([leaky])
    const files = await Promise.all(
      (await readdir(directory, { recursive: true, withFileTypes: true }))
        .filter(entry => entry.isFile())
        .map(entry => readFile(join(entry.parentPath, entry.name), 'utf8')),
    )
    expect(masked).toEqual(['se"cret-value'])
    expect(parts[0]).toMatchObject({ reason: 'refused ***', value: { length: 13 }, log: ['token ***'] })
    expect(files.length).toBeGreaterThan(2)
    for (const text of [...files, JSON.stringify([parts, record, own, events])])
      expect(text).not.toContain('cret-value')
  })

  it('a secret that is not set is undefined, and nothing is masked for it', async () => {
    const seen: unknown[] = []
    const { masked } = await perform([
      taskOf('a', async (_, scope) => {
        seen.push(scope.secret('NO_SUCH'), scope.secret('EMPTY'))
        return { value: 0 }
      }),
    ])
    expect([seen, masked]).toEqual([[undefined, ''], []])
  })

  it('a right of this process is no secret that a task may have', async () => {
    const asks = (name: string) => taskOf(name, async (_, scope) => ({ value: Number(scope.secret(name)) }))
    const names = ['AWS_REGION', 'INPUT_PASSWORD']
    const env = { AWS_REGION: 'eu-west-1', INPUT_PASSWORD: 'push-password' }
    const { parts, masked } = await perform(names.map(asks), { env })
    const faults = Object.fromEntries(parts.map(({ task: id, fault }) => [id, fault?.message]))
    for (const name of names)
      expect(faults[name]).toMatch(`secret ${name}: expected a secret with a name of its own, such as NPM_TOKEN`)
    expect([parts.map(({ status }) => status), masked]).toEqual([['broken', 'broken'], []])
  })

  it('programs of a task get an environment without rights and secrets', async () => {
    const { parts } = await perform([
      taskOf('a', async (_, { env }) => ({ value: Object.keys(env).sort() as unknown as number })),
    ])
    expect(parts[0]?.value).toEqual(['EMPTY', 'PATH'])
  })

  it('a cancelled run leaves a record, and no process', async () => {
    const control = new AbortController()
    const ids: number[] = []
    const script = 'sh -c "sleep 300 & echo \\$!; wait" & echo $!; sleep 300 & echo $!; echo $$; wait'
    const shell = taskOf('unit:web', async (_, { env, signal }) => {
      await runProgram({
        title: 'Tests',
        argv: ['sh', '-c', script],
        env,
        signal,
        say: line => {
          if (ids.push(Number(line)) === 4) control.abort(new Cancelled('cancelled by SIGINT'))
        },
      })
      return { value: 0 }
    })
    const later: Task<unknown> = { ...taskOf('newman:web', async () => ({ value: 0 })), needs: [shell] }
    const { record } = await perform([later], { signal: control.signal })
    expect(record.outcome).toBe('cancelled')
    expect(record.tasks.map(({ task: id, status, reason }) => [id, status, reason]).sort()).toEqual([
      ['newman:web', 'cancelled', 'the run was cancelled'],
      ['unit:web', 'cancelled', 'cancelled by SIGINT'],
    ])
    expect(JSON.parse(await readFile(recordFileOf(directory), 'utf8'))).toEqual(record)
    expect(await left(ids)).toEqual([])
  })
})
