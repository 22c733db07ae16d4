import { isAttested } from '../build/attest.ts'
import { cachesOf } from '../build/bake.ts'
import { indexTask, type PlannedBuild } from '../build/tasks.ts'
import type { Config, ImageConfig } from '../config/config.ts'
import { contractTask } from '../contract/tasks.ts'
import { UserError } from '../errors.ts'
import type { Image, Staged } from '../record/image.ts'
import type { Facts } from '../run/facts.ts'
import type { Scanner } from '../scan/scan.ts'
import { imageScanTask } from '../scan/tasks.ts'
import { type Metadata, metadataOf } from '../tags/metadata.ts'
import { renderName } from '../tags/name.ts'
import type { Task } from '../task/task.ts'
import type { Services } from '../test/services.ts'
import { appTask, newmanTask, unitTask } from '../test/tasks.ts'
import type { Builds } from './plan-builds.ts'
import { countExports, sharedPlaces, testPlatformOf } from './plan-exports.ts'

type AnyTask = Task<unknown>

/** One platform of an image: what makes it, and what judges its digest. */
interface PlatformPlan {
  /** the end of its tasks' names: empty for the only one, else `:linux/arm64` */
  readonly suffix: string
  readonly build: PlannedBuild
  readonly image: Task<Image>
  readonly scan: readonly AnyTask[]
  /** blocking tasks about the digest that ships */
  readonly judges: readonly AnyTask[]
}

/** The tasks of one image. */
export interface ImagePlan {
  readonly name: string
  readonly config: ImageConfig
  readonly metadata: Metadata
  readonly platforms: readonly PlatformPlan[]
  /** what a tag will point at: the only manifest, or the index over all platforms */
  readonly staged: Task<Staged>
  readonly tests: { readonly build: PlannedBuild; readonly image: Task<Image>; readonly unit: AnyTask } | undefined
}

export interface Around {
  readonly config: Config
  readonly facts: Facts
  readonly shared: {
    readonly builds: Builds
    readonly scanner: Task<Scanner>
    readonly services: Task<Services>
  }
}

/** Pure: what is built for an image: each platform of it, and the image of its tests. */
export function buildsOf(name: string, image: ImageConfig, { config, facts }: Pick<Around, 'config' | 'facts'>) {
  const metadata = metadataOf({ ...wishOf(image), version: facts.versions?.[name] }, facts)
  const platforms = image.platforms.map(platform => planBuildOf(name, image, { platform, metadata, config }))
  const [first] = platforms
  if (first === undefined) throw new Error(`${name} has no platform`)
  return {
    metadata,
    platforms,
    first,
    tests: image.unit === undefined ? undefined : testBuildOf(first, image.unit.target, image),
  }
}

/**
 * Pure: the tasks of one image, around the tasks that all images share.
 * @throws UserError when it would be an index, for a place that takes none
 */
export function planImage(name: string, image: ImageConfig, around: Around): ImagePlan {
  const { metadata, ...builds } = buildsOf(name, image, around)
  const platforms = builds.platforms.map(build => planPlatform(build, image, around))
  const [first] = platforms
  if (first === undefined) throw new Error(`${name} has no platform`)
  const reason = whyIndex(image)
  if (reason !== undefined && image.build.for === 'lambda')
    throw new UserError(
      `build.for: lambda takes no image index, and ${reason} of ${image.image} makes one\nTake one of the two away.`,
    )
  return {
    name,
    config: image,
    metadata: reason === undefined ? withoutIndex(metadata) : metadata,
    platforms,
    staged:
      reason === undefined
        ? first.image
        : indexTask(
            `index:${name}`,
            { name, annotations: metadata.annotations },
            platforms.map(one => one.image),
          ),
    tests: planTests(builds.tests, image, around),
  }
}

/** What is said of an index where there will be none is told, and not quietly left out. */
const withoutIndex = (metadata: Metadata): Metadata =>
  metadata.annotations.index === undefined
    ? metadata
    : { ...metadata, notes: [...metadata.notes, 'annotations of the index go nowhere: one platform makes no index'] }

/** The key that makes an index of what a tag points at; undefined where that is the only manifest. */
const whyIndex = ({ platforms, build }: ImageConfig): string | undefined =>
  platforms.length > 1 ? 'platforms' : isAttested(build) ? 'build.provenance or build.sbom' : undefined

function planPlatform(build: PlannedBuild, image: ImageConfig, { config, shared }: Around): PlatformPlan {
  const { services, scanner, builds } = shared
  const suffix = image.platforms.length === 1 ? '' : `:${build.platform}`
  const id = `${build.name}${suffix}`
  const made = builds.make(`build:${id}`, build)
  const scan = config.scan.image ? [imageScanTask(`scan:${id}`, config.scan, { scanner, image: made })] : []
  return {
    suffix,
    build,
    image: made,
    scan,
    judges: [
      ...scan,
      contractTask(`contract:${id}`, image.contract, made),
      ...planApp(id, image, { image: made, services }),
    ],
  }
}

const wishOf = ({ destinations, tags, flavor, annotations, build: { labels } }: ImageConfig) => ({
  names: destinations,
  tags,
  flavor,
  labels,
  annotations,
})

interface One extends Pick<Around, 'config'> {
  readonly metadata: Metadata
  readonly platform: string
}

const planBuildOf = (
  name: string,
  { image, build, baked }: ImageConfig,
  { platform, config, metadata: { labels, annotations, places } }: One,
): PlannedBuild => ({
  name,
  image,
  ships: true,
  config: build,
  cache: config.cache,
  target: build.target,
  platform,
  labels,
  annotations,
  ...(baked !== undefined && { baked }),
  repositories: places.map(renderName),
  ...namedIn(baked, build.target),
  exports: countExports(config),
  shared: sharedPlaces(config),
})

const testBuildOf = (build: PlannedBuild, target: string, { platforms, baked }: ImageConfig): PlannedBuild => {
  const { named: _, ...rest } = build
  return {
    ...rest,
    ...namedIn(baked, target),
    platform: testPlatformOf(platforms),
    target,
    // No label of the commit here: the tests' image must not change when the source does not.
    labels: {},
    annotations: {},
    ships: false,
  }
}

/** The caches that a bake file names for a target. */
function namedIn(baked: ImageConfig['baked'], target: string | undefined): Pick<PlannedBuild, 'named'> {
  const named = cachesOf(baked?.targets[target ?? ''] ?? {})
  return named === undefined ? {} : { named }
}

function planTests(
  build: PlannedBuild | undefined,
  { unit }: ImageConfig,
  { shared: { services, builds } }: Around,
): ImagePlan['tests'] {
  if (unit === undefined || build === undefined) return undefined
  const image = builds.make(`test-image:${build.name}`, build)
  return { build, image, unit: unitTask(`unit:${build.name}`, unit, { image, services }) }
}

function planApp(
  id: string,
  { app, newman }: ImageConfig,
  needs: { image: Task<Image>; services: Task<Services> },
): readonly AnyTask[] {
  if (app === undefined) return []
  const running = appTask(`app:${id}`, app, needs)
  return newman === undefined ? [running] : [running, newmanTask(`newman:${id}`, newman, running)]
}
