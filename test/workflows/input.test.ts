import { describe, expect, it } from '@jest/globals'
import { resultsOf, stepIn } from './support/log.ts'
import { openWorld } from './support/world.ts'

describe('bad inputs', () => {
  it('are told all at once, in one error, before anything is done', async () => {
    await using world = await openWorld({ workflow: 'input.yml' })
    const job = await world.run()
    expect([job.result, job.exitCode, resultsOf(job)]).toEqual([
      'failure',
      1,
      { '0': 'success', look: 'success', scan: 'failure', 'post scan': 'success', 'post look': 'success' },
    ])
    expect(stepIn(job, 'scan')).toEqual({
      id: 'scan',
      result: 'failure',
      lines: [],
      outputs: {},
      annotations: [
        '::error::input block  scan.block: found "hgih", expected one of low, medium, high, critical, none; did you mean "high"?%0Ainput ignore-unfixed  scan.ignore-unfixed: found "perhaps", expected true or false',
      ],
      summary: '',
    })
  }, 120_000)
})
