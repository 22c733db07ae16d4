import { link, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { digestSchema } from '../record/image.ts'
import { layerFileOf, writeArchive } from './archive.ts'
import { type Blob, imageOf, layersIn, manifestSchema, manifestType, pointerTo } from './oci.ts'
import type { Transport } from './transport.ts'

const indexSchema = z.looseObject({ manifests: z.array(z.looseObject({ digest: digestSchema })) })

/**
 * By OCI layouts through the session of the client (OCI image-spec, image-layout.md), for a builder that can't reach
 * staging. `turn` makes names of build contexts that no Dockerfile has.
 */
export function layoutTransport(root: string, turn: string): Transport {
  const output = join(root, 'output')
  const fileOf = (folder: string, digest: string): string => join(folder, 'blobs', ...digest.split(':'))
  const read = async (digest: string): Promise<unknown> => JSON.parse(await readFile(fileOf(output, digest), 'utf8'))
  let given = 0
  return {
    output: `type=oci,dest=${output},tar=false,oci-mediatypes=true,compression=zstd`,
    async give(folder, layer) {
      const name = `pce-seed-${turn}-${given++}`
      const layout = join(root, name)
      const { manifest, config } = imageOf(layer)
      await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true })
      const files: [string, string | Buffer][] = [
        ['oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })],
        ['index.json', JSON.stringify(indexOf(manifest))],
        [join('blobs', ...manifest.digest.split(':')), manifest.bytes],
        [join('blobs', ...config.digest.split(':')), config.bytes],
      ]
      await Promise.all(files.map(([path, content]) => writeFile(join(layout, path), content)))
      const target = fileOf(layout, layer.digest)
      // Another file system, such as that of a local store, takes no hard link.
      await link(layerFileOf(folder), target).catch(() => symlink(layerFileOf(folder), target))
      return { image: name, context: `${name}=oci-layout://${layout}@${manifest.digest}` }
    },
    async layers() {
      const index = indexSchema.parse(JSON.parse(await readFile(join(output, 'index.json'), 'utf8')))
      const manifest = manifestSchema.parse(await read(index.manifests[0]?.digest ?? ''))
      return layersIn(manifest, await read(manifest.config.digest))
    },
    async take(layer, folder) {
      await link(fileOf(output, layer.digest), layerFileOf(folder))
      await writeArchive(folder, layer)
    },
    close: () => rm(root, { recursive: true, force: true }),
  }
}

const indexOf = (manifest: Blob) => ({
  schemaVersion: 2,
  manifests: [{ mediaType: manifestType, ...pointerTo(manifest) }],
})
