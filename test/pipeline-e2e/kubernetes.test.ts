import { describe, expect, it } from '@jest/globals'
import { stringify } from 'yaml'
import { openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { pce } from './support/pce.ts'

/** A cluster at this address, as kubectl is told of it. */
const clusterAt = (server: string): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 'none' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'builds' } }],
    'current-context': 'c',
  })

describe('a builder in Kubernetes', () => {
  it.each<[string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
    ['that nobody told of', [], {}, /cannot determine Kubernetes namespace/],
    [
      'whose cluster is down',
      [],
      { kubeconfig: clusterAt('https://127.0.0.1:1') },
      /"https:\/\/127\.0\.0\.1:1\/.*": dial tcp 127\.0\.0\.1:1: connect: connection refused/,
    ],
    [
      'whose cluster is down is not tried with another image; it',
      ['moby/buildkit:a', 'moby/buildkit:b'],
      { kubeconfig: clusterAt('https://127.0.0.1:1') },
      /"https:\/\/127\.0\.0\.1:1\/.*": dial tcp 127\.0\.0\.1:1: connect: connection refused/,
    ],
  ])(
    '%s is an error that says what to do, and leaves nothing',
    async (_, image, files, says) => {
      const builder = { driver: 'kubernetes', ...(image.length === 0 ? {} : { image }) }
      await using checkout = await openCheckout('small', { config: { builder }, files })
      const ended = await pce(checkout, ['run'], { KUBECONFIG: `${checkout.directory}/kubeconfig` })
      expect([ended.exitCode, ended.stderr]).toEqual([3, expect.stringMatching(says)])
      expect(ended.stderr).toContain('See that kubectl reaches the cluster from here, and that its user may create')
      expect(ended.stderr).not.toContain('so moby/buildkit:b is taken')
      expect(await leftovers(ended)).toEqual([])
    },
    60_000,
  )
})
