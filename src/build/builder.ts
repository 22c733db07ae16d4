import { type EngineFacts, probeEngine, tryDocker } from '../docker/docker.ts'
import { OutsideError } from '../errors.ts'
import { failureOf } from '../program/run.ts'
import { projectOf } from '../run/run.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import { adviceFor } from './advice.ts'
import { type BuilderWish, type Choice, chooseBuilder } from './choose.ts'
import { nodesOf } from './create.ts'
import { optionsIn } from './csv.ts'
import { handlerOf, mayInstall, type PlatformFacts, planEmulation } from './emulation.ts'
import { type Inspected, parseInspect } from './inspect.ts'
import { makeBuilder } from './make.ts'
import { type Stages, stagesOf } from './output.ts'
import { handlersHere, installQemu } from './qemu.ts'

/** A BuildKit builder that serves this run. */
export interface Builder {
  readonly name: string
  /** `docker`, `docker-container`, `remote`, `kubernetes`, or what else the user's own has */
  readonly driver: string
  /** how what it builds comes to staging */
  readonly stages: Stages
  /** platforms that it builds without QEMU, as far as they are known */
  readonly platforms: readonly string[]
}

export interface BuilderRequest extends BuilderWish {
  /** all that are built in this run: `linux/arm64`, or `native` */
  readonly platforms: readonly string[]
}

/**
 * Chooses the builder, makes it where it is one of this run's, and sees that it can build every platform.
 * @throws OutsideError that says what is missing when docker can't, UserError for what can't be built here.
 */
export async function openBuilder(request: BuilderRequest, scope: Scope): Promise<Result<Builder>> {
  const facts = await probeEngine(scope)
  const choice = chooseBuilder(facts, request)
  scope.say(`Builder: ${choice.why}`)
  const builder = await open(choice.driver, { request, facts }, scope)
  const programs = [
    { name: 'docker', version: facts.version, path: 'docker' },
    { name: 'buildx', version: facts.buildx, path: 'docker buildx' },
    { name: 'compose', version: facts.compose, path: 'docker compose' },
  ]
  return { value: builder, reason: choice.why, programs }
}

interface Around {
  readonly request: BuilderRequest
  readonly facts: EngineFacts
}

async function open(driver: Choice['driver'], { request, facts }: Around, scope: Scope): Promise<Builder> {
  const { config } = request
  if (driver === 'existing') return await useExisting(config.name ?? '', request, scope)
  const nodes = nodesOf(config)
  const isHere =
    driver === 'docker' || (driver === 'docker-container' && nodes.every(node => node.endpoint === undefined))
  // Before the builder is made: BuildKit looks for QEMU once, when it starts.
  const known = isHere ? await emulateHere(request, facts, scope) : undefined
  if (driver !== 'docker') await makeBuilder(driver, request, scope)
  const name = driver === 'docker' ? facts.context : projectOf(scope.run.id)
  const location = {
    driver,
    endpoints: nodes.map(({ endpoint }) => endpoint),
    networks: nodes.map(node => optionsIn(node['driver-opts']).network ?? 'host'),
  }
  const platforms = known ?? (await emulateThere(request, () => inspect(name, scope), scope))
  return { name, driver, stages: stagesOf(location), platforms }
}

async function useExisting(name: string, request: BuilderRequest, scope: Scope): Promise<Builder> {
  const found = await inspect(name, scope)
  const { driver, nodes } = found
  const platforms = await emulateThere(request, async () => found, scope)
  const location = {
    driver,
    endpoints: nodes.map(({ endpoint }) =>
      driver === 'docker-container' && isSocket(endpoint) ? undefined : endpoint,
    ),
    networks: nodes.map(({ options }) => options.network),
  }
  return { name, driver, stages: stagesOf(location), platforms }
}

/** A Docker endpoint on this machine: a socket, or the context that stands for it. */
const isSocket = (endpoint: string): boolean => endpoint === 'default' || endpoint.startsWith('unix://')

const isForeign = (platforms: readonly string[], own: string): boolean =>
  platforms.some(platform => platform !== 'native' && platform !== own)

/** Platforms that are native, once QEMU does the others; undefined where only the builder itself can tell. */
async function emulateHere(
  { platforms, config }: BuilderRequest,
  facts: EngineFacts,
  scope: Scope,
): Promise<readonly string[] | undefined> {
  const native = [facts.platform]
  if (!isForeign(platforms, facts.platform)) return native
  const asked = { platforms, qemu: config.qemu, onGitHub: scope.env.GITHUB_ACTIONS === 'true' }
  const handlers = await handlersHere(facts, scope)
  if (handlers === undefined && !mayInstall(asked)) return undefined
  const emulated = platforms.filter(platform => handlers?.includes(handlerOf(platform)))
  const { install, warnings } = planEmulation(asked, { native, emulated, installable: true })
  for (const line of warnings) scope.say(line)
  if (install.length > 0) await installQemu(install, scope)
  return native
}

/** The same by what the builder says of itself. It is asked only when a platform is. */
async function emulateThere(
  { platforms, config }: BuilderRequest,
  ask: () => Promise<Inspected>,
  scope: Scope,
): Promise<readonly string[]> {
  if (platforms.every(platform => platform === 'native')) return []
  const { nodes } = await ask()
  const facts: PlatformFacts = {
    native: [...new Set(nodes.flatMap(({ native }) => native))],
    emulated: nodes.flatMap(node => node.platforms),
    installable: false,
  }
  const { warnings } = planEmulation({ platforms, qemu: config.qemu, onGitHub: false }, facts)
  for (const line of warnings) scope.say(line)
  return facts.native
}

/** Boots a builder where it sleeps. @throws OutsideError when there is none of that name, or a node does not answer. */
async function inspect(name: string, scope: Scope): Promise<Inspected> {
  const title = `Look at the builder ${name}`
  const end = await tryDocker(title, ['buildx', 'inspect', name, '--bootstrap'], scope)
  const found = parseInspect(end.stdout)
  if (end.exitCode !== 0) {
    const advice = adviceFor({ driver: found.driver, said: end.stderr, endpoint: found.nodes.at(0)?.endpoint })
    throw new OutsideError(`${failureOf({ title, argv: ['docker'] }, end)}\n${advice}`)
  }
  const broken = found.nodes.find(({ error }) => error !== undefined)
  if (broken === undefined) return found
  const { driver } = found
  const advice = adviceFor({ driver, said: broken.error ?? '', endpoint: broken.endpoint })
  throw new OutsideError(`${title}: its node ${broken.name} has trouble: ${broken.error}\n${advice}`)
}
