import { describe, expect, it } from '@jest/globals'
import type { Cleared } from '../../src/gate/gate.ts'
import { gate } from '../../src/gate/gate.ts'
import { type PushRequest, pushImage, unclearedIn } from '../../src/push/push.ts'
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
const request: PushRequest = {
  name: 'web',
  references: [{ registry: 'ghcr.io', repository: 'acme/web', tag: 'main' }],
}
const { name, digest, repository } = image
const staged = { name, digest, repository }
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
    await expect(pushImage(request, { cleared: make() as Cleared, staged, login }, untouchable)).rejects.toThrow(
      refused,
    )
  })

  it('nor an image that is not among them', async () => {
    await expect(
      pushImage({ ...request, name: 'worker' }, { cleared: clearedOf(), staged, login }, untouchable),
    ).rejects.toThrow('the gate cleared no image worker')
  })

  it('what is cleared goes on to the registry client', async () => {
    await expect(pushImage(request, { cleared: clearedOf(), staged, login }, untouchable)).rejects.toThrow(
      /^scope\.\w+ was used$/,
    )
  })

  it('and tsc refuses what has another type', () => {
    const decision = gate({ images: [image], verdicts, required: [] })
    const calls = [
      // @ts-expect-error no brand
      () => pushImage(request, { cleared: { images: [image], verdicts }, staged, login }, untouchable),
      // @ts-expect-error an image is not cleared images
      () => pushImage(request, { cleared: image, staged, login }, untouchable),
      // @ts-expect-error a decision may be a refusal
      () => pushImage(request, { cleared: decision, staged, login }, untouchable),
    ]
    expect(calls).toHaveLength(3)
  })
})

describe('an index ships only what was cleared', () => {
  const digestOf = (letter: string) => `sha256:${letter.repeat(64)}` as const
  const manifest = (letter: string, os = 'linux') => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: digestOf(letter),
    size: 1,
    platform: { os, architecture: os === 'linux' ? 'amd64' : 'unknown' },
  })
  const about = (letter: string) => ({
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': digestOf(letter),
  })
  const cases: readonly [string, Parameters<typeof unclearedIn>[0]['manifests'], string[]][] = [
    ['the images, in any order', [manifest('b'), manifest('a')], []],
    ['what attests them', [manifest('a'), manifest('b'), { ...manifest('c', 'unknown'), annotations: about('a') }], []],
    ['no other image', [manifest('a'), manifest('b'), manifest('c')], [`${digestOf('c')} was not cleared`]],
    [
      'no image that calls itself an attestation',
      [manifest('a'), manifest('b'), { ...manifest('c'), annotations: about('a') }],
      [`${digestOf('c')} was not cleared`],
    ],
    [
      'no attestation of something else',
      [manifest('a'), manifest('b'), { ...manifest('c', 'unknown'), annotations: about('d') }],
      [`${digestOf('c')} was not cleared`],
    ],
    [
      'no manifest of platform unknown that attests nothing',
      [manifest('a'), manifest('b'), manifest('c', 'unknown')],
      [`${digestOf('c')} was not cleared`],
    ],
    ['and every one of them', [manifest('a')], [`${digestOf('b')} is missing`]],
  ]
  it.each(cases)('%s', (_, manifests, wrong) => {
    expect(unclearedIn({ manifests }, [digestOf('a'), digestOf('b')])).toEqual(wrong)
  })
})
