import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { OutsideError, UserError } from '../../src/errors.ts'
import { Cancelled, notStarted, type Outcome } from '../../src/pipeline/perform.ts'
import { type Schedule, schedule } from '../../src/pipeline/schedule.ts'
import type { Event } from '../../src/record/event.ts'
import { hashOf, type Result, type Task, task } from '../../src/task/task.ts'
import { advance, scopeWith } from './simulate.ts'

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'], now: 0 })
})
afterEach(() => {
  jest.useRealTimers()
})

type Tuning = Partial<Pick<Task<unknown>, 'kind' | 'weight' | 'deadline' | 'estimate' | 'judges'>>
type Work = (signal: AbortSignal) => Promise<Result<string>>

const done: Work = async () => ({ value: 'done' })
const taking =
  (ms: number): Work =>
  () =>
    new Promise(resolve => setTimeout(() => resolve({ value: 'done' }), ms))
const forEver: Work = () => new Promise(() => {})
const untilAborted: Work = signal =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('killed'))))

const taskOf = (id: string, perform: Work, { needs = [], ...tuning }: Tuning & { needs?: Task<string>[] } = {}) =>
  task({
    id,
    request: { id },
    needs: Object.fromEntries(needs.map(need => [need.id, need])),
    perform: (_, { signal }) => perform(signal),
    ...tuning,
  })

interface Told {
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly lines: readonly string[]
}

/** Runs goals; gives their ends and each event as `ms type task status`. */
async function run(goals: readonly Task<unknown>[], more: Partial<Schedule> = {}): Promise<Told> {
  const lines: string[] = []
  const outcomes = await advance(
    schedule({
      goals,
      capacity: 2,
      signal: new AbortController().signal,
      scopeOf: (_, signal) => scopeWith(signal),
      show: event => void lines.push(lineOf(event)),
      ...more,
    }),
  )
  return { outcomes, lines }
}

function lineOf(event: Event): string {
  if (event.type === 'ended') return `${event.at} ended ${event.part.task} ${event.part.status}`
  return `${event.at} ${event.type} ${event.type === 'started' ? event.task : ''}`
}

const overdue = 't did not end within 90 s; see its log for the last thing that it did'

describe('how a task ends', () => {
  const ends: readonly { title: string; perform: Work; part: object }[] = [
    { title: 'with a value', perform: done, part: { status: 'passed', value: 'done' } },
    {
      title: 'with a reason',
      perform: async () => ({ status: 'failed', reason: 'exit code 1' }),
      part: { status: 'failed', reason: 'exit code 1' },
    },
    {
      title: 'with evidence',
      perform: async () => ({ value: 'done', subject: 'source', pushed: [], reason: '3 verdicts' }),
      part: { status: 'passed', value: 'done', subject: 'source', pushed: [], reason: '3 verdicts' },
    },
    {
      title: 'by something the user can mend',
      perform: async () => {
        throw new UserError('build.file: there is no Dockerfile')
      },
      part: { status: 'broken', fault: { kind: 'user', message: 'build.file: there is no Dockerfile' } },
    },
    {
      title: 'by something outside',
      perform: async () => {
        throw new OutsideError('the engine does not answer')
      },
      part: { status: 'broken', fault: { kind: 'outside', message: 'the engine does not answer' } },
    },
    {
      title: 'by a bug, with its stack',
      perform: () => {
        throw new TypeError('x is undefined')
      },
      part: {
        status: 'broken',
        fault: { kind: 'bug', message: expect.stringMatching(/^TypeError: x is undefined\n +at .*ends\.test\.ts/) },
      },
    },
    {
      title: 'by a bug that is no Error',
      perform: async () => {
        throw 'nonsense'
      },
      part: { status: 'broken', fault: { kind: 'bug', message: 'nonsense' } },
    },
    {
      title: 'by its deadline, when it heeds its signal',
      perform: untilAborted,
      part: { status: 'broken', fault: { kind: 'outside', message: overdue } },
    },
    {
      title: 'by its deadline, when it does not',
      perform: forEver,
      part: { status: 'broken', fault: { kind: 'outside', message: overdue } },
    },
  ]
  it.each(ends)('$title', async ({ perform, part }) => {
    const { outcomes } = await run([taskOf('t', perform, { deadline: 90_000 })])
    const { started, ended, ...rest } = outcomes.get('t')?.part ?? {}
    expect(rest).toEqual({ task: 't', kind: 'work', request: hashOf({ id: 't' }), ...part })
    expect([started, ended].every(time => time?.endsWith('Z'))).toBe(true)
  })

  it('its part holds the value as JSON, its outcome the very value', async () => {
    const value = { when: new Date(5), nothing: undefined } as unknown as string
    const { outcomes } = await run([taskOf('t', async () => ({ value }))])
    expect(outcomes.get('t')?.part.value).toEqual({ when: '1970-01-01T00:00:00.005Z' })
    expect(outcomes.get('t')?.value).toBe(value)
  })
})

