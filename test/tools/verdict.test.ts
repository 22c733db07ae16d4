import { expect, test } from '@jest/globals'
import { type JestResults, renderVerdict } from '../../script/verdict.ts'

interface Row {
  readonly description: string
  /** By file: the status of each of its tests; null for a file that could not be loaded. */
  readonly files: Readonly<Record<string, readonly string[] | null>>
  readonly lines: readonly string[]
  readonly red: boolean
}

const rows: readonly Row[] = [
  {
    description: 'everything passed',
    files: { a: ['passed', 'passed'] },
    lines: ['2 passed, 0 failed, 0 skipped'],
    red: false,
  },
  {
    description: 'a skipped test is named, and alone is not red',
    files: { a: ['passed', 'pending'], b: ['passed', 'todo'] },
    lines: ['skipped: a: a 1', 'skipped: b: b 1', '2 passed, 0 failed, 2 skipped'],
    red: false,
  },
  {
    description: 'a file that skipped everything is red',
    files: { a: ['passed'], b: ['pending'] },
    lines: ['skipped: b: b 0', 'red: b skipped all of its tests', '1 passed, 0 failed, 1 skipped'],
    red: true,
  },
  {
    description: 'one failure',
    files: { a: ['passed', 'failed'] },
    lines: ['1 passed, 1 failed, 0 skipped'],
    red: true,
  },
  {
    description: 'a file that broke',
    files: { a: ['passed'], b: null },
    lines: ['1 passed, 1 failed, 0 skipped'],
    red: true,
  },
  { description: 'nothing ran', files: {}, lines: ['0 passed, 0 failed, 0 skipped'], red: true },
]

test.each(rows)('$description', ({ files, lines, red }) => {
  expect(renderVerdict(resultsOf(files), '/project')).toEqual({ lines, red })
})

const resultsOf = (files: Row['files']): JestResults => ({
  testResults: Object.entries(files).map(([name, statuses]) => ({
    name: `/project/${name}`,
    status: statuses === null || statuses.includes('failed') ? 'failed' : 'passed',
    assertionResults: (statuses ?? []).map((status, i) => ({ fullName: `${name} ${i}`, status })),
  })),
})
