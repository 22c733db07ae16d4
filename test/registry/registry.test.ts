import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import type { Digest } from '../../src/record/image.ts'
import { readManifest } from '../../src/registry/registry.ts'

const digestOf = (text: string): Digest => `sha256:${createHash('sha256').update(text).digest('hex')}`
const descriptor = { mediaType: 'application/octet-stream', digest: digestOf(''), size: 1 }
const manifest = JSON.stringify({ config: descriptor, layers: [descriptor] })

/** Reads an image's manifest from a registry that answers `text`, whatever it is asked. */
async function readFrom(text: string, digest: Digest) {
  const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await readManifest({ repository: `127.0.0.1:${port}/acme/web`, digest }, AbortSignal.timeout(5_000))
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

describe('what is read from staging', () => {
  it('has the digest that it was asked by', async () => {
    expect(await readFrom(manifest, digestOf(manifest))).toEqual({ config: descriptor, layers: [descriptor] })
  })

  it('may have no layer: BuildKit says null', async () => {
    const empty = JSON.stringify({ config: descriptor, layers: null })
    expect(await readFrom(empty, digestOf(empty))).toEqual({ config: descriptor, layers: [] })
  })

  it('is refused when its bytes have another', async () => {
    await expect(readFrom(`${manifest} `, digestOf(manifest))).rejects.toThrow(
      `Staging gave other bytes (${digestOf(`${manifest} `)})`,
    )
  })
})
