import { describe, expect, it } from '@jest/globals'
import { exitCodeOf } from '../../src/pipeline/exit-code.ts'
import type { Fault, Part } from '../../src/record/part.ts'
import { outcomeOf } from '../../src/record/record.ts'

type End = Part['status'] | Fault['kind']

/** A part by `task kind end`: `scan:web blocking failed`; an end that is a fault is `broken`. */
function partOf(text: string): Part {
  const [task = '', kind, end] = text.split(' ') as [string, Part['kind'], End]
  const times = { started: '2026-03-01T12:00:00.000Z', ended: '2026-03-01T12:00:01.000Z' }
  const part = { task, kind, request: '', ...times }
  if (end === 'user' || end === 'outside' || end === 'bug')
    return { ...part, status: 'broken', fault: { kind: end, message: 'why' } }
  return { ...part, status: end }
}

const cases: readonly [number, string, ...string[]][] = [
  [0, 'passed'],
  [0, 'passed', 'build work passed', 'scan blocking passed', 'gate work passed'],
  [0, 'passed', 'scan blocking skipped'],
  [0, 'passed', 'a advisory failed', 'b advisory user', 'c advisory outside', 'd advisory bug', 'e advisory cancelled'],
  [1, 'failed', 'scan blocking failed', 'gate work failed'],
  [1, 'failed', 'build work failed', 'gate work cancelled'],
  [1, 'failed', 'scan blocking failed', 'contract blocking outside', 'gate work failed'],
  [1, 'failed', 'gate work failed', 'scan blocking cancelled'],
  [1, 'failed', 'gate work failed'],
  [2, 'broken', 'build work user', 'gate work cancelled'],
  [2, 'failed', 'build work user', 'scan blocking failed', 'unit blocking outside'],
  [2, 'broken', 'newman blocking user', 'gate work failed'],
  [3, 'broken', 'scan blocking outside', 'gate work failed'],
  [3, 'broken', 'builder work outside', 'build work cancelled', 'gate work cancelled'],
  [3, 'broken', 'scan blocking outside', 'gate work failed', 'login work cancelled'],
  [70, 'broken', 'push work bug'],
  [70, 'failed', 'push work bug', 'build work user', 'scan blocking failed', 'unit blocking outside'],
  [130, 'cancelled', 'build work cancelled', 'gate work cancelled'],
  [130, 'cancelled', 'build work passed', 'scan blocking cancelled'],
]

describe('exit code and outcome of a run', () => {
  it.each(cases)('%i %s: %s %s %s %s %s', (code, outcome, ...parts) => {
    expect([exitCodeOf(parts.map(partOf), true), outcomeOf(parts.map(partOf))]).toEqual([code, outcome])
    expect([exitCodeOf(parts.map(partOf).reverse(), true), outcomeOf(parts.map(partOf).reverse())]).toEqual([
      code,
      outcome,
    ])
  })

  it('a push that lacks a need was cancelled by nobody', () => {
    expect(exitCodeOf([partOf('gate work cancelled')], false)).toBe(1)
  })
})
