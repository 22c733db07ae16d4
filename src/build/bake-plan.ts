import { type Annotations, annotationArgv } from './annotations.ts'
import type { BakeTarget } from './bake.ts'
import type { BuildConfig } from './config.ts'
import { secretEntries } from './secrets.ts'

/** A target of a bake that becomes an image. */
interface BakedBuild {
  readonly target: string
  /** the `--output` that brings its image to staging */
  readonly output: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Annotations
}

/** One solve of several targets for one platform. */
export interface BakePlan {
  /** all targets, also those that others are built on */
  readonly targets: Readonly<Record<string, BakeTarget>>
  readonly builds: readonly BakedBuild[]
  /** the secrets of each target, once they are open */
  readonly secrets: Readonly<Record<string, Parameters<typeof secretEntries>[0]>>
  /** `linux/amd64`, or `native` for that of the builder */
  readonly platform: string
  readonly allow: BuildConfig['allow']
  /** `--no-cache`, `--pull` for all targets: heard by the solve that stages, and by no later one */
  readonly fresh: readonly string[]
  /** folder that layouts are written to, outside of what a bake may write to by itself */
  readonly layouts: string | undefined
}

interface Place {
  readonly builder: string
  readonly metadataFile: string
  /** `--provenance=…`, `--sbom=…` of the images */
  readonly attestations: readonly string[]
}

/** A bake: its argv, and the definition that it reads from standard input. */
export interface Bake {
  readonly argv: readonly string[]
  readonly definition: string
}

/** Pure: the solve that stages the images of all targets by digest, and pushes to nothing else. */
export const planBake = (plan: BakePlan, { builder, metadataFile, attestations }: Place): Bake => ({
  argv: [
    ...bake(plan, builder, attestations),
    ...plan.fresh,
    '--metadata-file',
    metadataFile,
    ...plan.builds.map(({ target }) => target),
  ],
  definition: definitionOf(plan, ({ output }, { 'cache-to': caches = [] }) => ({
    output: [output],
    // A cache inside the image is a part of it; any other is written when the gate has spoken.
    'cache-to': caches.filter(isInline),
  })),
})

/** Pure: the solve that only writes the caches that the bake files name; undefined where they name none. */
export function planBakeCache(plan: BakePlan, builder: string): Bake | undefined {
  const targets = Object.fromEntries(Object.entries(plan.targets).map(([name, target]) => [name, warm(target)]))
  const builds = plan.builds.filter(({ target }) => plan.targets[target]?.['cache-to']?.some(cache => !isInline(cache)))
  if (builds.length === 0) return undefined
  return {
    argv: [...bake(plan, builder), ...builds.map(({ target }) => target)],
    definition: definitionOf({ ...plan, targets, builds }, (_, target) => ({
      output: ['type=cacheonly'],
      'cache-to': (target['cache-to'] ?? []).filter(cache => !isInline(cache)),
    })),
  }
}

/** A target once it is done: what asks for steps to be done anew has been heard. */
function warm(target: BakeTarget): BakeTarget {
  const { 'no-cache': _, 'no-cache-filter': __, pull: ___, ...kept } = target
  return kept
}

const bake = (
  plan: BakePlan,
  builder: string,
  attestations: readonly string[] = ['--provenance=false', '--sbom=false'],
): readonly string[] => [
  'docker',
  'buildx',
  'bake',
  '--builder',
  builder,
  '--progress=rawjson',
  ...attestations,
  ...allowed(plan).flatMap(item => ['--allow', item]),
  '--file',
  '-',
]

/** A bake reads and writes in its working directory alone, but for what it is allowed (docker/buildx, bake, --allow). */
const allowed = ({ allow = [], secrets, layouts }: BakePlan): readonly string[] => [
  ...new Set([
    ...allow,
    ...Object.values(secrets).flatMap(one => Object.values(one['secret-files'] ?? {}).map(path => `fs.read=${path}`)),
    ...(layouts === undefined ? [] : [`fs.write=${layouts}`]),
  ]),
]

const isInline = (cache: unknown): boolean =>
  cache === 'type=inline' || (typeof cache === 'object' && cache !== null && 'type' in cache && cache.type === 'inline')

type Change = (build: BakedBuild, target: BakeTarget) => Partial<BakeTarget>

// Tags, attestations and pushes are not the bake file's to make: they come when the gate has spoken.
const dropped = new Set(['tags', 'annotations', 'attest', 'output', 'cache-to', 'platforms'])

function definitionOf({ targets, builds, secrets, platform }: BakePlan, change: Change): string {
  const changed = Object.entries(targets).map(([name, target]) => {
    const build = builds.find(one => one.target === name)
    return [
      name,
      {
        ...Object.fromEntries(Object.entries(target).filter(([key]) => !dropped.has(key))),
        ...(platform === 'native' ? {} : { platforms: [platform] }),
        secret: secretEntries(secrets[name] ?? { secrets: [] }, name),
        ...(build === undefined
          ? { output: ['type=cacheonly'] }
          : {
              labels: { ...target.labels, ...build.labels },
              annotations: annotationArgv(build.annotations, platform).filter(word => word !== '--annotation'),
              ...change(build, target),
            }),
      },
    ]
  })
  // All is worked out: a label, a branch in one, or a shell's ${…} is no template to bake (HCL, "Template Expressions").
  return JSON.stringify({ target: Object.fromEntries(changed) }).replaceAll(/([$%])\{/g, '$1$1{')
}
