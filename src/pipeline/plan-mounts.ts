import { isAbsolute, join } from 'node:path'
import type { BakeTarget } from '../build/bake.ts'
import { isRemote } from '../build/config.ts'
import { dockerfileOf } from '../build/options.ts'
import type { PlannedBuild, Where } from '../build/tasks.ts'
import type { Config } from '../config/config.ts'
import type { PullLogin } from '../login/pull.ts'
import { pulling } from '../login/pulling.ts'
import type { MountUse } from '../mounts/observe.ts'
import type { Restored } from '../mounts/restore.ts'
import { restoreTask, saveTask } from '../mounts/tasks.ts'
import type { Task } from '../task/task.ts'

/** The tasks around cache mounts that are kept between runs. */
interface MountsPlan {
  /** every build of the builder waits for it */
  readonly restored: Task<Restored>
  /** after the gate, or in a step after the job, where none spoke */
  saveAfter(gate?: Task<unknown>): Task<unknown>
}

interface Around {
  /** every build of the run */
  readonly planned: readonly PlannedBuild[]
  readonly where: Pick<Where, 'builder' | 'staging'>
  readonly pull: Task<PullLogin> | undefined
}

/** Pure: undefined where they are not kept. */
export function planMounts(config: Config, { planned, where, pull }: Around): MountsPlan | undefined {
  const settings = config['cache-mounts']
  const uses = new Map(planned.flatMap(usesOf).map(use => [JSON.stringify(use), use]))
  if (settings === undefined || settings === false || uses.size === 0) return undefined
  const asked = { config: settings, uses: [...uses.values()], elsewhere: elsewhereIn(config) }
  const restored = pulling(restoreTask(asked, where), pull)
  return {
    restored,
    saveAfter: gate => pulling(saveTask(settings, { ...where, restored, ...(gate && { gate }) }), pull),
  }
}

/** A builder that is there before the run and after it. */
function elsewhereIn({ builder: { name, driver } }: Config): string | undefined {
  if (name !== undefined) return `the builder ${name}`
  return driver === 'remote' ? 'the remote builder' : undefined
}

/** The Dockerfiles of a build. Those of a context elsewhere, and what earthly builds, have none here. */
function usesOf({ config, target, platform, baked }: PlannedBuild): readonly MountUse[] {
  if (config.earthfile !== undefined) return []
  if (baked !== undefined) return Object.values(baked.targets).flatMap(one => bakedUse(one, { config, platform }))
  if (isRemote(config.context)) return []
  const { context, 'build-args': buildArgs, 'build-contexts': contexts = {}, 'no-cache': fresh = false } = config
  return [{ context, dockerfile: dockerfileOf(config), target, platform, buildArgs, contexts, fresh }]
}

/** A target of bake files, wanted or what another is built on: its Dockerfile is relative to its context. */
function bakedUse(
  target: BakeTarget,
  { config, platform }: Pick<PlannedBuild, 'config' | 'platform'>,
): readonly MountUse[] {
  const { context, dockerfile, 'dockerfile-inline': inline, contexts = {} } = target
  const args: readonly [string, string | null][] = Object.entries(target.args ?? {})
  if (isRemote(context)) return []
  return [
    {
      context,
      dockerfile: isAbsolute(dockerfile) ? dockerfile : join(context, dockerfile),
      ...(inline === undefined ? {} : { inline }),
      target: target.target,
      platform,
      buildArgs: Object.fromEntries(args.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
      contexts,
      fresh: config['no-cache'] === true || target['no-cache'] === true,
    },
  ]
}
