import type { ComposeDocument, ComposeService } from '../docker/compose.ts'
import { UserError } from '../errors.ts'
import { labelsOf, type OpenRun } from '../run/run.ts'
import { stagingImage } from '../run/staging.ts'
import { argvOf, type Command } from '../schema/fields.ts'
import type { AppConfig, UnitConfig } from './config.ts'
import { literally, literalValues } from './literal.ts'
import { asItShips, withoutSource } from './template.ts'

/** Names of the services that need no build. */
export const namesOf = ({ services }: ComposeDocument): readonly string[] =>
  Object.keys(services).filter(name => services[name]?.build === undefined)

/**
 * Of this service nothing runs, but Compose makes the networks with it. Else app and tests, which start side by side,
 * would each make them: Docker takes two networks of one name, and then finds neither.
 */
export const networksService = 'pce-networks'

/**
 * Pure: the services as Compose gets them: those that need no build, in this run's project and with its label.
 * @throws UserError for a name that is kept for the run's own services.
 */
export function planServices(document: ComposeDocument, run: OpenRun): ComposeDocument {
  const taken = Object.keys(document.services).filter(name => name.startsWith('pce-'))
  if (taken.length > 0)
    throw new UserError(
      `services: ${taken.join(', ')}: names that begin with pce- are the run's own; rename the service`,
    )
  const services = namesOf(document).map(name => [name, ownService(document.services[name] ?? {}, run)])
  const own = ownNames(document)
  const networks = Object.fromEntries(['default', ...Object.keys(own.networks ?? {})].map(key => [key, null]))
  const none = { image: stagingImage, deploy: { replicas: 0 }, networks }
  return { ...own, services: { ...Object.fromEntries(services), [networksService]: none } }
}

/** Pure: services of a Compose file that are built from source; the run puts its own staged images in their place. */
export const templatesOf = ({ services }: ComposeDocument): Readonly<Record<string, ComposeService>> =>
  Object.fromEntries(Object.entries(services).filter(([, { build }]) => build !== undefined))

type Templates = Readonly<Record<string, ComposeService>>

interface Place {
  readonly run: OpenRun
  readonly reference: string
  /** the checkout: absolute path */
  readonly context: string
}

/**
 * Pure: the app as it ships, by digest, with what the Compose file says of what is around it. `dropped` is what it says
 * and is not taken, since a verdict about the image would be one about something else.
 */
export function planApp(config: AppConfig, templates: Templates, { run, reference, context }: Place) {
  const [name, whole] = appTemplate(config, templates)
  const { service: template, dropped } = asItShips(whole, context)
  const service: ComposeService = {
    ...ownService(template, run),
    // What the Compose file does after the start, `before` does before it, where a failure can be told.
    ...(config.before === undefined ? { post_start: template.post_start } : {}),
    image: reference,
    ports: [{ target: config.port, host_ip: '127.0.0.1', protocol: 'tcp' }],
    environment: { ...template.environment, ...literalValues(config.env) },
  }
  return { name, document: { services: { [name]: service } }, dropped }
}

/** Pure: the unit tests in their own image, with the environment of the Compose file's test service. */
export function planUnit(config: UnitConfig, templates: Templates, { run, reference, context }: Place) {
  const [name, whole] = unitTemplate(config, templates)
  const { service: template, dropped } = withoutSource(whole, context)
  const service: ComposeService = {
    ...ownService(template, run),
    image: reference,
    environment: { ...template.environment, ...literalValues(config.env) },
    ...(config.run === undefined ? {} : { command: commandOf(config.run) }),
  }
  return { name, document: { services: { [name]: service } }, dropped }
}

/** Pure: what is not taken, as a line for the log; undefined when all is. */
export const renderDropped = (dropped: readonly string[]): string | undefined =>
  dropped.length === 0
    ? undefined
    : `Not taken from the Compose file, since the image must run as it ships: ${dropped.join(', ')}`

function appTemplate({ service }: AppConfig, templates: Templates): readonly [string, ComposeService] {
  const named = service === undefined ? undefined : templates[service]
  if (service !== undefined && named === undefined && Object.keys(templates).length > 0) {
    throw new UserError(
      `app.service: ${service} is not a service with a build; those are: ${Object.keys(templates).join(', ')}`,
    )
  }
  return [service ?? 'app', named ?? templates.app ?? {}]
}

function unitTemplate({ target }: UnitConfig, templates: Templates): readonly [string, ComposeService] {
  const byTarget = Object.entries(templates).find(([, { build }]) => build?.target === target)
  return byTarget ?? ['test', templates.test ?? {}]
}

const commandOf = (command: Command): readonly string[] => argvOf(command).map(literally)

const replaced = [
  'build',
  'ports',
  'container_name',
  'depends_on',
  'profiles',
  'restart',
  'pull_policy',
  'links',
  'post_start',
  'pre_stop',
] as const

function ownService(service: ComposeService, run: OpenRun): ComposeService {
  const rest = Object.fromEntries(Object.entries(service).filter(([key]) => !replaced.some(gone => gone === key)))
  return { ...rest, labels: { ...service.labels, ...labelsOf(run) } }
}

// Compose fills in names such as `web_default`, by which two runs would share a network or a volume.
function ownNames({ networks, volumes }: ComposeDocument) {
  return Object.fromEntries(
    Object.entries({ networks, volumes })
      .filter((entry): entry is [string, object] => typeof entry[1] === 'object' && entry[1] !== null)
      .map(([key, members]) => [key, Object.fromEntries(Object.entries(members).map(withoutName))]),
  )
}

function withoutName([key, member]: [string, unknown]): [string, unknown] {
  if (typeof member !== 'object' || member === null || 'external' in member) return [key, member]
  const { name: _, ...rest } = member as { name?: string }
  return [key, rest]
}
