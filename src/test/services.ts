import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere, writeWhole } from '../disk/files.ts'
import { type ComposeDocument, composeArgv, readCompose } from '../docker/compose.ts'
import { docker, type Engine, tryDocker } from '../docker/docker.ts'
import { OutsideError } from '../errors.ts'
import { writeDown } from '../run/journal.ts'
import { projectOf } from '../run/run.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import type { ServicesConfig } from './config.ts'
import { namesOf, networksService, planServices, templatesOf } from './document.ts'
import { renderServices, variablesOf } from './presets.ts'

/** Services that run now, in the run's Compose project. The documents themselves may hold passwords: files, not values. */
export interface Services {
  readonly project: string
  /** the document of the services */
  readonly file: string
  /** the services that are built from source, as the Compose file has them */
  readonly templatesFile: string
  readonly names: readonly string[]
}

export interface ServicesRequest {
  readonly compose: string | undefined
  readonly services: ServicesConfig | undefined
}

/**
 * `docker compose` for this run: staging is in the same project, and no orphan. Compose makes paths absolute by PWD: the
 * shell's may name the checkout by a link, and then a bind mount of it would not be known as one.
 */
export const composeEngine = (scope: Scope): Engine => ({
  cwd: scope.context,
  env: { ...scope.env, PWD: scope.context, COMPOSE_IGNORE_ORPHANS: 'true', COMPOSE_MENU: 'false' },
  signal: scope.signal,
})

/**
 * Pulls and starts the services and waits for their health.
 * @throws OutsideError with the state and the last log lines of a service that did not become healthy.
 */
export async function startServices(request: ServicesRequest, scope: Scope): Promise<Result<Services>> {
  const document = await documentOf(request, scope)
  const planned = planServices(document, scope.run)
  const services = {
    project: projectOf(scope.run.id),
    file: join(scope.run.directory, 'private', 'services.json'),
    templatesFile: join(scope.run.directory, 'private', 'templates.json'),
    names: namesOf(document),
  }
  await writeDown(scope.run.directory, { kind: 'project', name: services.project })
  await writeWhole(services.file, JSON.stringify(planned), 0o600)
  await writeWhole(services.templatesFile, JSON.stringify(templatesOf(document)), 0o600)
  await up(services, scope)
  return { value: services, reason: services.names.join(', ') || 'no services' }
}

async function documentOf({ compose, services }: ServicesRequest, scope: Scope): Promise<ComposeDocument> {
  if (compose !== undefined) return readCompose(compose, composeEngine(scope))
  if (services === undefined) return { services: {} }
  const app = { build: {}, environment: variablesOf(services) }
  const rendered = renderServices(services)
  return { services: { ...rendered.services, app, test: app } }
}

async function up(services: Services, scope: Scope): Promise<void> {
  const argv = composeArgv(
    { name: services.project, files: [services.file] },
    'up',
    '--detach',
    '--wait',
    '--wait-timeout',
    '120',
    networksService,
    ...services.names,
  )
  const end = await tryDocker('Start services', argv, composeEngine(scope), scope)
  if (end.exitCode === 0) return
  const states = await describeServices(services, services.names, scope)
  throw new OutsideError(`Services did not become healthy: ${lastLine(end.stderr)}\n${states}`)
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

const stateSchema = z.looseObject({
  Service: z.string(),
  State: z.string(),
  Health: z.string().optional(),
  ExitCode: z.number().optional(),
})
export type ServiceState = z.infer<typeof stateSchema>

/** What the engine says of containers of the project, also of those that ended. */
export async function statesOf(
  { project }: Pick<Services, 'project'>,
  names: readonly string[],
  scope: Scope,
): Promise<readonly ServiceState[]> {
  const argv = ['compose', '--project-name', project, 'ps', '--all', '--format', 'json']
  const text = await docker('Look at services', argv, composeEngine(scope))
  const states = text.split('\n').filter(line => line.startsWith('{'))
  return states.map(line => stateSchema.parse(JSON.parse(line))).filter(({ Service }) => names.includes(Service))
}

/** State and last log lines of services, for a message. */
export async function describeServices(
  services: Pick<Services, 'project'>,
  names: readonly string[],
  scope: Scope,
): Promise<string> {
  const states = await statesOf(services, names, scope)
  const lines = states.map(
    ({ Service, State, Health, ExitCode }) =>
      `${Service}: ${State}${Health ? `, ${Health}` : ''}${State === 'exited' ? `, exit code ${ExitCode}` : ''}`,
  )
  return [...lines, await logsOf(services, names, scope)].join('\n')
}

/** The last log lines of services. */
export async function logsOf(
  { project }: Pick<Services, 'project'>,
  names: readonly string[],
  scope: Scope,
): Promise<string> {
  const argv = ['compose', '--project-name', project, 'logs', '--no-color', '--tail', '50', ...names]
  const { stdout } = await tryDocker('Read logs', argv, composeEngine(scope))
  return stdout.trim()
}

/** The templates that `startServices` kept. */
export const readTemplates = async ({ templatesFile }: Services): Promise<ReturnType<typeof templatesOf>> =>
  JSON.parse((await readIfThere(templatesFile)) ?? '{}')
