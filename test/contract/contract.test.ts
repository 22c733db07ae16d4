import { describe, expect, it } from '@jest/globals'
import { judgeContract } from '../../src/contract/contract.ts'
import type { ImageConfiguration, Manifest } from '../../src/registry/registry.ts'

const descriptor = (size: number) => ({
  mediaType: 'application/octet-stream',
  digest: `sha256:${'a'.repeat(64)}` as const,
  size,
})
const manifest: Manifest = { config: descriptor(1_000), layers: [descriptor(30_000_000), descriptor(20_000_000)] }
const configuration = (user?: string): ImageConfiguration => ({
  architecture: 'amd64',
  os: 'linux',
  ...(user === undefined ? {} : { config: { User: user } }),
})

const name = 'runs as a user other than root'
const advice = 'add USER to its Dockerfile, or set contract.user: any'

describe('the user', () => {
  it.each(['node', '1000', '1000:0', '1000:1000', 'nobody:root', '10', '0x0'])('%s passes', user => {
    expect(judgeContract({ user: 'non-root' }, manifest, configuration(user))).toEqual([{ name, status: 'passed' }])
  })
  const roots: readonly [string | undefined, string][] = [
    [undefined, 'the image names no user, so it runs as root'],
    ['', 'the image names no user, so it runs as root'],
    ['root', 'the image runs as root'],
    ['0', 'the image runs as 0'],
    ['0:0', 'the image runs as 0:0'],
    ['00', 'the image runs as 00'],
    ['root:node', 'the image runs as root:node'],
    [':1000', 'the image runs as :1000'],
  ]
  it.each(roots)('%j fails', (user, found) => {
    expect(judgeContract({ user: 'non-root' }, manifest, configuration(user))).toEqual([
      { name, status: 'failed', message: `${found}; ${advice}` },
    ])
  })
  it('is not looked at when any will do', () => {
    expect(judgeContract({ user: 'any' }, manifest, configuration('root'))).toEqual([])
  })
})

describe('the size', () => {
  const size = (limit: number) => judgeContract({ user: 'any', size: limit }, manifest, configuration('root'))
  it('counts the configuration and every layer, as a registry stores them', () => {
    expect(size(50_001_000)).toEqual([{ name: 'is at most 50.0 MB', status: 'passed', message: '50.0 MB' }])
    expect(size(50_000_999)).toEqual([
      { name: 'is at most 50.0 MB', status: 'failed', message: 'the image is 50.0 MB, 0.0 MB over its budget' },
    ])
  })
  it('tells by how much it is over', () => {
    expect(size(40_000_000)).toEqual([
      { name: 'is at most 40.0 MB', status: 'failed', message: 'the image is 50.0 MB, 10.0 MB over its budget' },
    ])
  })
})

it('each clause is a test of its own', () => {
  const tests = judgeContract({ user: 'non-root', size: 1 }, manifest, configuration('root'))
  expect(tests.map(({ status }) => status)).toEqual(['failed', 'failed'])
})
