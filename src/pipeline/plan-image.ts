import { buildTask, indexTask, type PlannedBuild, type Where } from '../build/tasks.ts'
import type { Config, ImageConfig } from '../config/config.ts'
import { contractTask } from '../contract/tasks.ts'
import type { PullLogin } from '../login/pull.ts'
import { pulling } from '../login/pulling.ts'
import type { Image, Staged } from '../record/image.ts'
import type { Facts } from '../run/facts.ts'
import type { Scanner } from '../scan/scan.ts'
import { imageScanTask } from '../scan/tasks.ts'
import { type Metadata, metadataOf } from '../tags/metadata.ts'
import type { Task } from '../task/task.ts'
import type { Services } from '../test/services.ts'
import { appTask, newmanTask, unitTask } from '../test/tasks.ts'

type AnyTask = Task<unknown>

/** One platform of an image: what makes it, and what judges its digest. */
export interface PlatformPlan {
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
  readonly shared: Where & {
    readonly scanner: Task<Scanner>
    readonly services: Task<Services>
    readonly pull: Task<PullLogin> | undefined
  }
}

/** Pure: the tasks of one image, around the tasks that all images share. */
export function planImage(name: string, image: ImageConfig, around: Around): ImagePlan {
  const metadata = metadataOf(wishOf(image), around.facts)
  const builds = image.platforms.map(platform =>
    planBuildOf(name, image, { platform, metadata, config: around.config }),
  )
  const platforms = builds.map(build => planPlatform(build, image, around))
  const [first, ...others] = platforms
  if (first === undefined) throw new Error(`${name} has no platform`)
  return {
    name,
    config: image,
    metadata,
    platforms,
    staged:
      others.length === 0
        ? first.image
        : indexTask(
            `index:${name}`,
            { name, annotations: metadata.annotations.index ?? {} },
            platforms.map(one => one.image),
          ),
    tests: planTests(first.build, image, around),
  }
}

function planPlatform(build: PlannedBuild, image: ImageConfig, { config, shared }: Around): PlatformPlan {
  const { services, scanner, pull, ...where } = shared
  const suffix = image.platforms.length === 1 ? '' : `:${build.platform}`
  const id = `${build.name}${suffix}`
  const made = pulling(buildTask(`build:${id}`, build, where), pull)
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
  { image, build, unit }: ImageConfig,
  { platform, config, metadata: { labels, annotations } }: One,
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
  targets: [build.target, ...(unit === undefined ? [] : [unit.target])],
})

/** Unit tests judge the source: once, on the only platform, or of several on that of the engine. */
function planTests(
  build: PlannedBuild,
  { unit, platforms }: ImageConfig,
  { shared: { services, scanner: _, pull, ...where } }: Around,
): ImagePlan['tests'] {
  if (unit === undefined) return undefined
  const tests: PlannedBuild = {
    ...build,
    platform: platforms.length === 1 ? build.platform : 'native',
    target: unit.target,
    // No label of the commit here: the tests' image must not change when the source does not.
    labels: {},
    annotations: {},
    ships: false,
  }
  const image = pulling(buildTask(`test-image:${build.name}`, tests, where), pull)
  return { build: tests, image, unit: unitTask(`unit:${build.name}`, unit, { image, services }) }
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
