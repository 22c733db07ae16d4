import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../disk/files.ts'
import { composeDown } from '../docker/compose.ts'
import { type Engine, tryDocker } from '../docker/docker.ts'
import { type Belonging, readJournal } from './journal.ts'
import { readParts } from './parts.ts'
import { forget, type OpenRun, readState, writeState } from './run.ts'

/**
 * Takes down all that a run made: its project with volumes and networks, its builder, its credentials. Container logs
 * are kept first. What could not be taken down is told, never thrown: the rest goes on. Safe to repeat.
 */
export async function closeRun(run: OpenRun, engine: Engine): Promise<readonly string[]> {
  const belongings = unique(await readJournal(run.directory))
  await keepLogs(run, belongings, engine)
  const faults = await Promise.all(belongings.map(belonging => takeDown(belonging, engine)))
  await removeStaged(run, engine)
  await rm(join(run.directory, 'private'), { recursive: true, force: true })
  // A state that nobody can read is written anew: else the run would never be closed.
  const state = await readState(run.directory).catch(() => ({ id: run.id, pid: process.pid, opened: '' }))
  const left = faults.filter(fault => fault !== undefined)
  if (state !== undefined && left.length === 0) await writeState(run.directory, { ...state, open: false })
  await forget(dirname(run.directory), run.id)
  return left
}

const stagedSchema = z.looseObject({ repository: z.string(), digest: z.string() })

/**
 * Removes what the engine has from staging: under that name nobody can pull it again, and each run would add more. What
 * it pulled has a digest; what its own builder made has a tag too.
 */
async function removeStaged({ directory }: OpenRun, engine: Engine): Promise<void> {
  const parts = await readParts(directory).catch(() => [])
  const staged = parts.flatMap(({ value }) => stagedSchema.safeParse(value).data ?? [])
  if (staged.length === 0) return
  const filters = [...new Set(staged.map(({ repository }) => repository))].flatMap(name => [
    '--filter',
    `reference=${name}`,
  ])
  const argv = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', ...filters]
  const list = await tryDocker('Look for staged images', argv, engine).catch(() => undefined)
  const tagged = (list?.stdout ?? '').split('\n').filter(name => name !== '' && !name.endsWith(':<none>'))
  const names = [...staged.map(({ repository, digest }) => `${repository}@${digest}`), ...tagged]
  // One that was never pulled is not there; that is no fault.
  await tryDocker('Remove staged images', ['image', 'rm', '--force', ...names], engine).catch(() => undefined)
}

/** Removes the logins of a run: the tasks that needed them are over, and what comes later has no business with them. */
export async function removeLogins({ directory }: OpenRun): Promise<void> {
  for (const { kind, name } of await readJournal(directory))
    if (kind === 'credentials') await rm(name, { recursive: true, force: true })
}

const unique = (belongings: readonly Belonging[]): readonly Belonging[] => [
  ...new Map(belongings.map(belonging => [`${belonging.kind} ${belonging.name}`, belonging])).values(),
]

async function keepLogs({ directory }: OpenRun, belongings: readonly Belonging[], engine: Engine): Promise<void> {
  for (const { kind, name } of belongings) {
    if (kind !== 'project') continue
    const argv = ['compose', '--project-name', name, 'logs', '--no-color', '--timestamps']
    const end = await tryDocker('Keep logs', argv, engine).catch(() => undefined)
    if (end?.stdout) await writeWhole(join(directory, 'logs', 'containers.log'), `${end.stdout}\n`).catch(() => {})
  }
}

async function takeDown({ kind, name }: Belonging, engine: Engine): Promise<string | undefined> {
  try {
    if (kind === 'credentials') await rm(name, { recursive: true, force: true })
    else if (kind === 'project') return await composeDown(name, engine)
    else return await removeBuilder(name, engine)
    return undefined
  } catch (error) {
    return `${kind} ${name}: ${error instanceof Error ? error.message : String(error)}`
  }
}

/**
 * Removes a builder with its container and its state, also when buildx has forgotten it. The container goes first and
 * by force: buildx would wait for buildkitd to end, 5 s for nothing.
 */
export async function removeBuilder(name: string, engine: Engine): Promise<string | undefined> {
  const container = `buildx_buildkit_${name}0`
  const gone = await tryDocker(`Remove ${container}`, ['rm', '--force', '--volumes', container], engine)
  await tryDocker(`Remove builder ${name}`, ['buildx', 'rm', '--force', name], engine)
  await tryDocker(`Remove ${container}_state`, ['volume', 'rm', '--force', `${container}_state`], engine)
  return gone.exitCode === 0 || /no such container/i.test(gone.stderr) ? undefined : gone.stderr.trim()
}
