import { join } from 'node:path'
import { writeWhole } from '../disk/files.ts'
import { composeArgv } from '../docker/compose.ts'
import { docker } from '../docker/docker.ts'
import { OutsideError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import { writeDown } from './journal.ts'
import { labelsOf, type OpenRun, projectOf } from './run.ts'

/** The registry of a run: `127.0.0.1:32768`, on this machine's loopback only. */
export interface Staging {
  readonly host: string
}

/** Each run has it on its machine. */
export const stagingImage = 'registry:3'

/** No service of a repository has such a name: they share the project. */
const service = 'pce-staging'

/** Pure: the Compose document of the staging registry. Its port is chosen by the engine, so it is free. */
export const planStaging = (run: OpenRun) => ({
  services: {
    [service]: {
      image: stagingImage,
      labels: labelsOf(run),
      // Not the project's network: services and tests of the repository have no business there.
      network_mode: 'bridge',
      ports: [{ target: 5000, host_ip: '127.0.0.1', protocol: 'tcp' }],
      environment: { OTEL_TRACES_EXPORTER: 'none', REGISTRY_LOG_LEVEL: 'warn' },
      tmpfs: ['/tmp'],
    },
  },
})

/** Starts the staging registry in the run's project. */
export async function openStaging(scope: Scope): Promise<Staging> {
  const { run } = scope
  const file = join(run.directory, 'staging.json')
  const project = { name: projectOf(run.id), files: [file] }
  await writeDown(run.directory, { kind: 'project', name: project.name })
  await writeWhole(file, JSON.stringify(planStaging(run)))
  await docker('Start staging', composeArgv(project, 'up', '--detach', '--quiet-pull', service), scope)
  const host = (await docker('Find staging', composeArgv(project, 'port', service, '5000'), scope)).trim()
  await answers(host, scope)
  return { host }
}

// The container runs before its server listens; 20 s are for a slow machine, it is 0.1 s as a rule.
async function answers(host: string, { signal }: Scope): Promise<void> {
  const until = Date.now() + 20_000
  for (let last = 'no answer'; ; ) {
    signal.throwIfAborted()
    try {
      const response = await fetch(`http://${host}/v2/`, { signal: AbortSignal.timeout(2_000) })
      if (response.ok) return
      last = `HTTP ${response.status}`
    } catch (error) {
      last = error instanceof Error ? String(error.cause ?? error.message) : String(error)
    }
    if (Date.now() > until) throw new OutsideError(`The staging registry on ${host} did not become ready: ${last}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
