import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { openCheckout } from './support/checkout.ts'
import { pce } from './support/pce.ts'
import { loginFor, told } from './support/refusal.ts'
import { text } from './support/text.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const push = () => ['run', '--push', '--registries', ecr.host]

const read = async (reference: string) => JSON.parse((await ecr.manifest('acme/web', reference)).bytes.toString('utf8'))

interface Listed {
  readonly manifests: readonly {
    readonly digest: string
    readonly platform: { readonly os: string }
    readonly annotations?: Readonly<Record<string, string>>
  }[]
}

describe('attestations', () => {
  it('come beside the image, whose digest they do not change', async () => {
    await using checkout = await openCheckout('small', { config: { tags: 'plain' } })
    const plain = await pce(checkout, ['build'])
    await pce(checkout, ['build', '--provenance', 'mode=max'])
    await pce(checkout, ['test'])
    const attested = await pce(checkout, ['push', '--tags', 'attested', '--registries', ecr.host], loginFor(ecr))
    const digest = plain.record?.images[0]?.digest
    expect(digest).toMatch(/^sha256:/)
    expect(attested.record?.images[0]?.digest).toBe(digest)
    expect(attested.record?.verdicts.map(({ subject }) => subject)).toEqual([digest])

    const { pushed = [], indexes = [] } = attested.record ?? {}
    expect(pushed.map(one => one.digest)).toEqual(indexes.map(one => one.digest))
    const { manifests }: Listed = await read('attested')
    expect(manifests.map(one => [one.platform.os, one.annotations?.['vnd.docker.reference.digest']])).toEqual([
      ['linux', undefined],
      ['unknown', digest],
    ])
    const statement = await read(manifests[1]?.digest ?? '')
    expect(statement.layers.map((layer: Listed['manifests'][number]) => layer.annotations)).toEqual([
      { 'in-toto.io/predicate-type': expect.stringMatching(/^https:\/\/slsa\.dev\/provenance\//) },
    ])
  }, 120_000)

  it('may be a bill of materials, by a generator of the user', async () => {
    const scanner = await makeScanner()
    await using checkout = await openCheckout('small', {
      config: {
        build: { sbom: `generator=${scanner.name}` },
        tags: 'listed',
        platforms: ['linux/amd64', 'linux/arm64'],
      },
    })
    const ended = await pce(checkout, push(), loginFor(ecr))
    await scanner.remove()
    expect(ended.exitCode).toBe(0)
    const { manifests }: Listed = await read('listed')
    const digests = ended.record?.images.map(({ digest }) => digest) ?? []
    expect(manifests.map(one => one.annotations?.['vnd.docker.reference.digest'] ?? one.digest)).toEqual([
      ...digests,
      ...digests,
    ])
    const statement = await read(manifests[2]?.digest ?? '')
    expect(statement.layers.map((layer: Listed['manifests'][number]) => layer.annotations)).toEqual([
      { 'in-toto.io/predicate-type': 'https://spdx.dev/Document' },
    ])
  }, 180_000)

  it('are refused for a place that takes no index', async () => {
    await using checkout = await openCheckout('small', {
      config: { build: { for: 'lambda', provenance: true } },
    })
    expect(told(await pce(checkout, ['plan']), checkout)).toBe(text`
      exit code 2
      build.for: lambda takes no image index, and build.provenance or build.sbom of acme/web makes one
      Take one of the two away.
    `)
  })
})

/** A generator as BuildKit calls it (moby/buildkit docs/attestations/sbom-protocol.md): one statement about nothing. */
async function makeScanner() {
  const { stdout: id } = await execa('docker', [
    'run',
    '--detach',
    '--rm',
    '--publish',
    '127.0.0.1::5000',
    'registry:3',
  ])
  const { stdout: address } = await execa('docker', ['port', id, '5000'])
  const name = `${address.trim()}/scanner:1`
  const statement = JSON.stringify({
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://spdx.dev/Document',
    subject: [],
    predicate: { SPDXID: 'SPDXRef-DOCUMENT', spdxVersion: 'SPDX-2.3' },
  })
  const input = `FROM debian:bookworm-slim\nRUN echo '${statement}' > /statement\nENTRYPOINT ["/bin/sh", "-c", "cp /statement $BUILDKIT_SCAN_DESTINATION/sbom.spdx.json"]\n`
  await execa('docker', ['build', '--quiet', '--tag', name, '-'], { input, env: { DOCKER_BUILDKIT: '0' } })
  await execa('docker', ['push', '--quiet', name])
  return {
    name,
    async remove() {
      await execa('docker', ['rmi', name])
      await execa('docker', ['rm', '--force', '--volumes', id])
    },
  }
}
