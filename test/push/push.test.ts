import { describe, expect, it } from '@jest/globals'
import type { Cleared } from '../../src/gate/gate.ts'
import { gate } from '../../src/gate/gate.ts'
import { type PushRequest, pushImage } from '../../src/push/push.ts'
import type { Image } from '../../src/record/image.ts'
import type { Scope } from '../../src/task/scope.ts'

const image: Image = {
  name: 'web',
  target: 'prod',
  platform: 'linux/amd64',
  digest: `sha256:${'a'.repeat(64)}`,
  repository: '127.0.0.1:1/acme/web',
}
const verdicts = [{ task: 'scan:web', subject: image.digest, status: 'passed' as const, blocking: true }]
const request: PushRequest = { name: 'web', image: 'acme/web', registries: ['ghcr.io'], tags: ['main'] }
const login = { folder: undefined, registries: ['ghcr.io'] }

/** A scope that nothing may touch: a push that is refused does nothing at all. */
const untouchable = new Proxy({} as Scope, {
  get: (_, name) => {
    throw new Error(`scope.${String(name)} was used`)
  },
})

const clearedOf = (): Cleared => {
  const decision = gate({ images: [image], verdicts, required: [] })
  if (!decision.passed) throw new Error(decision.refusals.join())
  return decision.cleared
}

describe('a push takes nothing but what the gate has cleared', () => {
  const refused = 'push was given images that no gate has cleared'
  const forged: readonly [string, () => unknown][] = [
    ['images and verdicts', () => ({ images: [image], verdicts })],
    ['a copy of a clearance', () => ({ ...clearedOf() })],
    ['a clearance that went through JSON', () => JSON.parse(JSON.stringify(clearedOf()))],
    ['a decision', () => gate({ images: [image], verdicts, required: [] })],
    ['one image', () => image],
  ]
  it.each(forged)('not %s', async (_, make) => {
    await expect(pushImage(request, { cleared: make() as Cleared, login }, untouchable)).rejects.toThrow(refused)
  })

  it('nor an image that is not among them', async () => {
    await expect(
      pushImage({ ...request, name: 'worker' }, { cleared: clearedOf(), login }, untouchable),
    ).rejects.toThrow('the gate cleared no image worker')
  })

  it('what is cleared goes on to the registry client', async () => {
    await expect(pushImage(request, { cleared: clearedOf(), login }, untouchable)).rejects.toThrow(
      /^scope\.\w+ was used$/,
    )
  })

  it('and tsc refuses what has another type', () => {
    const calls = [
      // @ts-expect-error no brand
      () => pushImage(request, { cleared: { images: [image], verdicts }, login }, untouchable),
      // @ts-expect-error an image is not cleared images
      () => pushImage(request, { cleared: image, login }, untouchable),
      // @ts-expect-error a decision may be a refusal
      () => pushImage(request, { cleared: gate({ images: [image], verdicts, required: [] }), login }, untouchable),
    ]
    expect(calls).toHaveLength(3)
  })
})
