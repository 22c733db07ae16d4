import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { composeDown } from '../docker/compose.ts'
import { type Engine, tryDocker } from '../docker/docker.ts'
import { closeRun, removeBuilder } from './close.ts'
import { baseLabel, isAlive, markOf, type OpenRun, projectOf, readState } from './run.ts'

/** What `clean` did with one run. */
export interface Cleaned {
  readonly id: string
  readonly what: 'closed' | 'left: it is being worked in' | 'left: not everything went'
  readonly faults: readonly string[]
}

/** Closes the runs below `base` that no living process works in, then whatever of this checkout has no run any more. */
export async function cleanRuns(base: string, engine: Engine): Promise<readonly Cleaned[]> {
  const cleaned: Cleaned[] = []
  for (const id of await runsBelow(base)) {
    const one = await cleanRun({ id, directory: join(base, id) }, engine)
    if (one !== undefined) cleaned.push(one)
  }
  const busy = cleaned.filter(({ what }) => what.startsWith('left')).map(({ id }) => id)
  return [...cleaned, ...(await cleanOrphans(base, busy, engine))]
}

const runsBelow = async (base: string): Promise<readonly string[]> =>
  (await readdir(base, { withFileTypes: true }).catch(() => []))
    .filter(entry => entry.isDirectory() && /^[0-9a-f]{8}$/.test(entry.name))
    .map(({ name }) => name)

/** The state of a run that the machine stopped in: nobody works there. */
const unreadable = { open: true, pid: process.pid }

async function cleanRun(run: OpenRun, engine: Engine): Promise<Cleaned | undefined> {
  const state = await readState(run.directory).catch(() => unreadable)
  if (state === undefined || !state.open) return undefined
  if (state.pid !== process.pid && isAlive(state.pid))
    return { id: run.id, what: 'left: it is being worked in', faults: [] }
  const faults = await closeRun(run, engine)
  return { id: run.id, what: faults.length === 0 ? 'closed' : 'left: not everything went', faults }
}

// A run's folder may have been deleted while its containers live: they carry the label of this checkout's runs.
async function cleanOrphans(base: string, busy: readonly string[], engine: Engine): Promise<readonly Cleaned[]> {
  const ids = new Set([...(await labelled(base, engine)), ...(await builders(base, engine))])
  const cleaned: Cleaned[] = []
  for (const id of [...ids].filter(one => !busy.includes(one))) {
    const faults = [await composeDown(projectOf(id), engine), await removeBuilder(projectOf(id), engine)]
    const left = faults.filter(fault => fault !== undefined)
    cleaned.push({ id, what: left.length === 0 ? 'closed' : 'left: not everything went', faults: left })
  }
  return cleaned
}

async function labelled(base: string, engine: Engine): Promise<readonly string[]> {
  const argv = ['ps', '--all', '--filter', `label=${baseLabel}=${base}`, '--format', '{{.Label "dev.pce.run"}}']
  const { stdout } = await tryDocker('Look for containers', argv, engine)
  return stdout.split('\n').filter(Boolean)
}

async function builders(base: string, engine: Engine): Promise<readonly string[]> {
  const list = await tryDocker(
    'Look for builders',
    ['ps', '--all', '--quiet', '--filter', 'name=buildx_buildkit_pce-'],
    engine,
  )
  const containers = list.stdout.split('\n').filter(Boolean)
  if (containers.length === 0) return []
  const argv = ['inspect', '--format', '{{json .Config.Env}}', ...containers]
  const { stdout } = await tryDocker('Look at builders', argv, engine)
  const environments = stdout
    .split('\n')
    .filter(Boolean)
    .map((line): string[] => JSON.parse(line))
  return environments
    .filter(env => env.includes(`PCE_BASE=${markOf(base)}`))
    .flatMap(env => env.find(entry => entry.startsWith('PCE_RUN='))?.slice(8) ?? [])
}
