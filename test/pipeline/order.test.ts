import { describe, expect, it } from '@jest/globals'
import { closureOf, remainingOf, worthAfterFailure } from '../../src/pipeline/order.ts'
import { hashOf, type Json, stageOf, type Task, task } from '../../src/task/task.ts'

const taskOf = (
  id: string,
  needs: readonly Task<unknown>[] = [],
  more: Partial<Task<unknown>> = {},
): Task<unknown> => ({
  ...task({ id, request: null, needs: {}, perform: async () => ({ value: id }) }),
  needs,
  ...more,
})

const builder = taskOf('builder', [], { estimate: 3 })
const build = taskOf('build', [builder], { estimate: 60 })
const check = taskOf('check', [], { kind: 'blocking', estimate: 10 })
const scan = taskOf('scan', [build], { kind: 'blocking', estimate: 15 })
const gate = taskOf('gate', [build], { judges: [check, scan], estimate: 1 })
const push = taskOf('push', [gate], { estimate: 5 })

describe('order', () => {
  const ids = (tasks: Iterable<Task<unknown>>) => [...tasks].map(({ id }) => id)

  it('goals come with all that they wait for, each once, needs first', () => {
    expect(ids(closureOf([push, check]))).toEqual(['builder', 'build', 'check', 'scan', 'gate', 'push'])
    expect(ids(closureOf([build]))).toEqual(['builder', 'build'])
    expect(ids(closureOf([]))).toEqual([])
  })

  it('the remaining time of a task is that of the longest chain from its start', () => {
    const remaining = remainingOf(closureOf([push, taskOf('short', [builder], { estimate: 1 })]))
    expect(Object.fromEntries([...remaining].map(([{ id }, ms]) => [id, ms]))).toEqual({
      push: 5,
      gate: 6,
      scan: 21,
      check: 16,
      build: 81,
      builder: 84,
      short: 1,
    })
  })

  it('after a failure only what leads to a verdict, or weighs verdicts, is worth doing', () => {
    expect(ids(worthAfterFailure([build, scan, push]))).toEqual(['builder', 'build', 'scan'])
    expect(ids(worthAfterFailure([gate, push]))).toEqual(['builder', 'build', 'check', 'scan', 'gate'])
    expect(ids(worthAfterFailure([builder, build, push]))).toEqual([])
  })
})

describe('hashes', () => {
  it('are the same for the same plain data, whatever the order of its keys', () => {
    expect(hashOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(hashOf({ b: { d: null, c: [1, 2] }, a: 1 }))
    expect(hashOf({ a: 1, b: undefined })).toBe(hashOf({ a: 1 }))
    expect(hashOf({ a: 1 })).toMatch(/^[0-9a-f]{16}$/)
  })

  const different: readonly Json[] = [
    { a: 1 },
    { a: '1' },
    { a: true },
    { a: null },
    {},
    [],
    [1],
    [[1]],
    [1, 1],
    '1',
    1,
    null,
  ]
  it('differ for different data', () => {
    expect(new Set(different.map(hashOf)).size).toBe(different.length)
    expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]))
    expect(hashOf({ ab: 'c' })).not.toBe(hashOf({ a: 'bc' }))
  })

  it('stay what they are: parts on disk are compared with them', () => {
    expect(hashOf({ target: 'prod', platform: 'linux/amd64' })).toBe('0c5ec97c5f6ddb15')
  })

  it('a stage is the first word of a task', () => {
    expect(['scan:web:linux/amd64', 'gate', 'check:format'].map(stageOf)).toEqual(['scan', 'gate', 'check'])
  })
})
