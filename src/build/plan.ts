import { type Annotations, annotationArgv } from './annotations.ts'
import type { BuildConfig } from './config.ts'
import { contextOf, optionsOf, pairs } from './options.ts'
import { outputAttributes } from './reproducible.ts'

/** One solve: a target of a Dockerfile for one platform, into one repository of a registry. */
export interface BuildRequest {
  readonly config: BuildConfig
  readonly target: string | undefined
  /** `linux/amd64`, or `native` for that of the engine */
  readonly platform: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Annotations
}

interface Place {
  readonly builder: string
  /** value of `--output` */
  readonly output: string
  readonly metadataFile: string
  /** `--provenance=…`, `--sbom=…` of the image; a cache has none */
  readonly attestations: readonly string[]
  /** values of `--cache-from`: `type=local,src=…` */
  readonly cacheFrom: readonly string[]
  /** the cache goes into the image, for a later build to read it there */
  readonly inlineCache?: boolean
}

/** Pure: argv of the solve that stages an image by digest, and of nothing else. */
export function planBuild(request: BuildRequest, place: Place): readonly string[] {
  return [
    ...planSolve(request, place, place.attestations),
    ...annotationArgv(request.annotations, request.platform),
    ...(place.inlineCache ? ['--cache-to', 'type=inline'] : []),
    '--output',
    `${place.output}${outputAttributes(request.config)}`,
    '--metadata-file',
    place.metadataFile,
    contextOf(request.config),
  ]
}

/** Pure: argv of the solve that writes the further outputs. Every step is in the builder already: all hits. */
export const planOutputs = (request: BuildRequest, builder: string): readonly string[] => [
  ...planSolve(warm(request), { builder, cacheFrom: [] }),
  ...(request.config.outputs ?? []).flatMap(output => ['--output', output]),
  contextOf(request.config),
]

/** A request once it is done: what asks for steps to be done anew has been heard. */
const warm = ({ config, ...request }: BuildRequest): BuildRequest => ({
  ...request,
  config: { ...config, 'no-cache': undefined, 'no-cache-filters': undefined, pull: undefined },
})

/** Pure: argv of the solve that only writes the cache. Every step is in the builder already: all hits. */
export const planCacheExport = (request: BuildRequest, place: Place, cacheTo: readonly string[]): readonly string[] => [
  ...planSolve(warm(request), place),
  '--output',
  'type=cacheonly',
  ...cacheTo.flatMap(target => ['--cache-to', target]),
  contextOf(request.config),
]

function planSolve(
  { config, target, platform, labels }: BuildRequest,
  { builder, cacheFrom }: Pick<Place, 'builder' | 'cacheFrom'>,
  attestations: readonly string[] = ['--provenance=false', '--sbom=false'],
): readonly string[] {
  return [
    'docker',
    'buildx',
    'build',
    '--builder',
    builder,
    '--progress=rawjson',
    ...attestations,
    ...optionsOf(config),
    ...(target === undefined ? [] : ['--target', target]),
    ...(platform === 'native' ? [] : ['--platform', platform]),
    ...pairs('--label', labels),
    ...cacheFrom.flatMap(source => ['--cache-from', source]),
  ]
}
