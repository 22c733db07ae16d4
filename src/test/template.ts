import { isAbsolute, join, relative } from 'node:path'
import type { ComposeService } from '../docker/compose.ts'

/** What is left of a service of the Compose file, and what is not taken: `volumes ./:/app`, `command`. */
export interface Template {
  readonly service: ComposeService
  readonly dropped: readonly string[]
}

/** By these other code would run than the image ships, or as another user, or with other rights, than it is to have. */
const foreign = [
  'entrypoint',
  'command',
  'user',
  'privileged',
  'develop',
  'configs',
  'working_dir',
  'cap_add',
  'pid',
  'ipc',
  'network_mode',
  'volumes_from',
  'provider',
] as const

/** Pure: a service without what would keep its image from running as it ships. `checkout`: an absolute path. */
export function asItShips(service: ComposeService, checkout: string): Template {
  const rest = Object.fromEntries(Object.entries(service).filter(([key]) => !foreign.some(gone => gone === key)))
  const left = withoutVolumes(rest, checkout, ({ type }) => type !== 'volume' && type !== 'tmpfs')
  // Compose writes `command: null` for a service that has none.
  const keys = foreign.filter(key => ![undefined, null, false].some(none => none === service[key]))
  return { service: left.service, dropped: [...left.dropped, ...keys] }
}

/** Pure: a service without bind mounts of the checkout or of a folder around it: they hide what the image holds. */
export const withoutSource = (service: ComposeService, checkout: string): Template =>
  withoutVolumes(service, checkout, ({ type, source = '' }) => {
    if (type !== 'bind') return false
    return isWithin(checkout, source) || isWithin(source, checkout)
  })

interface Volume {
  readonly type?: string
  readonly source?: string
  readonly target?: string
}

function withoutVolumes(service: ComposeService, checkout: string, isGone: (volume: Volume) => boolean): Template {
  const { volumes, ...rest } = service
  if (!Array.isArray(volumes)) return { service, dropped: [] }
  const all: readonly Volume[] = volumes
  const kept = all.filter(volume => !isGone(volume))
  const dropped = all.filter(isGone).map(volume => `volumes ${render(volume, checkout)}`)
  return { service: kept.length === 0 ? rest : { ...rest, volumes: kept }, dropped }
}

function render({ source = '', target = '' }: Volume, checkout: string): string {
  return `${isWithin(checkout, source) ? `./${relative(checkout, source)}` : source}:${target}`
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(join('..', '/')) && !isAbsolute(way)
}