describe('the clock', () => {
  it('a task that ignores its deadline is left behind 10 s later, and the run goes on', async () => {
    const stuck = taskOf('stuck', forEver, { deadline: 5_000, kind: 'advisory' })
    const { lines } = await run([stuck, taskOf('next', done, { judges: [stuck] })])
    expect(lines).toEqual([
      '0 started stuck',
      '15000 ended stuck broken',
      '15000 started next',
      '15000 ended next passed',
    ])
  })

  it('a task that ends well within the grace has ended well', async () => {
    const { outcomes, lines } = await run([taskOf('slow', taking(8_000), { deadline: 5_000 })])
    expect(lines).toEqual(['0 started slow', '8000 ended slow passed'])
    expect(outcomes.get('slow')?.value).toBe('done')
  })

  it('nothing is left ticking', async () => {
    await run([taskOf('a', done), taskOf('b', untilAborted, { deadline: 10 })])
    expect(jest.getTimerCount()).toBe(0)
  })
})

describe('the order', () => {
  it('the longest remaining path starts first, whatever the order of the goals', async () => {
    const short = taskOf('short', taking(1), { estimate: 500 })
    const head = taskOf('head', taking(1), { estimate: 100 })
    const tail = taskOf('tail', taking(1), { estimate: 1_000, needs: [head] })
    const { lines } = await run([short, tail], { capacity: 1 })
    expect(lines.filter(line => line.includes('started'))).toEqual([
      '0 started head',
      '1 started tail',
      '2 started short',
    ])
  })

  it('a light task takes the place that a heavy one can not', async () => {
    const [first, heavy, light] = [
      taskOf('first', taking(10), { weight: 1, estimate: 3_000 }),
      taskOf('heavy', taking(10), { weight: 2, estimate: 2_000 }),
      taskOf('light', taking(10), { weight: 1, estimate: 1_000 }),
    ]
    const { lines } = await run([first, heavy, light])
    expect(lines).toEqual([
      '0 started first',
      '0 started light',
      '10 ended first passed',
      '10 ended light passed',
      '10 started heavy',
      '20 ended heavy passed',
    ])
  })

  it('a task heavier than the machine runs alone, one without weight always', async () => {
    const tasks = [
      taskOf('huge', taking(10), { weight: 64, estimate: 9_000 }),
      taskOf('one', taking(10)),
      taskOf('waits', taking(10), { weight: 0 }),
    ]
    const { lines } = await run(tasks)
    expect(lines.filter(line => line.includes('started'))).toEqual([
      '0 started huge',
      '0 started waits',
      '10 started one',
    ])
  })

  it('what is given is not done again, and what needs it gets its value', async () => {
    const before = taskOf('before', forEver)
    const part = { ...notStarted(before, 'skipped', 'done already').part, status: 'passed' as const, value: 'staged' }
    const after = task({
      id: 'after',
      request: null,
      needs: { before },
      perform: async needed => ({ value: needed.before }),
    })
    const { outcomes, lines } = await run([after], { given: new Map([['before', { part, value: 'staged' }]]) })
    expect(lines).toEqual(['0 started after', '0 ended after passed'])
    expect(outcomes.get('after')?.value).toBe('staged')
  })
})

