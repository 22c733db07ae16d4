import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { renderIndex, splitIndex } from '../../src/build/index-manifest.ts'

const mediaType = 'application/vnd.oci.image.manifest.v1+json'
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}` as const
const attests = (letter: string) => ({
  'vnd.docker.reference.digest': digestOf(letter),
  'vnd.docker.reference.type': 'attestation-manifest',
})

describe('an image index', () => {
  const manifests = [
    { mediaType, digest: digestOf('a'), size: 10, platform: 'linux/amd64' },
    { mediaType, digest: digestOf('b'), size: 20, platform: 'linux/arm/v7' },
  ]
  const attestations = [{ mediaType, digest: digestOf('c'), size: 30, annotations: attests('a') }]

  it('lists the platforms, then what attests them', () => {
    const { digest, text } = renderIndex({ manifests, attestations, annotations: { b: '2', a: '1' } })
    expect(JSON.parse(text)).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        { mediaType, digest: digestOf('a'), size: 10, platform: { architecture: 'amd64', os: 'linux' } },
        { mediaType, digest: digestOf('b'), size: 20, platform: { architecture: 'arm', os: 'linux', variant: 'v7' } },
        {
          mediaType,
          digest: digestOf('c'),
          size: 30,
          annotations: attests('a'),
          platform: { architecture: 'unknown', os: 'unknown' },
        },
      ],
      annotations: { a: '1', b: '2' },
    })
    expect(digest).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`)
  })

  it('has one digest, in whatever order annotations come', () => {
    const one = renderIndex({ manifests, attestations, annotations: { a: '1', b: '2' } })
    const other = renderIndex({ manifests, attestations, annotations: { b: '2', a: '1' } })
    expect(one).toEqual(other)
    expect(renderIndex({ manifests, attestations: [] }).digest).not.toBe(one.digest)
  })
})

describe('what BuildKit makes of a build with attestations', () => {
  const image = { mediaType, digest: digestOf('a'), size: 10, platform: { os: 'linux', architecture: 'amd64' } }
  const unknown = { os: 'unknown', architecture: 'unknown' }
  const provenance = { mediaType, digest: digestOf('c'), size: 30, annotations: attests('a'), platform: unknown }

  it('is split into the image and its attestations', () => {
    expect(splitIndex({ manifests: [image, provenance] })).toEqual({
      digest: digestOf('a'),
      attestations: [{ mediaType, digest: digestOf('c'), size: 30, annotations: attests('a') }],
    })
  })

  it.each([
    ['no image', [provenance], 1],
    ['two images', [image, { ...image, digest: digestOf('b') }, provenance], 3],
  ])('is refused with %s', (_, manifests, count) => {
    expect(() => splitIndex({ manifests })).toThrow(
      `BuildKit gave an index of ${count} manifests where one image was asked for`,
    )
  })
})
