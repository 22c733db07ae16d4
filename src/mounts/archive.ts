import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { digestSchema } from '../record/image.ts'

/** The files of a mount: one layer of an image, as BuildKit wrote and compressed it. Size in bytes. */
const layerSchema = z.object({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.number().int().positive(),
  /** digest of the layer without its compression */
  diffId: digestSchema,
})
export type Layer = z.infer<typeof layerSchema>

/** What is kept of a mount is a folder with these two files. */
export const archiveFiles = ['layer', 'layer.json'] as const

export const layerFileOf = (folder: string): string => join(folder, 'layer')

export const writeArchive = (folder: string, layer: Layer): Promise<void> =>
  writeFile(join(folder, 'layer.json'), JSON.stringify(layer))

/** What a folder holds, or why it is not to be used: half of it is there, or other bytes than were written. */
export async function readArchive(folder: string): Promise<Layer | string> {
  const text = await readFile(join(folder, 'layer.json'), 'utf8').catch(() => '')
  const layer = layerSchema.safeParse(parse(text)).data
  if (layer === undefined) return 'its description is not readable'
  // What came out of a cache may be a link to any file of this machine.
  const size = await lstat(layerFileOf(folder)).then(
    state => (state.isFile() ? state.size : 0),
    () => 0,
  )
  if (size !== layer.size) return `it has ${size} bytes of ${layer.size}`
  const digest = await digestOf(layerFileOf(folder))
  return digest === layer.digest ? layer : `it has other bytes (${digest}) than were written (${layer.digest})`
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return `sha256:${hash.digest('hex')}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
