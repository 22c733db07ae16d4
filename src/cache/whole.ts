import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { digestSchema } from '../record/image.ts'

const descriptorSchema = z.looseObject({ mediaType: z.string().default(''), digest: digestSchema, size: z.number() })
type Descriptor = z.output<typeof descriptorSchema>

/** An index or a manifest of a cache: BuildKit writes either, with layers and its own configuration below. */
const listSchema = z.looseObject({
  manifests: z.array(descriptorSchema).default([]),
  layers: z.array(descriptorSchema).default([]),
  config: descriptorSchema.optional(),
})

/**
 * What is wrong with a folder of layers (OCI image-layout): a blob that is not there, or has another size, as after a
 * full disk or a cleaned folder. Undefined where all is there. BuildKit itself finds out when it needs the layer, and
 * then fails the step.
 */
export async function damageOf(folder: string): Promise<string | undefined> {
  try {
    return await damageIn(folder, listSchema.parse(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'))))
  } catch {
    return 'its index.json is not one'
  }
}

/** An index names manifests, and those name blobs: what goes deeper, or round in a circle, is none of BuildKit's. */
const deepest = 4

async function damageIn(folder: string, { manifests, layers, config }: z.output<typeof listSchema>, depth = 0) {
  const all = [...manifests, ...layers, ...(config === undefined ? [] : [config])]
  const found = await Promise.all(all.map(one => damageAt(folder, one, depth + 1)))
  return found.find(damage => damage !== undefined)
}

async function damageAt(
  folder: string,
  { mediaType, digest, size }: Descriptor,
  depth: number,
): Promise<string | undefined> {
  const path = join(folder, 'blobs', ...digest.split(':'))
  const actual = await stat(path).then(
    file => file.size,
    () => undefined,
  )
  if (actual === undefined) return `${digest} is not there`
  if (actual !== size) return `${digest} has ${actual} bytes of ${size}`
  if (!/\.(index|manifest|manifest\.list)\.v\d\+json$/.test(mediaType)) return undefined
  const list = listSchema.safeParse(parsed(await readFile(path, 'utf8')))
  return list.success && depth < deepest ? damageIn(folder, list.data, depth) : `${digest} is not what it was`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
