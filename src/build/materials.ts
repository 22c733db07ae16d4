import { z } from 'zod'
import { readIfThere } from '../disk/files.ts'
import type { Base } from '../record/part.ts'

const provenanceSchema = z.looseObject({
  materials: z.array(z.looseObject({ uri: z.string(), digest: z.looseObject({ sha256: z.string().optional() }) })),
})

/**
 * The images that provenance names, from what `--metadata-file` wrote, of a build or of each target of a bake. BuildKit's
 * steps don't tell the digest of an image that a named context has by its tag. Empty where the file is not there, or
 * buildx was told to leave provenance out.
 */
export async function readMaterials(metadataFile: string): Promise<Base[]> {
  const text = await readIfThere(metadataFile)
  return text === undefined ? [] : materialsIn(JSON.parse(text))
}

/** Pure. `metadata` as buildx writes it (docker/buildx, docs/reference/buildx_build.md, "--metadata-file"). */
export const materialsIn = (metadata: object): Base[] =>
  [metadata, ...Object.values(metadata)].flatMap(one => {
    const provenance = provenanceSchema.safeParse(Object(one)['buildx.build.provenance'])
    return (provenance.data?.materials ?? []).flatMap(({ uri, digest: { sha256 } }) => {
      const image = imageOf(uri)
      return image === undefined || sha256 === undefined ? [] : [{ image, digest: `sha256:${sha256}` }]
    })
  })

/** `docker.io/library/debian:12` of `pkg:docker/debian@12?platform=…` (package-url/purl-spec, moby/buildkit, util/purl). */
function imageOf(uri: string): string | undefined {
  const [, path, tag = ''] = /^pkg:docker\/([^@?]+)@([^?]+)/.exec(uri) ?? []
  // One that is named by its digest alone is pinned where it is named.
  if (path === undefined || decodeURIComponent(tag).includes(':')) return undefined
  const name = decodeURIComponent(path)
  const [host = ''] = name.split('/', 1)
  if (name.includes('/') && (/[.:]/.test(host) || host === 'localhost')) return `${name}:${tag}`
  return `docker.io/${name.includes('/') ? '' : 'library/'}${name}:${tag}`
}
