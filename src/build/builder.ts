import { dirname } from 'node:path'
import { docker, probeEngine } from '../docker/docker.ts'
import { writeDown } from '../run/journal.ts'
import { markOf, type OpenRun, projectOf } from '../run/run.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'

/** A BuildKit builder of this run. */
export interface Builder {
  readonly name: string
}

/** Pure: argv that makes the builder. Host network, since staging listens on the loopback only. */
export const planBuilder = ({ id, directory }: OpenRun): readonly string[] => [
  'buildx',
  'create',
  '--name',
  projectOf(id),
  '--driver',
  'docker-container',
  '--driver-opt',
  'network=host',
  // A builder's container can carry no label; this names its run.
  '--driver-opt',
  `env.PCE_RUN=${id}`,
  '--driver-opt',
  `env.PCE_BASE=${markOf(dirname(directory))}`,
  '--bootstrap',
]

/** Makes and boots the builder. @throws OutsideError that says what is missing when docker can't. */
export async function openBuilder(scope: Scope): Promise<Result<Builder>> {
  const facts = await probeEngine(scope)
  const name = projectOf(scope.run.id)
  await writeDown(scope.run.directory, { kind: 'builder', name })
  await docker('Start a builder', planBuilder(scope.run), scope)
  const programs = [
    { name: 'docker', version: facts.version, path: 'docker' },
    { name: 'buildx', version: facts.buildx, path: 'docker buildx' },
    { name: 'compose', version: facts.compose, path: 'docker compose' },
  ]
  return { value: { name }, programs }
}
