import { describe, expect, it } from '@jest/globals'
import { checkContract, judgeContract } from '../../src/contract/contract.ts'
import type { Image } from '../../src/record/image.ts'
import type { ImageConfiguration, Manifest } from '../../src/registry/registry.ts'
import type { Scope } from '../../src/task/scope.ts'

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

const name = 'names a user other than root'
const advice = 'add USER to its Dockerfile, or set contract.user: any'

describe('the user', () => {
  it.each(['1000', '1000:0', '1000:1000', '10', '+7'])('%s passes', user => {
    expect(judgeContract({ user: 'non-root' }, manifest, configuration(user))).toEqual([{ name, status: 'passed' }])
  })
  it.each(['node', 'toor', 'nobody:root', '0x0'])('%s passes with a doubt: it may be root by another name', user => {
    const message = `${user.split(':')[0]} is a name: only a number can be checked, and Kubernetes' runAsNonRoot wants one too`
    expect(judgeContract({ user: 'non-root' }, manifest, configuration(user))).toEqual([
      { name, status: 'passed', message },
    ])
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

it('a contract that asks for nothing is no judgement of the image', async () => {
  const image: Image = {
    name: 'web',
    platform: 'linux/amd64',
    repository: '127.0.0.1:1/acme/web',
    digest: `sha256:${'a'.repeat(64)}`,
    target: 'prod',
  }
  expect(await checkContract({ user: 'any' }, image, {} as Scope)).toEqual({
    status: 'skipped',
    reason: 'the contract asks for nothing',
    subject: image.digest,
  })
})
