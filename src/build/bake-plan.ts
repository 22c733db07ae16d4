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
  /** what of ours it reads and writes, outside of where a bake may by itself: `fs.write=/run/layouts` */
  readonly ours: readonly string[]
  /** values of `--cache-from` by target */
  readonly cacheFrom: Readonly<Record<string, readonly string[]>>
}

interface Place {
  readonly builder: string
  /** the targets that are solved now; what they are built on comes with them */
  readonly asked: readonly string[]
  readonly metadataFile: string
  /** `--provenance=…`, `--sbom=…` of the images */
  readonly attestations: readonly string[]
  /** targets whose cache goes into the image, for a later build to read it there */
  readonly inline: readonly string[]
}

/** A bake: its argv, and the definition that it reads from standard input. */
export interface Bake {
  readonly argv: readonly string[]
  readonly definition: string
}

/** Pure: the solve that stages the images of targets by digest, and pushes to nothing else. */
export const planBake = (plan: BakePlan, { builder, asked, metadataFile, attestations, inline }: Place): Bake => ({
  argv: [...bake(plan, builder, attestations), ...plan.fresh, '--metadata-file', metadataFile, ...asked],
  definition: definitionOf(plan, target => {
    const build = asked.includes(target) ? plan.builds.find(one => one.target === target) : undefined
    const isInline = build !== undefined && inline.includes(target)
    return { output: [build?.output ?? 'type=cacheonly'], 'cache-to': isInline ? ['type=inline'] : [] }
  }),
})

interface CachePlace {
  readonly builder: string
  /** the target that it is asked for */
  readonly target: string
  /** values of `--cache-to` by target: also of those that it is built on */
  readonly cacheTo: Readonly<Record<string, readonly string[]>>
}

/** Pure: the solve that only writes the caches of a target. Every step is in the builder already: all hits. */
export function planBakeCache(plan: BakePlan, { builder, target: asked, cacheTo }: CachePlace): Bake {
  const targets = Object.fromEntries(Object.entries(plan.targets).map(([name, target]) => [name, warm(target)]))
  return {
    argv: [...bake(plan, builder), asked],
    definition: definitionOf({ ...plan, targets }, target => ({
      output: ['type=cacheonly'],
      'cache-to': [...(cacheTo[target] ?? [])],
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
const allowed = ({ allow = [], secrets, ours }: BakePlan): readonly string[] => [
  ...new Set([
    ...allow,
    ...Object.values(secrets).flatMap(one => Object.values(one['secret-files'] ?? {}).map(path => `fs.read=${path}`)),
    ...ours,
  ]),
]

// Tags, attestations, pushes and caches are not the bake file's to make: they come when the gate has spoken.
const dropped = new Set(['tags', 'annotations', 'attest', 'output', 'cache-from', 'cache-to', 'platforms'])

type Written = (target: string) => Pick<BakeTarget, 'cache-to'> & { readonly output: readonly string[] }

function definitionOf(plan: BakePlan, written: Written): string {
  const { targets, builds, secrets, platform, cacheFrom } = plan
  const changed = Object.entries(targets).map(([name, target]) => {
    const build = builds.find(one => one.target === name)
    return [
      name,
      {
        ...Object.fromEntries(Object.entries(target).filter(([key]) => !dropped.has(key))),
        ...(platform === 'native' ? {} : { platforms: [platform] }),
        secret: secretEntries(secrets[name] ?? { secrets: [] }, name),
        ...(build === undefined
          ? {}
          : {
              labels: { ...target.labels, ...build.labels },
              annotations: annotationArgv(build.annotations, platform).filter(word => word !== '--annotation'),
            }),
        'cache-from': cacheFrom[name] ?? [],
        ...written(name),
      },
    ]
  })
  // All is worked out: a label, a branch in one, or a shell's ${…} is no template to bake (HCL, "Template Expressions").
  return JSON.stringify({ target: Object.fromEntries(changed) }).replaceAll(/([$%])\{/g, '$1$1{')
}
