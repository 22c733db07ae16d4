import { dockerfileOf, hasDockerfile } from '../build/options.ts'
import type { Where } from '../build/tasks.ts'
import type { Config, ImageConfig } from '../config/config.ts'
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
  saveAfter(gate: Task<unknown>): Task<unknown>
}

/** Pure: undefined where they are not kept. */
export function planMounts(
  config: Config,
  where: Pick<Where, 'builder' | 'staging'>,
  pull: Task<PullLogin> | undefined,
): MountsPlan | undefined {
  const settings = config['cache-mounts']
  const uses = Object.values(config.images).flatMap(usesOf)
  if (settings === undefined || settings === false || uses.length === 0) return undefined
  const restored = pulling(restoreTask({ config: settings, uses, elsewhere: elsewhereIn(config) }, where), pull)
  return { restored, saveAfter: gate => pulling(saveTask(settings, { ...where, restored, gate }), pull) }
}

/** A builder that is there before the run and after it. */
function elsewhereIn({ builder: { name, driver } }: Config): string | undefined {
  if (name !== undefined) return `the builder ${name}`
  return driver === 'remote' ? 'the remote builder' : undefined
}

/** The builds of an image: the one that ships, and the one of its tests. A context elsewhere has no lock files here. */
function usesOf({ build, platforms, unit, baked }: ImageConfig): readonly MountUse[] {
  if (!hasDockerfile({ build, baked })) return []
  const stageOf = (target: string | undefined) => (baked === undefined ? target : baked.targets[target ?? '']?.target)
  const targets = [build.target, ...(unit === undefined ? [] : [unit.target])].map(stageOf)
  return targets.flatMap(target =>
    platforms.map(platform => ({
      context: build.context,
      dockerfile: dockerfileOf(build),
      target,
      platform,
      buildArgs: build['build-args'],
      contexts: build['build-contexts'] ?? {},
      fresh: build['no-cache'] === true,
    })),
  )
}
