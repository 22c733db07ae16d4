import { describe, expect, it } from '@jest/globals'
import { UserError } from '../../src/errors.ts'
import { givenFrom } from '../../src/pipeline/given.ts'
import type { Command } from '../../src/pipeline/plan.ts'
import type { Part } from '../../src/record/part.ts'
import { hashOf, type Kind, type Task, task } from '../../src/task/task.ts'

const taskOf = (
  id: string,
  needs: readonly Task<unknown>[] = [],
  kind: Kind = 'work',
  judges: readonly Task<unknown>[] = [],
) => ({
  ...task({ id, request: { id }, needs: {}, kind, judges, perform: async () => ({ value: id }) }),
  needs,
})
const builder = taskOf('builder')
const build = taskOf('build:web', [builder])
const check = taskOf('check:format', [], 'blocking')
const scan = taskOf('scan:web', [build], 'blocking')
const gate = taskOf('gate', [build], 'work', [check, scan])
const login = taskOf('login', [gate])
const push = taskOf('push:web', [gate, login])
const cache = taskOf('cache:web', [gate])

/** the source as it is now */
const source = '0123456789abcdef'
const older = 'fedcba9876543210'

const partOf = ({ id, kind, request }: Task<unknown>, told: Partial<Part> = {}): Part => ({
  task: id,
  kind,
  status: 'passed',
  started: '2026-03-01T12:00:00.000Z',
  ended: '2026-03-01T12:00:01.000Z',
  request: hashOf(request),
  value: id,
  source,
  ...told,
})
const all = [builder, build, check, scan, gate, login, push, cache].map(one => partOf(one))

/** `id status value` of what is given; `-` without a value. */
const given = (command: Command, goals: readonly Task<unknown>[], parts: readonly Part[]): readonly string[] =>
  [...givenFrom({ command, goals, parts, source })].map(
    ([id, outcome]) => `${id} ${outcome.part.status} ${'value' in outcome ? outcome.value : '-'}`,
  )

describe('for a stage', () => {
  const cases: readonly {
    title: string
    goals: readonly Task<unknown>[]
    parts: readonly Part[]
    given: readonly string[]
  }[] = [
    { title: 'nothing was done yet', goals: [scan], parts: [], given: [] },
    {
      title: 'what passed for the same question is taken over',
      goals: [scan],
      parts: all,
      given: ['builder passed builder', 'build:web passed build:web'],
    },
    {
      title: 'what was done on another source is done again',
      goals: [scan],
      parts: all.map(part => ({ ...part, source: older })),
      given: ['builder passed builder'],
    },
    { title: 'what is asked for now is done again', goals: [build], parts: all, given: ['builder passed builder'] },
    {
      title: 'another question is another task',
      goals: [scan],
      parts: [partOf(builder), partOf(build, { request: hashOf({ id: 'another target' }) })],
      given: ['builder passed builder'],
    },
    ...(['failed', 'broken', 'cancelled', 'skipped'] as const).map(status => ({
      title: `what ended ${status} is tried again`,
      goals: [scan],
      parts: [partOf(builder), partOf(build, { status })],
      given: ['builder passed builder'],
    })),
    {
      title: 'an end without a value is taken over without one',
      goals: [scan],
      parts: [partOf(build, { value: undefined })],
      given: ['build:web passed -'],
    },
    {
      title: 'gate, login, push and cache are always done anew',
      goals: [taskOf('report', [cache, push])],
      parts: all,
      given: [
        'builder passed builder',
        'build:web passed build:web',
        'check:format passed check:format',
        'scan:web passed scan:web',
      ],
    },
    { title: 'what nobody needs is left out', goals: [check], parts: all, given: [] },
  ]
  it.each(cases)('$title', ({ goals, parts, given: expected }) => {
    expect(given('scan', goals, parts)).toEqual(expected)
  })
})

it('when a job ends, its caches are written of what it built, and nothing is built again', () => {
  const reason = 'it was not built in this job, or its source is another by now'
  const atEnd = taskOf('cache:web:end', [builder, build])
  expect(given('cache', [atEnd], all)).toEqual(['builder passed builder', 'build:web passed build:web'])
  const bake = taskOf('bake', [builder])
  const baked = taskOf('build:job', [bake])
  const tests = taskOf('test-image:web', [builder])
  const goals = [atEnd, taskOf('cache:job:end', [builder, baked]), taskOf('cache:web:tests:end', [builder, tests])]
  const outcomes = givenFrom({ command: 'cache', goals, source, parts: [partOf(builder)] })
  const ends = [...outcomes.values()].map(({ part: { task: id, status, reason: why } }) => [id, status, why])
  expect(ends).toEqual([
    ['builder', 'passed', undefined],
    ['build:web', 'skipped', reason],
    ['bake', 'skipped', reason],
    ['test-image:web', 'skipped', reason],
  ])
})

