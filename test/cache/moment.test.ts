import { describe, expect, it } from '@jest/globals'
import { cacheConfigSchema } from '../../src/cache/config.ts'
import { dueAt, mayLieBeside } from '../../src/cache/moment.ts'

const repositories = ['ghcr.io/acme/web']
const beside = 'type=registry,ref=ghcr.io/acme/web:cache,mode=max'
const gha = 'type=gha,mode=max'

it('what lies beside an image is written with the login of the push, all else after the gate', () => {
  const to = [gha, beside, 'ghcr.io/acme/cache', 'type=registry,ref=quay.io/acme/web:cache']
  expect(dueAt('gate', to, repositories)).toEqual([gha, 'type=registry,ref=quay.io/acme/web:cache'])
  expect(dueAt('push', to, repositories)).toEqual([beside, 'ghcr.io/acme/cache'])
  expect(dueAt('end', to, repositories)).toEqual(to)
})

describe('a push writes a cache', () => {
  const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/web'
  it.each([
    ['auto, beside ECR', {}, [ecr], undefined, true],
    ['auto, beside another', {}, repositories, undefined, false],
    ['auto, by a bake file', {}, repositories, { from: [], to: [beside] }, true],
    ['auto, by a bake file, elsewhere', {}, repositories, { from: [], to: [gha] }, false],
    ['registry', { type: 'registry' }, repositories, undefined, true],
    ['registry elsewhere', { type: 'registry', ref: 'quay.io/acme/cache' }, repositories, undefined, false],
    ['cache-to', { 'cache-to': [gha, beside] }, repositories, undefined, true],
    ['cache-from alone', { 'cache-from': [beside] }, [ecr], undefined, false],
    ['gha', { type: 'gha' }, [ecr], { from: [], to: [beside] }, false],
  ])('%s: %#', (_, config, places, named, may) => {
    const wish = { name: 'web', target: undefined, platform: 'native', shared: [], repositories: places }
    expect(mayLieBeside({ ...wish, cache: cacheConfigSchema.parse(config), ...(named && { named }) })).toBe(may)
  })
})
