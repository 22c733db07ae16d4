import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { type Checkout, openCheckout } from './support/checkout.ts'
import { pce } from './support/pce.ts'
import { loginFor } from './support/refusal.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const checks = { clean: '! grep -q BAD notes' }
const push = (checkout: Checkout, ...argv: string[]) =>
  pce(checkout, ['push', '--registries', ecr.host, ...argv], loginFor(ecr))

/** Runs commands in their order and gives their exit codes. */
async function all(checkout: Checkout, ...commands: string[]): Promise<readonly (number | undefined)[]> {
  const codes: (number | undefined)[] = []
  for (const command of commands) codes.push((await pce(checkout, [command])).exitCode)
  return codes
}

describe('an image ships on the verdicts about its own source', () => {
  it('not on a check of files that were changed since it was built', async () => {
    await using checkout = await openCheckout('small', { config: { checks }, files: { notes: 'BAD' } })
    expect(await all(checkout, 'build', 'check')).toEqual([0, 1])
    await checkout.write({ notes: 'fine' })
    expect(await all(checkout, 'check')).toEqual([0])
    const pushed = await push(checkout)
    expect(pushed.exitCode).toBe(2)
    expect(pushed.stderr).toContain('build:web: nothing is staged in this run')
    expect(ecr.writes()).toEqual([])
  }, 60_000)

  it('and under the name of the commit that was built', async () => {
    await using checkout = await openCheckout('small', { config: { checks }, files: { notes: 'fine' } })
    expect(await all(checkout, 'build', 'check', 'test')).toEqual([0, 0, 0])
    const built = await checkout.git('rev-parse', 'HEAD')
    await checkout.write({ notes: 'BAD' })
    await checkout.git('commit', '--all', '--message', 'Later')
    const pushed = await push(checkout, '--tags', 'type=sha')
    expect(pushed.exitCode).toBe(0)
    expect(pushed.record?.pushed.map(({ reference }) => reference)).toEqual([
      `${ecr.host}/acme/web:sha-${built.slice(0, 7)}`,
    ])
    expect(pushed.stderr).toContain(`The image of this run is of commit ${built.slice(0, 12)}`)
  }, 60_000)
})

describe('a red verdict', () => {
  it('is not unsaid by taking its judge out of pce.yml', async () => {
    const config = {
      image: 'acme/web',
      cache: { type: 'none' },
      hadolint: false,
      scan: { source: false, image: false },
    }
    await using checkout = await openCheckout('small', { config: { ...config, checks: { never: 'false' } } })
    expect(await all(checkout, 'build', 'check', 'test')).toEqual([0, 1, 0])
    const writes = ecr.writes().length
    await checkout.write({ 'other.yml': JSON.stringify(config) })
    const pushed = await push(checkout, '--config', 'other.yml')
    expect(pushed.exitCode).toBe(1)
    expect(pushed.stderr).toContain('check:never failed: exit code 1')
    expect(ecr.writes()).toHaveLength(writes)
  }, 60_000)
})

describe('two working directories', () => {
  it('of one job have a run each', async () => {
    await using one = await openCheckout('small', { config: {} })
    await using other = await openCheckout('small', { config: {} })
    const built = [await pce(one, ['build']), await pce(other, ['build'])]
    expect(new Set(built.map(({ id }) => id)).size).toBe(2)
  }, 60_000)
})
