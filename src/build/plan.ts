import { join } from 'node:path'
import type { Revision } from '../record/record.ts'
import type { BuildConfig } from './config.ts'

/** One solve: a target of a Dockerfile for one platform, into one repository of a registry. */
export interface BuildRequest {
  readonly config: BuildConfig
  readonly target: string | undefined
  /** `linux/amd64`, or `native` for that of the engine */
  readonly platform: string
  readonly labels: Readonly<Record<string, string>>
}

interface Place {
  readonly builder: string
  /** `127.0.0.1:32768/acme/web` */
  readonly repository: string
  readonly metadataFile: string
  /** folders of local caches to read; they are there */
  readonly cacheFrom: readonly string[]
}

/** Pure: argv of the solve that stages an image by digest, and of nothing else. */
export function planBuild(request: BuildRequest, place: Place): readonly string[] {
  return [
    ...planSolve(request, place),
    // By digest: no tag exists anywhere before the gate. Without attestations the result is the platform manifest.
    '--output',
    `type=image,name=${place.repository},push=true,push-by-digest=true,name-canonical=true,oci-mediatypes=true`,
    '--metadata-file',
    place.metadataFile,
    request.config.context,
  ]
}

/** Pure: argv of the solve that only writes the cache. Every step is in the builder already: all hits. */
export const planCacheExport = (request: BuildRequest, place: Place, folder: string): readonly string[] => [
  ...planSolve(request, place),
  '--output',
  'type=cacheonly',
  '--cache-to',
  `type=local,dest=${folder},mode=max`,
  request.config.context,
]

function planSolve(
  { config, target, platform, labels }: BuildRequest,
  { builder, cacheFrom }: Place,
): readonly string[] {
  return [
    'docker',
    'buildx',
    'build',
    '--builder',
    builder,
    '--progress=rawjson',
    '--provenance=false',
    '--sbom=false',
    '--file',
    dockerfileOf(config),
    ...(target === undefined ? [] : ['--target', target]),
    ...(platform === 'native' ? [] : ['--platform', platform]),
    ...pairs('--build-arg', config['build-args']),
    ...pairs('--label', labels),
    ...config.secrets.flatMap(name => ['--secret', `id=${name},env=${name}`]),
    ...cacheFrom.flatMap(folder => ['--cache-from', `type=local,src=${folder}`]),
  ]
}

const pairs = (flag: string, values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])

export const dockerfileOf = ({ file, context }: BuildConfig): string => file ?? join(context, 'Dockerfile')

/** The labels of the image that ships (OCI image-spec, annotations.md), which depend on the commit alone. */
export const labelsOf = (config: BuildConfig, { commit, committed, dirty }: Revision): Record<string, string> => ({
  ...(commit === '' ? {} : { 'org.opencontainers.image.revision': dirty ? `${commit}-dirty` : commit }),
  ...(committed === '' ? {} : { 'org.opencontainers.image.created': committed }),
  ...config.labels,
})
