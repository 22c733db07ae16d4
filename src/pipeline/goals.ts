import type { Config } from '../config/config.ts'
import { UserError } from '../errors.ts'
import type { Task } from '../task/task.ts'
import type { Command, Plan } from './plan.ts'

export interface Wanted {
  readonly command: Command
  /** for `run`: also push, once the gate has cleared the images; for `build`: also push, and no verdict is asked for */
  readonly push: boolean
  /** for `check`: names of the checks; all when empty */
  readonly only: readonly string[]
}

/**
 * Pure: the tasks that a command asks for.
 * @throws UserError when nothing is configured for it, a check does not exist, or there is no registry to push to.
 */
export function goalsOf({ command, push, only }: Wanted, plan: Plan, config: Config): readonly Task<unknown>[] {
  if (command === 'push' || push) {
    if (plan.goals.push.length === 0)
      throw new UserError(
        'registries: none is named, so there is nowhere to push to\nName one in pce.yml: registries: [ghcr.io]. As inputs: registries: ghcr.io, or images: ghcr.io/acme/web, or a full reference in tags.',
      )
    const [homeless] = Object.entries(plan.metadata).filter(([, { places }]) => places.length === 0)
    if (homeless !== undefined)
      throw new UserError(
        `images.${homeless[0]}: has nowhere to go, while other images are pushed\nGive it a name with a host, or name registries for all.`,
      )
  }
  if (command === 'build' && push) return [...plan.goals.build, ...plan.pushBuilt]
  if (command === 'run') return push ? [...plan.goals.run, ...plan.goals.push] : plan.goals.run
  const goals = command === 'check' && only.length > 0 ? onlyThese(only, plan, config) : plan.goals[command]
  if (goals.length === 0) throw new UserError(`${command}: nothing is configured for it; see pce plan`)
  return goals
}

function onlyThese(only: readonly string[], { goals }: Plan, { checks }: Config): readonly Task<unknown>[] {
  const unknown = only.find(name => !Object.hasOwn(checks, name) && name !== 'hadolint')
  if (unknown !== undefined)
    throw new UserError(
      `only: there is no check ${unknown}; there are: ${[...Object.keys(checks), 'hadolint'].join(', ')}`,
    )
  return goals.check.filter(({ id }) => only.some(name => id === `check:${name}` || id.split(':')[0] === name))
}
