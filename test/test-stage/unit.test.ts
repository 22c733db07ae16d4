import { describe, expect, it } from '@jest/globals'
import type { TestCase } from '../../src/record/test-case.ts'
import { judgeUnit } from '../../src/test/unit.ts'

const test = (status: TestCase['status']): TestCase => ({ suite: 'web', name: status, status, duration: 1 })
const passed = test('passed')

interface Case {
  readonly title: string
  readonly exitCode: number | undefined
  readonly tests?: readonly TestCase[]
  /** none: the tests passed with `value` */
  readonly failed?: string
  readonly value?: number
  readonly reason?: string
}

const cases: readonly Case[] = [
  { title: 'all passed', exitCode: 0, tests: [passed, passed], value: 2, reason: '2 tests, 0 failed' },
  { title: 'one of them', exitCode: 0, tests: [passed], value: 1, reason: '1 test, 0 failed' },
  { title: 'some were skipped', exitCode: 0, tests: [passed, test('skipped')], value: 2, reason: '2 tests, 0 failed' },
  {
    title: 'without a report the exit code counts',
    exitCode: 0,
    value: 0,
    reason: 'exit code 0; name unit.junit for true counts',
  },
  { title: 'one failed', exitCode: 1, tests: [passed, test('failed')], failed: 'exit code 1, 2 tests, 1 failed' },
  { title: 'one could not say', exitCode: 2, tests: [test('error')], failed: 'exit code 2, 1 test, 1 failed' },
  { title: 'without a report', exitCode: 7, failed: 'exit code 7' },
  {
    title: 'all passed, and yet the runner says no',
    exitCode: 1,
    tests: [passed],
    failed: 'exit code 1, 1 test, 0 failed',
  },
  {
    title: 'one failed, and yet the runner says yes',
    exitCode: 0,
    tests: [passed, test('failed')],
    failed: '2 tests, 1 failed, though the exit code is 0',
  },
  {
    title: 'one could not say, and yet the runner says yes',
    exitCode: 0,
    tests: [test('error')],
    failed: '1 test, 1 failed, though the exit code is 0',
  },
  { title: 'no test at all', exitCode: 0, tests: [], failed: 'no test ran: an empty suite is not a passed one' },
  {
    title: 'all skipped',
    exitCode: 0,
    tests: [test('skipped')],
    failed: 'no test ran: an empty suite is not a passed one',
  },
  { title: 'a signal ended it', exitCode: undefined, tests: [passed], failed: 'ended by a signal, 1 test, 0 failed' },
]

describe('the verdict of the unit tests, which is about the source', () => {
  it.each(cases)('$title', ({ exitCode, tests, failed, value, reason }) => {
    const evidence = { subject: 'source', tests: tests ?? [] }
    expect(judgeUnit(exitCode, tests)).toEqual(
      failed === undefined ? { value, ...evidence, reason } : { status: 'failed', ...evidence, reason: failed },
    )
  })
})
