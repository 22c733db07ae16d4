import { builtAlone } from '../build/again.ts'
import { bakeKeyOf } from '../build/bake.ts'
import { builtInBake } from '../build/bake-again.ts'
import type { BakedImages } from '../build/bake-images.ts'
import type { BakeRequest } from '../build/bake-open.ts'
import { bakedTask, bakeTask } from '../build/bake-tasks.ts'
import { tellingBuildkit } from '../build/buildkit.ts'
import { earthlyTask } from '../build/earthly.ts'
import { besideOthers, exportTask } from '../build/exports.ts'
import { buildTask, cacheTask, type PlannedBuild, type Where } from '../build/tasks.ts'
import { type Moment, mayLieBeside } from '../cache/moment.ts'
import type { PullLogin } from '../login/pull.ts'
import { pulling } from '../login/pulling.ts'
import type { Image } from '../record/image.ts'
import type { Login } from '../registry/regctl.ts'
import type { Task } from '../task/task.ts'

interface Around {
  readonly where: Where
  readonly pull: Task<PullLogin> | undefined
}

interface CacheNeeds {
  readonly image: Task<Image>
  readonly gate?: Task<unknown>
  readonly login?: Task<Login>
}

/** How the builds of a plan become tasks: those of bake files together, any other by itself. */
export interface Builds {
  make(id: string, build: PlannedBuild): Task<Image>
  /** what writes the cache of a build; none where nothing may be due then, or earthly has its own */
  cacheOf(id: string, build: PlannedBuild, when: Moment, needs: CacheNeeds): readonly Task<unknown>[]
  /** what writes the further outputs of a build; `references`: names of the image in archives */
  outputsOf(id: string, made: Made, references: readonly string[]): readonly Task<unknown>[]
}

interface Made {
  readonly build: PlannedBuild
  readonly image: Task<Image>
}

interface Group {
  readonly bake: BakeRequest
  readonly task: Task<BakedImages>
}

/** Pure: `all` are the builds of a plan. */
export function planBuilds(all: readonly PlannedBuild[], { where, pull }: Around): Builds {
  const groups = groupsOf(all, { where, pull })
  const groupOf = (build: PlannedBuild) => groups.find(({ bake }) => bake.builds.some(isSame(build)))
  const { builder, staging } = where
  return {
    make(id, build) {
      const group = groupOf(build)
      if (group !== undefined) return bakedTask(id, build, group.task)
      const { earthfile } = build.config
      if (earthfile !== undefined)
        return pulling(earthlyTask(id, { ...build, earthfile: targetOf(build) }, staging), pull)
      return tellingBuildkit(pulling(buildTask(id, build, where), pull), builder, [build.config])
    },
    cacheOf(id, build, when, needs) {
      if (build.config.earthfile !== undefined) return []
      const group = groupOf(build)
      const built = group === undefined ? builtAlone(build) : builtInBake(build, group.bake)
      if (when === 'push' && !built.wishes.some(mayLieBeside)) return []
      const write = cacheTask(id, built, when, { builder, staging, ...needs })
      // The login of a push reads as well.
      return [needs.login === undefined ? pulling(write, pull) : write]
    },
    outputsOf(id, { build, image }, references) {
      const { config, platform } = build
      if (!isPlain(build) || config.outputs === undefined) return []
      const isOnly = all.every(one => one.name !== build.name || !one.ships || one.platform === platform)
      const outputs = isOnly ? config.outputs : besideOthers(config.outputs, platform)
      const exported = { build: { ...build, config: { ...config, outputs } }, references }
      return [pulling(exportTask(id, exported, { builder, image }), pull)]
    },
  }
}

const isSame = (build: PlannedBuild) => (one: PlannedBuild) =>
  build.baked !== undefined && one.name === build.name && one.platform === build.platform && one.ships === build.ships

const isPlain = ({ baked, config }: PlannedBuild): boolean => baked === undefined && config.earthfile === undefined

/** The tests of an image that an Earthfile makes are in another target of it. */
const targetOf = ({ ships, target = '', config }: PlannedBuild): string =>
  ships ? (config.earthfile ?? '') : `+${target.replace(/^\+/, '')}`

/** The same bake files, asked the same way, for the same platform are one solve. */
function groupsOf(all: readonly PlannedBuild[], { where, pull }: Around): readonly Group[] {
  const baked = all.filter(build => build.baked !== undefined)
  const bakes = Object.values(Object.groupBy(baked, ({ config }) => bakeKeyOf(config))).flatMap((same = []) =>
    Object.values(Object.groupBy(same, ({ platform }) => platform)).flatMap(([first, ...others] = []) =>
      first === undefined ? [] : bakeOf([first, ...others]),
    ),
  )
  return bakes.map((bake, index) => {
    const id = bakes.length > 1 ? `bake:${index + 1}` : 'bake'
    const configs = bake.builds.map(({ config }) => config)
    return { bake, task: tellingBuildkit(pulling(bakeTask(id, bake, where), pull), where.builder, configs) }
  })
}

const bakeOf = (builds: readonly [PlannedBuild, ...PlannedBuild[]]): BakeRequest => ({
  targets: Object.assign({}, ...builds.map(({ baked }) => baked?.targets)),
  builds,
  platform: builds[0].platform,
  allow: builds[0].config.allow,
})
