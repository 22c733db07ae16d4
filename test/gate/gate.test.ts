import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Cleared, gate, isCleared, type Required } from '../../src/gate/gate.ts'
import type { Digest, Image } from '../../src/record/image.ts'
import type { Status, Verdict } from '../../src/record/verdict.ts'
import { statusSchema } from '../../src/record/verdict.ts'

const a: Digest = `sha256:${'a'.repeat(64)}`
const b: Digest = `sha256:${'b'.repeat(64)}`

const imageOf = (digest: Digest, name = 'web'): Image => ({
  name,
  target: 'prod',
  platform: 'linux/amd64',
  digest,
  repository: `127.0.0.1:32768/acme/${name}`,
})
const verdict = (task: string, told: Partial<Verdict> = {}): Verdict => ({
  task,
  subject: 'source',
  status: 'passed',
  blocking: true,
  ...told,
})

const format: Required = { task: 'check:format', subject: 'source' }
const scan: Required = { task: 'scan:web', subject: a }
const good = [verdict('check:format'), verdict('scan:web', { subject: a })]

interface Case {
  readonly title: string
  readonly images?: readonly Image[]
  readonly verdicts: readonly Verdict[]
  readonly required?: readonly Required[]
  /** none: the gate lets it pass */
  readonly refusals?: readonly string[]
}

const cases: readonly Case[] = [
  { title: 'every required verdict passed, each about its subject', verdicts: good },
  {
    title: 'a required verdict was skipped with a reason, and another judged the digest',
    verdicts: [
      verdict('check:format', { status: 'skipped', reason: 'not native' }),
      verdict('scan:web', { subject: a }),
    ],
  },
  {
    title: 'advisory verdicts that failed, broke, were cancelled, also about the digest',
    verdicts: [
      ...good,
      verdict('check:dialyzer', { blocking: false, status: 'failed' }),
      verdict('check:credo', { blocking: false, status: 'broken' }),
      verdict('scan:extra', { blocking: false, status: 'failed', subject: a }),
      verdict('check:slow', { blocking: false, status: 'cancelled' }),
    ],
  },
  {
    title: 'a passed verdict that nobody asked for',
    verdicts: [...good, verdict('check:more'), verdict('scan:old', { subject: b })],
  },
  {
    title: 'nothing is required, and one verdict judged the digest',
    verdicts: [verdict('contract:web', { subject: a })],
    required: [],
  },
  {
    title: 'no image',
    images: [],
    verdicts: good,
    refusals: ['there is no image to ship'],
  },
  {
    title: 'a required verdict is not there',
    verdicts: [verdict('scan:web', { subject: a })],
    refusals: ['check:format gave no verdict'],
  },
  {
    title: 'a required verdict is about another digest',
    verdicts: [verdict('check:format'), verdict('scan:web', { subject: b })],
    refusals: [
      `nothing passed about web (linux/amd64) ${a}: at least one of scan, contract, newman must judge it`,
      `scan:web is about ${b}, not about ${a}, which would ship`,
    ],
  },
  {
    title: 'a required verdict about the image is about the source',
    verdicts: [verdict('check:format'), verdict('scan:web'), verdict('contract:web', { subject: a })],
    refusals: [`scan:web is about source, not about ${a}, which would ship`],
  },
  ...(['failed', 'broken', 'cancelled'] as const).map(status => ({
    title: `a required verdict ${status}`,
    verdicts: [verdict('check:format', { status, reason: 'exit code 1' }), verdict('scan:web', { subject: a })],
    refusals: [`check:format ${status}: exit code 1`],
  })),
  {
    title: 'a required verdict that says of itself that it is advisory',
    verdicts: [verdict('check:format', { status: 'failed', blocking: false }), verdict('scan:web', { subject: a })],
    refusals: ['check:format failed'],
  },
  {
    title: 'a blocking verdict that nobody asked for is red',
    verdicts: [...good, verdict('check:more', { status: 'broken', reason: 'no shell' })],
    refusals: ['check:more broken: no shell'],
  },
  {
    title: 'one of two verdicts of a task is red',
    verdicts: [...good, verdict('scan:web', { subject: a, status: 'failed', reason: '1 critical' })],
    refusals: ['scan:web failed: 1 critical'],
  },
  {
    title: 'only skipped verdicts are about the digest',
    verdicts: [verdict('check:format'), verdict('scan:web', { subject: a, status: 'skipped', reason: 'not native' })],
    refusals: [`nothing passed about web (linux/amd64) ${a}: at least one of scan, contract, newman must judge it`],
  },
  {
    title: 'one of two images was judged',
    images: [imageOf(a), imageOf(b, 'worker')],
    verdicts: good,
    refusals: [`nothing passed about worker (linux/amd64) ${b}: at least one of scan, contract, newman must judge it`],
  },
  {
    title: 'several are red for one reason: told in one line',
    verdicts: [
      ...good,
      verdict('app:web', { status: 'cancelled', reason: 'needs services, which ended broken' }),
      verdict('newman:web', { status: 'cancelled', reason: 'needs services, which ended broken' }),
      verdict('unit:web', { status: 'failed', reason: 'exit code 1' }),
    ],
    refusals: ['app:web, newman:web cancelled: needs services, which ended broken', 'unit:web failed: exit code 1'],
  },
]

describe('the gate', () => {
  it.each(cases)('$title', ({ images = [imageOf(a)], verdicts, required = [format, scan], refusals }) => {
    const decision = gate({ images, verdicts, required })
    if (refusals === undefined) expect(decision).toEqual({ passed: true, cleared: { images, verdicts } })
    else expect(decision).toEqual({ passed: false, refusals })
  })
})

