import { describe, expect, it } from '@jest/globals'
import { cut, timeOf } from '../../src/report/text.ts'
import { criticalPath, stagesOf, totalOf } from '../../src/report/timing.ts'
import { part, record } from './fixtures.ts'

const run = record(
  [
    part('plan', [0, 1]),
    part('build:a', [1, 20]),
    part('build:b', [2, 30]),
    part('scan:a', [20, 35]),
    part('scan:b', [30, 50]),
    part('newman:a', [50, 50], { status: 'skipped', reason: 'not native' }),
  ],
  {
    'build:a': ['plan'],
    'build:b': ['plan'],
    'scan:a': ['build:a'],
    'scan:b': ['build:b', 'plan'],
    'newman:a': ['scan:b'],
  },
)

describe('times', () => {
  it('follow the chain that made the run long', () => {
    expect(criticalPath(run)).toEqual([
      { name: 'plan', start: 0, duration: 1_000 },
      { name: 'build:b', start: 2_000, duration: 28_000 },
      { name: 'scan:b', start: 30_000, duration: 20_000 },
    ])
  })

  it('are those of whole stages', () => {
    expect(stagesOf(run)).toEqual([
      { name: 'plan', start: 0, duration: 1_000 },
      { name: 'build', start: 1_000, duration: 29_000 },
      { name: 'scan', start: 20_000, duration: 30_000 },
    ])
    expect(totalOf(run)).toBe(50_000)
  })

  it.each([
    [0, '0 ms'],
    [99.6, '100 ms'],
    [100, '0.1 s'],
    [59_999, '60.0 s'],
    [60_000, '1 m 00 s'],
    [3_725_000, '62 m 05 s'],
  ])('%d ms is %s', (ms, expected) => {
    expect(timeOf(ms)).toBe(expected)
  })

  it('cuts text without cutting a character', () => {
    expect([cut('abcdef', 6), cut('abcdefg', 6), cut('ab😀cd', 4)]).toEqual(['abcdef', 'abcde…', 'ab…'])
  })
})
