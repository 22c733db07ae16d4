import { describe, expect, it } from '@jest/globals'
import { isCleared } from '../../src/gate/gate.ts'
import { gateTask, unaskedGateTask } from '../../src/pipeline/judge.ts'
import { schedule } from '../../src/pipeline/schedule.ts'
import type { Digest, Image } from '../../src/record/image.ts'
import type { Verdict } from '../../src/record/verdict.ts'
import { type Kind, type Result, type Task, task } from '../../src/task/task.ts'
import { scopeWith } from './simulate.ts'

const digestOf = (digit: string): Digest => `sha256:${digit.repeat(64)}`
const imageOf = (name: string, digit: string): Image => ({
  name,
  target: '',
  platform: 'linux/amd64',
  digest: digestOf(digit),
  repository: `127.0.0.1:1/acme/${name}`,
})
const build = (name: string, digit: string): Task<Image> =>
  task({ id: `build:${name}`, request: null, needs: {}, perform: async () => ({ value: imageOf(name, digit) }) })
const judge = (id: string, result: Result<number>, kind: Kind = 'blocking'): Task<number> =>
  task({ id, request: null, needs: {}, kind, perform: async () => result })

/** Performs a gate; gives its part, and what it said. */
async function ask(gate: Task<unknown>, heard: readonly Verdict[] = []) {
  const said: string[] = []
  const outcomes = await schedule({
    goals: [gate],
    heard,
    capacity: 2,
    signal: new AbortController().signal,
    scopeOf: (_, signal) => ({ ...scopeWith(signal), say: line => said.push(line) }),
    show() {},
  })
  const outcome = outcomes.get('gate')
  return { status: outcome?.part.status, reason: outcome?.part.reason, said, value: outcome?.value }
}

const ok = (digit: string): Result<number> => ({ value: 0, subject: digestOf(digit) })

describe('the gate as a task', () => {
  it('clears the images that every blocking task passed', async () => {
    const web = { name: 'web', image: build('web', 'a'), judges: [judge('scan:web', ok('a'))] }
    const worker = { name: 'worker', image: build('worker', 'b'), judges: [judge('scan:worker', ok('b'))] }
    const { status, reason, said, value } = await ask(
      gateTask(
        [web, worker],
        [judge('check:format', { value: 0 }), judge('check:types', { status: 'failed', reason: 'no' }, 'advisory')],
      ),
    )
    expect({ status, reason, said }).toEqual({ status: 'passed', reason: '3 verdicts', said: [] })
    expect(isCleared(value as object)).toBe(true)
    expect((value as { images: unknown }).images).toEqual([imageOf('web', 'a'), imageOf('worker', 'b')])
  })

  it('says why not, a line for each reason', async () => {
    const web = {
      name: 'web',
      image: build('web', 'a'),
      judges: [
        judge('scan:web', ok('b')),
        judge('newman:web', { status: 'failed', reason: '2 failed\nGET /', subject: digestOf('a') }),
      ],
    }
    const said = [
      `scan:web is about ${digestOf('b')}, not about ${digestOf('a')}, which would ship`,
      'newman:web failed: 2 failed',
    ]
    expect(await ask(gateTask([web], []))).toEqual({
      status: 'failed',
      reason: said.join('; '),
      said,
      value: undefined,
    })
  })

  it('takes a verdict of one image for no other', async () => {
    const swapped = [
      { name: 'web', image: build('web', 'a'), judges: [judge('scan:web', ok('b'))] },
      { name: 'worker', image: build('worker', 'b'), judges: [judge('scan:worker', ok('a'))] },
    ]
    expect((await ask(gateTask(swapped, []))).status).toBe('failed')
  })

  it('hears of a task that broke', async () => {
    const broken = task({
      id: 'scan:web',
      request: null,
      needs: {},
      kind: 'blocking',
      perform: async () => {
        throw new Error('no space left')
      },
    })
    const web = { name: 'web', image: build('web', 'a'), judges: [broken, judge('contract:web', ok('a'))] }
    expect((await ask(gateTask([web], []))).reason).toBe('scan:web broken: Error: no space left')
  })
})

describe('the gate of a build that pushes by itself', () => {
  const gate = () => unaskedGateTask([{ image: build('web', 'a') }])
  const about = (subject: Verdict['subject'], told: Partial<Verdict>): Verdict => ({
    task: 'scan:web',
    subject,
    status: 'passed',
    blocking: true,
    ...told,
  })
  const red = { status: 'failed', reason: '1 critical' } as const
  const nothing = 'no verdict was asked for: nothing scanned or tested this image'

  it('asks for no verdict, and says so', async () => {
    const { status, reason, said, value } = await ask(gate())
    expect({ status, reason, said }).toEqual({ status: 'passed', reason: nothing, said: [nothing] })
    expect(isCleared(value as object)).toBe(true)
  })

  it.each<[string, readonly Verdict[], string]>([
    ['of its digest', [about(digestOf('a'), red)], 'scan:web failed: 1 critical'],
    ['of the source', [about('source', red)], 'scan:web failed: 1 critical'],
    ['beside one that passed', [about(digestOf('a'), {}), about('source', { status: 'broken' })], 'scan:web broken'],
  ])('hears what is red %s', async (_, heard, reason) => {
    expect(await ask(gate(), heard)).toEqual({ status: 'failed', reason, said: [reason], value: undefined })
  })

  it.each<[string, readonly Verdict[], string]>([
    ['another digest', [about(digestOf('b'), red)], nothing],
    ['what was cancelled, and judged nothing', [about('source', { status: 'cancelled' })], nothing],
    ['advice', [about(digestOf('a'), { ...red, blocking: false })], nothing],
    ['what passed about its digest', [about(digestOf('a'), {})], 'the verdicts of this run'],
  ])('is not held up by %s', async (_, heard, reason) => {
    expect(await ask(gate(), heard)).toMatchObject({ status: 'passed', reason })
  })
})