const digests = fc.constantFrom<Digest[]>(a, b)
const subjects = fc.oneof(digests, fc.constant('source' as const))
const tasks = fc.constantFrom('check:format', 'scan:web', 'contract:web', 'newman:web')
const anyCase = fc.record({
  images: fc.uniqueArray(
    digests.map(digest => imageOf(digest)),
    { maxLength: 2, selector: ({ digest }) => digest },
  ),
  verdicts: fc.array(
    fc.record({
      task: tasks,
      subject: subjects,
      // mostly good, so that some cases pass
      status: fc.oneof(
        { weight: 4, arbitrary: fc.constant<Status>('passed') },
        fc.constantFrom(...statusSchema.options),
      ),
      blocking: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
  required: fc.array(fc.record({ task: tasks, subject: subjects }), { maxLength: 2 }),
})

const isGood = ({ status }: Verdict): boolean => status === 'passed' || status === 'skipped'

describe('whatever the verdicts', () => {
  it('what passes was judged: all that is required, about the very digest, and every image', () => {
    let passed = 0
    fc.assert(
      fc.property(anyCase, one => {
        const decision = gate(one)
        if (!decision.passed) return decision.refusals.length > 0
        passed += 1
        const about = (subject: string) => one.verdicts.filter(verdict => verdict.subject === subject)
        expect(one.images.length).toBeGreaterThan(0)
        for (const { digest } of one.images) expect(about(digest).some(({ status }) => status === 'passed')).toBe(true)
        for (const { task, subject } of one.required) {
          const told = one.verdicts.filter(verdict => verdict.task === task)
          expect(told.length).toBeGreaterThan(0)
          expect(told.every(isGood)).toBe(true)
          expect(told[0]?.status === 'skipped' || told[0]?.subject === subject).toBe(true)
        }
        expect(one.verdicts.filter(({ blocking }) => blocking).every(isGood)).toBe(true)
        return isCleared(decision.cleared)
      }),
      { numRuns: 5_000 },
    )
    expect(passed).toBeGreaterThan(100)
  })

  it('an advisory verdict changes nothing, unless it is required or the only one about its digest', () => {
    const extra = fc.record({
      task: fc.constant('check:advice'),
      subject: fc.constant('source' as const),
      status: fc.constantFrom(...statusSchema.options),
      blocking: fc.constant(false),
    })
    fc.assert(
      fc.property(anyCase, extra, (one, advice) => {
        const [without, with_] = [gate(one), gate({ ...one, verdicts: [...one.verdicts, advice] })]
        return without.passed === with_.passed
      }),
      { numRuns: 2_000 },
    )
  })

  it('one red blocking verdict more always refuses', () => {
    const red = fc.record({
      task: tasks,
      subject: subjects,
      status: fc.constantFrom<Status[]>('failed', 'broken', 'cancelled'),
      blocking: fc.constant(true),
    })
    fc.assert(
      fc.property(anyCase, red, (one, verdict) => !gate({ ...one, verdicts: [...one.verdicts, verdict] }).passed),
      { numRuns: 2_000 },
    )
  })
})

describe('where no verdict was asked for', () => {
  const images = [imageOf(a)]
  const rows: readonly Omit<Case, 'required'>[] = [
    { title: 'nothing judged the image', verdicts: [] },
    { title: 'it was judged all the same', verdicts: [verdict('scan:web', { subject: a })] },
    { title: 'what is red is advice', verdicts: [verdict('check:types', { status: 'failed', blocking: false })] },
    {
      title: 'the image is red',
      verdicts: [verdict('scan:web', { subject: a, status: 'failed', reason: '1 critical' })],
      refusals: ['scan:web failed: 1 critical'],
    },
    {
      title: 'the source is red',
      verdicts: [verdict('check:format', { status: 'broken' })],
      refusals: ['check:format broken'],
    },
  ]
  it.each(rows)('$title', ({ verdicts, refusals }) => {
    const decision = gate({ images, verdicts, required: [], unasked: true })
    if (refusals === undefined) expect(decision).toEqual({ passed: true, cleared: { images, verdicts } })
    else expect(decision).toEqual({ passed: false, refusals })
  })

  it('there must be an image, and what is required is required', () => {
    const decision = gate({ images: [], verdicts: [], required: [format], unasked: true })
    expect(decision).toEqual({ passed: false, refusals: ['there is no image to ship', 'check:format gave no verdict'] })
  })
})

describe('clearance', () => {
  const decision = gate({ images: [imageOf(a)], verdicts: good, required: [format, scan] })
  const cleared = decision.passed ? decision.cleared : undefined

  it('belongs to the very object that the gate gave out, and to no copy of it', () => {
    if (cleared === undefined) throw new Error('the gate should have passed')
    expect(isCleared(cleared)).toBe(true)
    expect(isCleared({ ...cleared })).toBe(false)
    expect(isCleared(structuredClone(cleared))).toBe(false)
    expect(isCleared(JSON.parse(JSON.stringify(cleared)))).toBe(false)
    expect(isCleared(Object.create(cleared))).toBe(false)
    expect(isCleared(new Proxy(cleared, {}))).toBe(false)
    expect(isCleared({ images: cleared.images, verdicts: cleared.verdicts })).toBe(false)
  })

  it('is given to nothing that was refused', () => {
    expect(isCleared(gate({ images: [], verdicts: [], required: [] }))).toBe(false)
  })

  it('can not be written by hand: tsc sees to that', () => {
    const parts = { images: [imageOf(a)], verdicts: good }
    // @ts-expect-error the brand is a symbol that no other file can name
    const byHand: Cleared = parts
    // @ts-expect-error a record of the same shape is none
    const copied: Cleared = { ...parts, made: true }
    expect([isCleared(byHand), isCleared(copied)]).toEqual([false, false])
  })
})
