import { dockerfileOf, labelsOf } from '../build/plan.ts'
import { builderTask, buildTask, cacheTask, type PlannedBuild, stagingTask, type Where } from '../build/tasks.ts'
import { checkTasks, hadolintTasks } from '../check/tasks.ts'
import type { Config, ImageConfig } from '../config/config.ts'
import { contractTask } from '../contract/tasks.ts'
import { UserError } from '../errors.ts'
import { loginTask } from '../login/tasks.ts'
import { pushTask } from '../push/tasks.ts'
import type { Image } from '../record/image.ts'
import type { Revision } from '../record/record.ts'
import type { Scanner } from '../scan/scan.ts'
import { imageScanTask, scannerTask, sourceScanTask } from '../scan/tasks.ts'
import { hashOf, type Json, type Task } from '../task/task.ts'
import type { Services } from '../test/services.ts'
import { appTask, newmanTask, servicesTask, unitTask } from '../test/tasks.ts'
import { gateTask } from './judge.ts'
import { closureOf } from './order.ts'

type AnyTask = Task<unknown>

/** What can be asked of a pipeline: `run` is all up to the gate, the others are one stage with what it needs. */
export const commands = ['run', 'build', 'check', 'scan', 'test', 'push'] as const
export type Command = (typeof commands)[number]

export interface Plan {
  /** 16 hex digits: the same for the same configuration and commit, whatever the host, event or schedule */
  readonly hash: string
  readonly tasks: readonly AnyTask[]
  readonly goals: Readonly<Record<Command, readonly AnyTask[]>>
}

/**
 * Pure: the graph of a configuration at a revision. Nothing here looks at the host; event, fork and engine turn tasks
 * into `skipped` when they run.
 * @throws UserError for what this version can't do yet.
 */
export function planPipeline(config: Config, revision: Revision): Plan {
  const shared = {
    builder: builderTask(),
    staging: stagingTask(),
    scanner: scannerTask(),
    services: servicesTask({ compose: config.compose, services: config.services }),
  }
  const images = Object.entries(config.images).map(([name, image]) =>
    planImage(name, image, { config, revision, shared }),
  )
  const files = Object.values(config.images).map(({ build }) => dockerfileOf(build))
  const checks = [...checkTasks(config.checks), ...hadolintTasks(config.hadolint, files)]
  const source = config.scan.source ? [sourceScanTask(config.scan, shared.scanner)] : []
  const about = [...checks, ...source, ...images.flatMap(({ unit }) => unit)]
  const gate = gateTask(images, about)
  const login = loginTask(config.registries, gate)
  const goals = {
    run: [
      gate,
      ...images.map(image => cacheTask(`cache:${image.name}`, image.build, { ...shared, gate, image: image.image })),
    ],
    build: images.map(({ image }) => image),
    check: checks,
    scan: [...source, ...images.flatMap(({ scan }) => scan)],
    test: images.flatMap(({ unit, judges, scan }) => [...unit, ...judges.filter(judge => !scan.includes(judge))]),
    push: config.registries.length === 0 ? [] : images.map(image => planPush(image, { config, revision, gate, login })),
  }
  const tasks = closureOf(Object.values(goals).flat())
  return { hash: planHash(tasks), tasks, goals }
}

/** The tasks of one image: what makes it, and what judges its digest. */
interface ImagePlan {
  readonly name: string
  readonly config: ImageConfig
  readonly build: PlannedBuild
  readonly image: Task<Image>
  readonly unit: readonly AnyTask[]
  readonly scan: readonly AnyTask[]
  /** blocking tasks about the digest that ships */
  readonly judges: readonly AnyTask[]
}

interface Around {
  readonly config: Config
  readonly revision: Revision
  readonly shared: Where & { readonly scanner: Task<Scanner>; readonly services: Task<Services> }
}

function planImage(name: string, image: ImageConfig, { config, revision, shared }: Around): ImagePlan {
  const build = planBuildOf(name, image, { config, revision })
  const { services, scanner, ...where } = shared
  const made = buildTask(`build:${name}`, build, where)
  const scan = config.scan.image ? [imageScanTask(`scan:${name}`, config.scan, { scanner, image: made })] : []
  return {
    name,
    config: image,
    build,
    image: made,
    unit: planUnit(name, image, { build, where, services }),
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
  { image, build, platforms }: ImageConfig,
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
  }
}

interface UnitNeeds {
  readonly build: PlannedBuild
  readonly where: Where
  readonly services: Task<Services>
}

function planUnit(name: string, { unit }: ImageConfig, { build, where, services }: UnitNeeds): readonly AnyTask[] {
  if (unit === undefined) return []
  // No label of the commit here: the tests' image must not change when the source does not.
  const image = buildTask(`test-image:${name}`, { ...build, target: unit.target, labels: {}, ships: false }, where)
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

function planPush(
  { name, config }: ImagePlan,
  {
    config: { registries },
    revision,
    gate,
    login,
  }: Pick<Around, 'config' | 'revision'> & { gate: ReturnType<typeof gateTask>; login: ReturnType<typeof loginTask> },
) {
  return pushTask(`push:${name}`, { name, image: config.image, registries, rules: config.tags }, revision, {
    cleared: gate,
    login,
  })
}

/** The hash leaves out weights, deadlines and estimates: they say when, not what. */
const planHash = (tasks: readonly AnyTask[]): string =>
  hashOf(
    tasks
      .map(
        ({ id, kind, request, needs, judges }): Json => ({ id, kind, request, needs: ids(needs), judges: ids(judges) }),
      )
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  )

const ids = (tasks: readonly AnyTask[]): string[] => tasks.map(({ id }) => id).sort()