describe('after a failure', () => {
  const failing: Work = async () => ({ status: 'failed', reason: 'no' })

  it('verdicts go on, and so does what they need; what only ships is cancelled', async () => {
    const build = taskOf('build', taking(20))
    const check = taskOf('check', failing, { kind: 'blocking' })
    const scan = taskOf('scan', taking(20), { kind: 'blocking', needs: [build] })
    const gate = taskOf('gate', failing, { judges: [check, scan] })
    const push = taskOf('push', done, { needs: [gate] })
    const warm = taskOf('warm', untilAborted)
    const { lines, outcomes } = await run([push, warm], { capacity: 8 })
    expect(lines).toEqual([
      '0 started build',
      '0 started check',
      '0 started warm',
      '0 ended check failed',
      '0 ended warm cancelled',
      '0 ended push cancelled',
      '20 ended build passed',
      '20 started scan',
      '40 ended scan passed',
      '40 started gate',
      '40 ended gate failed',
    ])
    expect(outcomes.get('push')?.part.reason).toBe('not worth doing: check failed')
    expect(outcomes.get('warm')?.part.reason).toBe('not worth going on: check failed')
  })

  it('an advisory failure stops nothing', async () => {
    const check = taskOf('check', failing, { kind: 'advisory' })
    const { outcomes } = await run([check, taskOf('push', taking(5), { judges: [] })])
    expect([...outcomes.values()].map(({ part }) => part.status).sort()).toEqual(['failed', 'passed'])
  })

  it('what needs a task without a value says so: a skip leads to a skip, anything else to a cancel', async () => {
    const skipped = taskOf('skipped', async () => ({ status: 'skipped', reason: 'not native' }), { kind: 'blocking' })
    const broken = taskOf('broken', async () => {
      throw new OutsideError('gone')
    })
    const tasks = [
      taskOf('after-skip', done, { kind: 'blocking', needs: [skipped] }),
      taskOf('after-broken', done, { kind: 'blocking', needs: [broken] }),
    ]
    const { outcomes } = await run(tasks)
    const told = tasks.map(({ id }) => [outcomes.get(id)?.part.status, outcomes.get(id)?.part.reason])
    expect(told).toEqual([
      ['skipped', 'skipped was skipped: not native'],
      ['cancelled', 'needs broken, which ended broken'],
    ])
  })
})

describe('cancelling', () => {
  it('the run: each task that runs gets the signal, the others say why they did not', async () => {
    const control = new AbortController()
    setTimeout(() => control.abort(new Cancelled('cancelled by SIGINT')), 50)
    const heeds = taskOf('heeds', untilAborted)
    const tasks = [heeds, taskOf('ignores', forEver), taskOf('later', done, { needs: [heeds] })]
    const { lines, outcomes } = await run(tasks, { signal: control.signal })
    expect(lines).toEqual([
      '0 started heeds',
      '0 started ignores',
      '50 ended heeds cancelled',
      '50 ended later cancelled',
      '10050 ended ignores cancelled',
    ])
    expect(['heeds', 'later'].map(id => outcomes.get(id)?.part.reason)).toEqual([
      'cancelled by SIGINT',
      'the run was cancelled',
    ])
  })

  it('before the start: nothing starts', async () => {
    const signal = AbortSignal.abort(new Cancelled('cancelled by SIGINT'))
    const { lines } = await run([taskOf('a', done), taskOf('b', done)], { signal })
    expect(lines).toEqual(['0 ended a cancelled', '0 ended b cancelled'])
  })

  it('while the host is told that a task starts: the task does not', async () => {
    const control = new AbortController()
    let performed = false
    const late = taskOf('late', async () => {
      performed = true
      return { value: 'done' }
    })
    const show = (event: Event) => event.type === 'started' && control.abort(new Cancelled('cancelled by SIGINT'))
    const { outcomes } = await run([late], { signal: control.signal, show: async event => void show(event) })
    expect(outcomes.get('late')?.part).toMatchObject({ status: 'cancelled', reason: 'cancelled by SIGINT' })
    expect(performed).toBe(false)
  })

  it('a host that throws breaks the run off, once all that ran has ended', async () => {
    const seen: string[] = []
    const slow = taskOf('slow', signal => untilAborted(signal).finally(() => seen.push('slow ended')))
    const show = (event: Event) => {
      if (event.type === 'ended') throw new OutsideError("can't write: the disk is full")
    }
    const broken = run([slow, taskOf('quick', taking(5))], { show })
    await expect(broken).rejects.toThrow("can't write: the disk is full")
    expect(seen).toEqual(['slow ended'])
  })
})