describe('for a push', () => {
  const before = ['builder', 'build:web'].map(id => `${id} passed ${id}`)
  const noVerdict = 'no verdict in this run: do that stage before the push, or turn it off in pce.yml'

  it('all that was done is taken over, and gate, login and push are done now', () => {
    expect(given('push', [push], all)).toEqual([
      ...before,
      'check:format passed check:format',
      'scan:web passed scan:web',
    ])
  })

  it.each(['failed', 'broken', 'cancelled', 'skipped'] as const)('a verdict that is %s stays so', status => {
    const parts = [partOf(builder), partOf(build), partOf(check), partOf(scan, { status, value: undefined })]
    expect(given('push', [push], parts)).toEqual([
      ...before,
      'check:format passed check:format',
      `scan:web ${status} -`,
    ])
  })

  it('a verdict that is not there is not made up for', () => {
    const outcomes = givenFrom({
      command: 'push',
      goals: [push],
      source,
      parts: [partOf(builder), partOf(build), partOf(check)],
    })
    expect(outcomes.get('scan:web')).toEqual({
      part: expect.objectContaining({ task: 'scan:web', kind: 'blocking', status: 'cancelled', reason: noVerdict }),
    })
  })

  it('nor is one about other settings', () => {
    const parts = [partOf(builder), partOf(build), partOf(check), partOf(scan, { request: hashOf({ block: 'none' }) })]
    expect(givenFrom({ command: 'push', goals: [push], parts, source }).get('scan:web')?.part).toMatchObject({
      status: 'cancelled',
      reason: 'its verdict in this run is about other settings than those of now: do that stage again',
    })
  })

  it('nor is one about another source than the image was built from', () => {
    const parts = [partOf(builder), partOf(build, { source: older }), partOf(check), partOf(scan, { source: older })]
    const outcomes = givenFrom({ command: 'push', goals: [push], parts, source })
    expect(outcomes.get('scan:web')?.part.status).toBe('passed')
    expect(outcomes.get('check:format')?.part).toMatchObject({
      status: 'cancelled',
      reason: 'its verdict in this run is about another source than the image was built from: do that stage again',
    })
  })

  it('an image that was built from other settings is not pushed', () => {
    const parts = [partOf(build, { request: hashOf({ file: 'other' }) })]
    expect(() => given('push', [push], parts)).toThrow('was built from other settings')
  })

  it('without a build there is nothing to push', () => {
    expect(() => given('push', [push], [])).toThrow(
      new UserError(
        'build:web: nothing is staged in this run\nBuild first: pce build, or the build action as an earlier step of this job.',
      ),
    )
  })

  it('other work that was not done is not done now either', () => {
    expect(given('push', [push], [partOf(build), partOf(check), partOf(scan)])).toEqual([
      'builder cancelled -',
      'build:web passed build:web',
      'check:format passed check:format',
      'scan:web passed scan:web',
    ])
  })
})

describe('the login for pulls', () => {
  const pull = taskOf('login:pull')
  const base = taskOf('build:web', [pull])
  const own = taskOf('scan:web', [base], 'blocking')
  const services = taskOf('services', [pull])
  const unit = taskOf('unit:web', [base, services], 'blocking')

  it('is made again where something is still pulled', () => {
    expect(given('test', [unit], [partOf(pull), partOf(base)])).toEqual(['build:web passed build:web'])
    expect(given('build', [base], [partOf(pull), partOf(base)])).toEqual([])
  })

  it('is not made where all that pulls is done', () => {
    expect(given('scan', [own], [partOf(pull), partOf(base)])).toEqual([
      'build:web passed build:web',
      'login:pull skipped -',
    ])
  })

  it('is not made for a push', () => {
    const shipped = taskOf('gate', [base], 'work', [own])
    const pushed = taskOf('push:web', [shipped])
    expect(
      given(
        'push',
        [pushed],
        [pull, base, own].map(one => partOf(one)),
      ),
    ).toEqual(['build:web passed build:web', 'scan:web passed scan:web', 'login:pull skipped -'])
  })
})
