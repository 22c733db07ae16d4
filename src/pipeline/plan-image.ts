import { labelsOf } from '../build/plan.ts'
import { buildTask, type PlannedBuild, type Where } from '../build/tasks.ts'
import type { Config, ImageConfig } from '../config/config.ts'
import { contractTask } from '../contract/tasks.ts'
import { UserError } from '../errors.ts'
import type { PullLogin } from '../login/pull.ts'
import { pulling } from '../login/pulling.ts'
import type { Image } from '../record/image.ts'
import type { Revision } from '../record/record.ts'
import type { Scanner } from '../scan/scan.ts'
import { imageScanTask } from '../scan/tasks.ts'
import type { Task } from '../task/task.ts'
import type { Services } from '../test/services.ts'
import { appTask, newmanTask, unitTask } from '../test/tasks.ts'

type AnyTask = Task<unknown>

/** The tasks of one image: what makes it, and what judges its digest. */
export interface ImagePlan {
  readonly name: string
  readonly config: ImageConfig
  /** that of the image that ships, then that of its tests */
  readonly builds: readonly PlannedBuild[]
  readonly image: Task<Image>
  readonly unit: readonly AnyTask[]
  readonly scan: readonly AnyTask[]
  /** blocking tasks about the digest that ships */
  readonly judges: readonly AnyTask[]
}

export interface Around {
  readonly config: Config
  readonly revision: Revision
  readonly shared: Where & {
    readonly scanner: Task<Scanner>
    readonly services: Task<Services>
    readonly pull: Task<PullLogin> | undefined
  }
}

/**
 * Pure: the tasks of one image, around the tasks that all images share.
 * @throws UserError for what this version can't do yet.
 */
export function planImage(name: string, image: ImageConfig, { config, revision, shared }: Around): ImagePlan {
  const build = planBuildOf(name, image, { config, revision })
  const { services, scanner, pull, ...where } = shared
  const tests = image.unit === undefined ? [] : [planTestBuild(build, image.unit.target)]
  const made = pulling(buildTask(`build:${name}`, build, where), pull)
  const scan = config.scan.image ? [imageScanTask(`scan:${name}`, config.scan, { scanner, image: made })] : []
  return {
    name,
    config: image,
    builds: [build, ...tests],
    image: made,
    unit: tests.flatMap(test => planUnit(name, image, { build: test, where, services, pull })),
    scan,
    judges: [
      ...scan,
      contractTask(`contract:${name}`, image.contract, made),
      ...planApp(name, image, { image: made, services }),
    ],
  }
}

function planBuildOf(
  name: string,
  { image, build, platforms, unit }: ImageConfig,
  { config, revision }: Pick<Around, 'config' | 'revision'>,
): PlannedBuild {
  const [platform = 'native', ...others] = platforms
  if (others.length > 0) {
    throw new UserError(
      `platforms: ${platforms.join(', ')} for ${image}: this version builds one platform for each image`,
    )
  }
  return {
    name,
    image,
    ships: true,
    config: build,
    cache: config.cache,
    target: build.target,
    platform,
    labels: labelsOf(build, revision),
    targets: [build.target, ...(unit === undefined ? [] : [unit.target])],
  }
}

// No label of the commit here: the tests' image must not change when the source does not.
const planTestBuild = (build: PlannedBuild, target: string): PlannedBuild => ({
  ...build,
  target,
  labels: {},
  ships: false,
})

interface UnitNeeds {
  readonly build: PlannedBuild
  readonly where: Where
  readonly services: Task<Services>
  readonly pull: Task<PullLogin> | undefined
}

function planUnit(
  name: string,
  { unit }: ImageConfig,
  { build, where, services, pull }: UnitNeeds,
): readonly AnyTask[] {
  if (unit === undefined) return []
  const image = pulling(buildTask(`test-image:${name}`, build, where), pull)
  return [unitTask(`unit:${name}`, unit, { image, services })]
}

function planApp(
  name: string,
  { app, newman }: ImageConfig,
  needs: { image: Task<Image>; services: Task<Services> },
): readonly AnyTask[] {
  if (app === undefined) return []
  const running = appTask(`app:${name}`, app, needs)
  return newman === undefined ? [running] : [running, newmanTask(`newman:${name}`, newman, running)]
}
