import { describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import type { Part } from '../../src/record/part.ts'
import { verdictsOf } from '../../src/record/record.ts'
import { everyEnd, type Plot, plots } from './graph.ts'
import { criticalPathOf, isEmpty, type Moment, replay } from './replay.ts'
import { simulate } from './simulate.ts'

// A busy machine: each run is a few ms of its own.
jest.setTimeout(60_000)
const runs = { numRuns: 500 }
const capacity = 3
const grace = 10_000

interface Case {
  readonly plotted: readonly Plot[]
  readonly cancelAt: number | undefined
  readonly slow: readonly number[]
}

/** Any graph, any ends, sometimes cancelled, sometimes with a host that takes its time. */
const anyCase = fc.record({
  plotted: plots(),
  cancelAt: fc.option(fc.nat(200), { nil: undefined, freq: 1 }),
  slow: fc.constantFrom([], [0, 5, 20], [20, 0, 0, 1]),
})

/** Checks something at every moment of many random runs. */
const always = (check: (moment: Moment, one: Case) => void) =>
  fc.assert(
    fc.asyncProperty(anyCase, async one => {
      const { seen } = await simulate({ ...one, capacity })
      replay(one.plotted, seen, moment => check(moment, one))
    }),
    runs,
  )

const plotOf = ({ seen }: Moment, { plotted }: Case): Plot => {
  const plot = plotted.find(({ id }) => id === seen.task)
  if (plot === undefined) throw new Error(`no plot of ${seen.task}`)
  return plot
}
const idsOf = (places: readonly number[], { plotted }: Case): readonly string[] =>
  places.flatMap(place => plotted[place]?.id ?? [])

describe('on random graphs', () => {
  it('a task starts only once each of its needs has ended with a value', () =>
    always((moment, one) => {
      if (moment.seen.what !== 'started' && moment.seen.what !== 'performed') return
      const needs = idsOf(plotOf(moment, one).needs, one).map(id => moment.ended.get(id))
      expect(needs.map(part => part?.value)).toEqual(idsOf(plotOf(moment, one).needs, one).map(of => ({ of })))
    }))

  it('an end that comes while another is told is looked at before anything starts', async () => {
    const usual = {
      needs: [],
      judges: [],
      kind: 'work',
      weight: 0,
      duration: 0,
      estimate: 0,
      deadline: 600_000,
    } as const
    const plotted: readonly Plot[] = [
      { ...usual, id: 't0', end: 'value', manner: 'stops' },
      { ...usual, id: 't1', end: 'skipped', manner: 'stops' },
      { ...usual, id: 't2', end: 'value', manner: 'stops', judges: [0], duration: 95 },
      { ...usual, id: 't3', end: 'value', manner: 'stops', judges: [0], duration: 77 },
      { ...usual, id: 't4', end: 'bug', manner: 'stops', judges: [2], duration: 20 },
      { ...usual, id: 't5', end: 'value', manner: 'stops', needs: [4] },
      { ...usual, id: 't6', end: 'value', manner: 'stops', needs: [1], estimate: 1 },
    ]
    const { seen } = await simulate({ plotted, cancelAt: undefined, slow: [20, 0, 0, 1], capacity })
    expect(seen.filter(({ task, what }) => task === 't5' && what !== 'ended')).toEqual([])
  })

  it('who judges waits for all that it judges, however they ended, and hears the verdicts among them', () =>
    always((moment, one) => {
      if (moment.seen.what !== 'performed') return
      const parts = idsOf(plotOf(moment, one).judges, one).map(id => moment.ended.get(id))
      expect(parts).not.toContain(undefined)
      expect(moment.seen.verdicts).toEqual(verdictsOf(parts.flatMap(part => part ?? [])))
    }))

  it('what runs at once never weighs more than the capacity', () =>
    always((moment, one) => {
      const weights = one.plotted.filter(({ id }) => moment.running.has(id)).map(({ weight }) => weight)
      expect(weights.reduce((sum, weight) => sum + Math.min(weight, capacity), 0)).toBeLessThanOrEqual(capacity)
    }))

  it('every task has exactly one end, and no run hangs', () =>
    fc.assert(
      fc.asyncProperty(anyCase, async one => {
        const { seen, outcomes } = await simulate({ ...one, capacity })
        const all = one.plotted.map(({ id }) => id).sort()
        const told = (what: string) => seen.filter(entry => entry.what === what).map(({ task }) => task)
        expect(told('ended').sort()).toEqual(all)
        expect([...outcomes.keys()].sort()).toEqual(all)
        for (const what of ['started', 'performed']) expect(new Set(told(what)).size).toBe(told(what).length)
      }),
      runs,
    ))

  it('only what the goals wait for is done', () =>
    fc.assert(
      fc.asyncProperty(plots(), fc.array(fc.nat(99), { minLength: 1 }), async (plotted, places) => {
        const goals = places.map(place => `t${place % plotted.length}`)
        const { outcomes } = await simulate({ plotted, capacity, goals })
        const wanted = new Set<string>()
        const add = (id: string): void => {
          const plot = plotted.find(one => one.id === id)
          wanted.add(id)
          for (const place of [...(plot?.needs ?? []), ...(plot?.judges ?? [])]) add(`t${place}`)
        }
        goals.forEach(add)
        expect([...outcomes.keys()].sort()).toEqual([...wanted].sort())
      }),
      runs,
    ))

  it('a verdict is cancelled only with the run, or for want of a value it needs', () =>
    always((moment, one) => {
      if (moment.seen.what !== 'ended' || moment.seen.part.kind === 'work') return
      if (moment.seen.part.status !== 'cancelled' || moment.cancelled) return
      const needs = idsOf(plotOf(moment, one).needs, one).flatMap(id => moment.ended.get(id) ?? [])
      expect(needs.some(isEmpty)).toBe(true)
    }))

  it('after a blocking failure nothing starts that no unfinished verdict waits for', () =>
    always(({ seen, worth, failedAt }, { slow }) => {
      if (seen.what !== 'performed') return
      expect(seen.aborted).toBe(false)
      // A slow host may still be told that a task starts in the very ms in which another fails.
      if (slow.length > 0 && seen.at === failedAt) return
      if (worth !== undefined) expect(worth).toContain(seen.task)
    }))

  it('after a blocking failure what runs for nobody is cancelled at once, and nothing else is', () => {
    let checked = 0
    return fc
      .assert(
        fc.asyncProperty(plots({ deadlines: [600_000] }), async plotted => {
          const { seen } = await simulate({ plotted, capacity })
          let before = 0
          replay(plotted, seen, ({ seen: now, worth, running, aborted }) => {
            const worthless = worth === undefined ? [] : [...running].filter(id => !worth.has(id))
            if (now.at > before) {
              expect([...aborted].filter(id => running.has(id)).sort()).toEqual(expect.arrayContaining(worthless))
            }
            // `never` has no other end than its deadline
            const own = plotted.find(({ id }) => id === now.task)
            if (now.what === 'aborted' && own?.end !== 'never') expect(worthless).toContain(now.task)
            if (now.what === 'aborted') checked += 1
            before = now.at
          })
        }),
        { numRuns: 500 },
      )
      .then(() => expect(checked).toBeGreaterThan(20))
  })

  it('every end follows from how the task acted, or says why it did not run', () =>
    fc.assert(
      fc.asyncProperty(
        plots({ deadlines: [600_000], ends: everyEnd.filter(end => end !== 'never') }),
        async plotted => {
          const { seen } = await simulate({ plotted, capacity })
          replay(plotted, seen, moment => {
            if (moment.seen.what !== 'ended') return
            const { part, task } = moment.seen
            const plot = plotted.find(({ id }) => id === task)
            if (moment.aborted.has(task) && part.status === 'cancelled')
              expect(part.reason).toMatch(/^not worth going on: /)
            else if (moment.running.has(task)) expect(summaryOf(part)).toEqual(endOf(plot))
            else
              expect(part.reason).toMatch(
                /^(needs t\d+, which (gave no value|ended \w+)|t\d+ was skipped: .+|not worth doing: t\d+ \w+)$/,
              )
          })
        },
      ),
      runs,
    ))

  it('cancelling the run aborts every task that runs, starts no other, and ends within the grace', () =>
    fc.assert(
      fc.asyncProperty(plots(), fc.nat(120), async (plotted, cancelAt) => {
        const { seen, took } = await simulate({ plotted, capacity, cancelAt })
        const cancel = seen.findIndex(({ what }) => what === 'cancel')
        fc.pre(cancel !== -1)
        const known = replay(plotted, seen.slice(0, cancel), () => {})
        const after = seen.slice(cancel)
        const told = (what: string) => after.filter(entry => entry.what === what).map(({ task }) => task)
        const due = [...known.running].filter(id => !known.aborted.has(id)).sort()
        expect(told('aborted').sort()).toEqual(due)
        expect(new Set(after.filter(({ what }) => what === 'aborted').map(({ at }) => at)).size).toBeLessThanOrEqual(1)
        expect(told('performed')).toEqual([])
        for (const entry of after) {
          if (entry.what !== 'ended' || known.running.has(entry.task)) continue
          expect(entry.part.status).not.toBe('passed')
        }
        expect(took - cancelAt).toBeLessThanOrEqual(grace)
      }),
      runs,
    ))

  it('the wall time is that of the critical path where all fits, and within the bound of list scheduling elsewhere', async () => {
    const all = { ends: ['value'] as const, deadlines: [600_000] }
    const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
    await fc.assert(
      fc.asyncProperty(plots(all), async plotted => {
        const { took } = await simulate({ plotted, capacity: sum(plotted.map(({ weight }) => weight)) })
        expect(took).toBe(criticalPathOf(plotted))
      }),
      runs,
    )
    // At every moment either the longest chain goes on, or what runs weighs more than the capacity without one task.
    await fc.assert(
      fc.asyncProperty(plots({ ...all, weights: [0, 1, 2] }), fc.integer({ min: 2, max: 5 }), async (plotted, cpus) => {
        const { took } = await simulate({ plotted, capacity: cpus })
        const heaviest = Math.max(1, ...plotted.map(({ weight }) => weight))
        const work = sum(plotted.map(({ weight, duration }) => weight * duration))
        expect(took).toBeLessThanOrEqual(work / (cpus - heaviest + 1) + criticalPathOf(plotted))
      }),
      runs,
    )
  })
})

const summaryOf = (part: Part) => ({
  status: part.status,
  ...(part.value === undefined ? {} : { value: part.value }),
  ...(part.reason === undefined ? {} : { reason: part.reason }),
  ...(part.fault === undefined ? {} : { fault: part.fault.kind }),
})

function endOf(plot: Plot | undefined) {
  if (plot === undefined) throw new Error('a task that was not plotted')
  const value = { of: plot.id }
  const ends = {
    value: { status: 'passed', value },
    nothing: { status: 'passed' },
    failed: { status: 'failed', reason: `${plot.id} failed` },
    'failed with value': { status: 'failed', reason: `${plot.id} failed`, value },
    skipped: { status: 'skipped', reason: `${plot.id} skipped` },
    user: { status: 'broken', fault: 'user' },
    outside: { status: 'broken', fault: 'outside' },
    bug: { status: 'broken', fault: 'bug' },
    never: {},
  }
  return ends[plot.end]
}
