import { describe, expect, it } from '@jest/globals'
import { inTurn } from '../../src/build/turn.ts'
import type { Scope } from '../../src/task/scope.ts'

const scopeOf = (directory: string, signal = new AbortController().signal): Scope => ({
  run: { id: 'run', directory },
  context: '/nowhere',
  newmanWorker: '/nowhere',
  env: {},
  rights: {},
  signal,
  secret: () => undefined,
  credentials: () => undefined,
  say: () => {},
  mask: () => {},
})

/** Work that tells when it begins and ends, and ends when it is told to. */
function workIn(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const work = async () => {
    log.push(`${name} begins`)
    return promise.finally(() => log.push(`${name} ends`))
  }
  return { work, end: () => resolve(name), fail: () => reject(new Error(`${name} fails`)) }
}

/** Long enough for whatever waits for nothing but promises. */
const settled = () => new Promise(resolve => setImmediate(resolve))

describe('in turn', () => {
  it('comes what has one key in a run, in the order it was asked for', async () => {
    const log: string[] = []
    const works = ['a', 'b', 'c'].map(name => workIn(log, name))
    const all = Promise.all(works.map(({ work }) => inTurn('key', scopeOf('/run'), work)))
    await settled()
    expect(log).toEqual(['a begins'])
    for (const { end } of works) end()
    expect(await all).toEqual(['a', 'b', 'c'])
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it.each([
    ['another key', 'other', '/run'],
    ['another run', 'key', '/other'],
  ])('does not wait for %s', async (_, key, directory) => {
    const log: string[] = []
    const [one, two] = [workIn(log, 'one'), workIn(log, 'two')]
    const first = inTurn('key', scopeOf('/run'), one.work)
    const second = inTurn(key, scopeOf(directory), two.work)
    two.end()
    expect(await second).toBe('two')
    expect(log).toEqual(['one begins', 'two begins', 'two ends'])
    one.end()
    expect(await first).toBe('one')
  })

  it('the next one begins though the one before it failed', async () => {
    const log: string[] = []
    const [one, two] = [workIn(log, 'one'), workIn(log, 'two')]
    const first = inTurn('key', scopeOf('/run'), one.work)
    const second = inTurn('key', scopeOf('/run'), two.work)
    one.fail()
    two.end()
    await expect(first).rejects.toThrow('one fails')
    expect(await second).toBe('two')
  })

  it('nothing begins once it was given up', async () => {
    const log: string[] = []
    const [one, two, three] = [workIn(log, 'one'), workIn(log, 'two'), workIn(log, 'three')]
    const end = new AbortController()
    const first = inTurn('key', scopeOf('/run'), one.work)
    const second = inTurn('key', scopeOf('/run', end.signal), two.work)
    const third = inTurn('key', scopeOf('/run'), three.work)
    end.abort(new Error('given up'))
    one.end()
    three.end()
    expect(await first).toBe('one')
    await expect(second).rejects.toThrow('given up')
    expect(await third).toBe('three')
    expect(log).toEqual(['one begins', 'one ends', 'three begins', 'three ends'])
  })
})
