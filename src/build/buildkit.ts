import { docker, tryDocker } from '../docker/docker.ts'
import { OutsideError } from '../errors.ts'
import type { Finding } from '../record/finding.ts'
import type { Used } from '../record/part.ts'
import type { Scope } from '../task/scope.ts'
import type { Result, Task } from '../task/task.ts'
import { notLocked } from './bases.ts'
import type { Builder } from './builder.ts'
import type { BuildConfig } from './config.ts'
import { type InspectedNode, parseInspect } from './inspect.ts'
import { digestOf, type LockedBuildkit, lockFile, readLock } from './lock.ts'

/** Builders that were asked what they are; a builder is one value for all builds of a process. */
const asked = new WeakSet<Builder>()

/**
 * A build that also says on which BuildKit it was, where it is the first one on its builder, with notices where that is
 * not what `pce.lock` has. Asked behind the solve, which it does not hold up, and without what the solve may log in
 * with; a builder that does not say is a line, never a failure.
 */
export const tellingBuildkit = <T>(
  inner: Task<T>,
  builder: Task<Builder>,
  configs: readonly BuildConfig[],
): Task<T> => ({
  ...inner,
  perform: async (given, scope) =>
    withBuildkit(await inner.perform(given, scope), { builder: given.value(builder), configs }, scope),
})

async function withBuildkit<T>(
  build: Result<T>,
  { builder, configs }: { readonly builder: Builder; readonly configs: readonly BuildConfig[] },
  scope: Scope,
): Promise<Result<T>> {
  if (asked.has(builder)) return build
  asked.add(builder)
  const found = await lookAt(builder, scope).catch((error: unknown) => {
    if (!(error instanceof OutsideError)) throw error
    scope.signal.throwIfAborted()
    scope.say(`The version of BuildKit is not known: ${error.message}`)
    return []
  })
  const locked = (await readLock(scope.context))?.buildkit
  const isReproducible = configs.some(({ reproducible }) => reproducible !== undefined)
  return {
    ...build,
    programs: [...(build.programs ?? []), ...found.map(({ program }) => program)],
    findings: [...(build.findings ?? []), ...found.flatMap(one => noticesOf(one, { locked, isReproducible }))],
  }
}

interface Found {
  readonly program: Used
  /** the image that the node was made of, as it was asked for; undefined where none was */
  readonly asked: string | undefined
}

/** The BuildKit of each node. @throws OutsideError */
async function lookAt({ name, driver }: Builder, scope: Scope): Promise<readonly Found[]> {
  const { nodes } = parseInspect(await docker(`Look at the builder ${name}`, ['buildx', 'inspect', name], scope))
  const found = nodes.map(async (node): Promise<readonly Found[]> => {
    if (node.version === undefined) return []
    const image = driver === 'docker-container' ? await imageOf(node, scope) : undefined
    const version = node.version.replace(/^v/, '')
    const program = { name: 'buildkit', version, path: name, ...(image !== undefined && { image }) }
    return [{ program, asked: node.options.image }]
  })
  return (await Promise.all(found)).flat()
}

/**
 * The image that a node's container runs from, with the digest that the engine pulled it by; without one where it came
 * from no registry. Undefined where the engine does not say.
 */
async function imageOf({ name, endpoint }: InspectedNode, scope: Scope): Promise<string | undefined> {
  const engine = endpoint.includes('://') ? ['--host', endpoint] : ['--context', endpoint]
  const ask = async (argv: readonly string[]): Promise<readonly string[]> => {
    const end = await tryDocker('Look at the image of BuildKit', [...engine, ...argv], scope)
    return end.exitCode === 0 ? end.stdout.trim().split(/\s+/) : []
  }
  // docker/buildx, driver/docker-container: the name of the container of a node.
  const container = `buildx_buildkit_${name}`
  const [image, id] = await ask(['container', 'inspect', container, '--format', '{{.Config.Image}} {{.Image}}'])
  if (image === undefined || id === undefined || digestOf(image) !== undefined) return image
  const digests = await ask(['image', 'inspect', id, '--format', '{{join .RepoDigests " "}}'])
  const digest = digests.find(one => one.startsWith(`${repositoryOf(image)}@`))?.split('@')[1]
  return digest === undefined ? image : `${image}@${digest}`
}

/** `moby/buildkit` of `moby/buildkit:buildx-stable-1` */
const repositoryOf = (image: string): string => image.replace(/:[^/:]+$/, '')

interface Wanted {
  readonly locked: LockedBuildkit | undefined
  readonly isReproducible: boolean
}

/** Pure: a notice where this is not the BuildKit of the lock, or none holds it and a reproducible image needs that. */
export function noticesOf({ program, asked }: Found, { locked, isReproducible }: Wanted): Finding[] {
  const own = `BuildKit of the builder ${program.path} is ${told(program)}`
  if (locked !== undefined)
    return isLocked(program, locked)
      ? []
      : [notLocked(`${own}, and ${lockFile} has ${told(locked)}: pce lock run.json writes it anew`)]
  if (!isReproducible || digestOf(asked) !== undefined) return []
  const message = `${own}: a reproducible image needs the same one tomorrow, and pce lock run.json holds it`
  return [{ tool: 'pce', rule: 'not-pinned', severity: 'low', message, blocking: false }]
}

const told = ({ version, image }: LockedBuildkit): string => (image === undefined ? version : `${version} (${image})`)

/** By the digest where both have one: a version may be built anew. */
function isLocked(program: Used, locked: LockedBuildkit): boolean {
  const [found, wanted] = [digestOf(program.image), digestOf(locked.image)]
  return found === undefined || wanted === undefined ? program.version === locked.version : found === wanted
}
