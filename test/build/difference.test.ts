import { describe, expect, it } from '@jest/globals'
import { compareConfigurations, compareLayers, type Layer, whyNotReproducible } from '../../src/build/difference.ts'
import type { Image } from '../../src/record/image.ts'
import type { Entry } from '../../src/registry/tar.ts'

const entry = (path: string, told: Partial<Entry> = {}): Entry => ({
  path,
  type: 'file',
  mode: 0o644,
  owner: '0:0',
  mtime: '315532800',
  size: 3,
  link: '',
  attributes: '',
  digest: 'a',
  ...told,
})
const layer = (...entries: readonly Entry[]): Layer => ({
  digest: 'sha256:1',
  madeBy: 'RUN date > /x',
  entries: new Map(entries.map(one => [one.path, one])),
})

describe('two layers', () => {
  it.each<[string, readonly Entry[], readonly Entry[], string]>([
    ['content', [entry('/x')], [entry('/x', { digest: 'b' })], '/x differs in content'],
    ['size', [entry('/x')], [entry('/x', { size: 4 })], '/x differs in content'],
    ['mode', [entry('/x')], [entry('/x', { mode: 0o4755 })], '/x differs in mode (0644, 4755)'],
    ['time', [entry('/x')], [entry('/x', { mtime: '1' })], '/x differs in time (315532800, 1)'],
    ['owner', [entry('/x')], [entry('/x', { owner: '1000:0' })], '/x differs in owner (0:0, 1000:0)'],
    [
      'type and target',
      [entry('/x', { type: 'symlink', link: '/a' })],
      [entry('/x', { type: 'hard link', link: '/b' })],
      '/x differs in type (symlink, hard link), target (/a, /b)',
    ],
    ['attributes', [entry('/x')], [entry('/x', { attributes: 'a=1' })], '/x differs in attributes'],
    ['a file more', [entry('/x')], [entry('/x'), entry('/y')], '/y is in one of them alone'],
    ['a file less', [entry('/w'), entry('/x')], [entry('/x')], '/w is in one of them alone'],
    [
      'several',
      [entry('/y'), entry('/x')],
      [entry('/z')],
      '/x is in one of them alone; /y is in one of them alone; /z is in one of them alone',
    ],
    [
      'the packing alone',
      [entry('/x')],
      [entry('/x')],
      'the same files, in another order or compressed in another way',
    ],
  ])('differ in %s', (_, before, after, told) => {
    expect(compareLayers(3, layer(...before), layer(...after))).toBe(`layer 3 (RUN date > /x): ${told}`)
  })

  it('of which many files differ name the first', () => {
    const files = Array.from({ length: 25 }, (_, index) => entry(`/f${String(index).padStart(2, '0')}`))
    const told = compareLayers(1, layer(...files), layer())
    expect(told).toMatch(/\/f19 is in one of them alone; and 5 more$/)
  })
})

it('configurations are compared by path, without their layers', () => {
  const configuration = {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { diff_ids: ['1'] },
    config: { Env: ['A=1'], Labels: { a: '1', b: '2' } },
  }
  const other = { ...configuration, rootfs: { diff_ids: ['2'] }, config: { Env: ['A=2'], Labels: { a: '1', b: '3' } } }
  expect(compareConfigurations(configuration, other)).toEqual([
    'configuration: config.Env.0 differs',
    'configuration: config.Labels.b differs',
  ])
  expect(compareConfigurations(configuration, configuration)).toEqual([])
})

it('the reason has the differences, then both digests', () => {
  const [a, b] = ['a', 'b'].map(digit => ({ digest: `sha256:${digit.repeat(64)}` }) as Image) as [Image, Image]
  expect(whyNotReproducible(a, a, [])).toBe(undefined)
  expect(whyNotReproducible(a, b, ['layer 1: x', 'layer 2: y'])).toBe(
    `not reproducible: layer 1: x\nlayer 2: y\nTwo builds of the same source, without cache, gave ${a.digest} and ${b.digest}: what is named has to be made the same each time.`,
  )
})
