import { createWriteStream, openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Engine, tryDocker } from '../docker/docker.ts'
import { OutsideError } from '../errors.ts'
import { readConfiguration, readManifest } from '../registry/registry.ts'
import { layerFileOf, writeArchive } from './archive.ts'
import { imageOf, layersIn, manifestType } from './oci.ts'
import type { Transport } from './transport.ts'

interface Tagged {
  readonly tag: string
  /** the engine whose own builder pushes by tag alone, and keeps what it pushed */
  readonly engine: Engine
}

/** By the run's registry, which the builder reads and writes without a detour. */
export function stagingTransport(host: string, tagged: Tagged | undefined): Transport {
  const repository = `${host}/pce-mounts`
  const reference = tagged === undefined ? repository : `${repository}:${tagged.tag}`
  const how = tagged === undefined ? 'push-by-digest=true,name-canonical=true,store=false' : 'unpack=false'
  const ask = (path: string, request: RequestInit) =>
    askStaging(new URL(path, `http://${host}/v2/pce-mounts/`), request)
  /** OCI distribution-spec, "Pushing a blob monolithically", with POST then PUT. */
  const putBlob = async (digest: string, body: Blob, signal: AbortSignal): Promise<void> => {
    const opened = await ask('blobs/uploads/', { method: 'POST', signal })
    const location = new URL(opened.headers.get('location') ?? '', opened.url)
    location.searchParams.set('digest', digest)
    const headers = { 'content-type': 'application/octet-stream' }
    await askStaging(location, { method: 'PUT', headers, body, signal })
  }
  return {
    // zstd: BuildKit writes it with all CPUs, gzip with one.
    output: `type=image,name=${reference},push=true,oci-mediatypes=true,compression=zstd,${how}`,
    async give(folder, layer, signal) {
      const { manifest, config } = imageOf(layer)
      await putBlob(layer.digest, await openAsBlob(layerFileOf(folder)), signal)
      await putBlob(config.digest, new Blob([new Uint8Array(config.bytes)]), signal)
      const headers = { 'content-type': manifestType }
      const body = new Uint8Array(manifest.bytes)
      await ask(`manifests/${manifest.digest}`, { method: 'PUT', headers, body, signal })
      return { image: `${repository}@${manifest.digest}` }
    },
    async layers(digest, signal) {
      const source = { repository, digest }
      return layersIn(await readManifest(source, signal), await readConfiguration(source, signal))
    },
    async take(layer, folder, signal) {
      const { body } = await ask(`blobs/${layer.digest}`, { signal })
      if (body === null) throw new OutsideError(`Staging gave no content for ${layer.digest}`)
      await pipeline(Readable.fromWeb(body), createWriteStream(layerFileOf(folder)), { signal })
      await writeArchive(folder, layer)
    },
    async close() {
      if (tagged === undefined) return
      await tryDocker('Remove what cache mounts held', ['image', 'rm', '--force', reference], tagged.engine).catch(
        () => {},
      )
    },
  }
}

async function askStaging(url: URL, request: RequestInit): Promise<Response> {
  const response = await fetch(url, request).catch((cause: unknown) => {
    request.signal?.throwIfAborted()
    throw new OutsideError(`Staging does not answer on ${url}`, { cause })
  })
  if (!response.ok) throw new OutsideError(`Staging answered ${response.status} for ${url}`)
  return response
}
