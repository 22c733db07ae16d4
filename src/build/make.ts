import { join } from 'node:path'
import { writeWhole } from '../disk/files.ts'
import { docker, type Engine, tryDocker } from '../docker/docker.ts'
import { OutsideError } from '../errors.ts'
import { type Ended, failureOf } from '../program/run.ts'
import { writeDown } from '../run/journal.ts'
import { projectOf } from '../run/run.ts'
import type { Scope } from '../task/scope.ts'
import { adviceFor } from './advice.ts'
import type { BuilderConfig } from './builder-config.ts'
import { daemonConfig } from './buildkitd.ts'
import { withoutDefaultConfig } from './buildx-folder.ts'
import { type Creation, nodesOf, planCreate, type Tls } from './create.ts'
import { optionsIn } from './csv.ts'
import { buildkitImages, lockedImages, withDigestOf } from './images.ts'
import { digestOf, lockFile, readLock } from './lock.ts'
import { whyUnreachable } from './reach.ts'
import { whySilentBySsh } from './ssh.ts'
import { tlsOf } from './tls.ts'

const title = 'Start a builder'

/**
 * Makes and boots the builder of this run, from the first image of BuildKit that can be had; where `pce.lock` has one,
 * from no other. @throws OutsideError with buildx's words and what to do.
 */
export async function makeBuilder(
  driver: Creation['driver'],
  { config, allow }: Pick<Creation, 'config' | 'allow'>,
  scope: Scope,
): Promise<void> {
  const name = projectOf(scope.run.id)
  const parts = { driver, config, allow, ...(await filesOf(driver, config, scope)) }
  await writeDown(scope.run.directory, { kind: 'builder', name })
  const { signal } = scope
  const engine = { signal, env: driver === 'remote' ? await withoutDefaultConfig(scope) : scope.env }
  const locked = (await readLock(scope.context))?.buildkit?.image
  let [image, ...others] = imagesOf(driver, { config, locked }, scope)
  for (;;) {
    const end = await create(planCreate({ ...parts, image }, scope.run), engine)
    if (end === undefined) return
    if (left.test(end.stderr)) {
      await remove(name, scope)
      continue
    }
    const [next, ...rest] = others
    if (next === undefined || !missingImage(driver).test(end.stderr))
      throw notMade({ driver, config, image, locked }, end)
    scope.say(`BuildKit: ${image} can't be had (${lastLine(end)}), so ${next} is taken`)
    await remove(name, scope)
    ;[image, others] = [next, rest]
  }
}

/** buildx's words when this run has made one already, as another configuration said. */
const left = /existing instance for/

const remove = (name: string, scope: Scope) => docker('Remove a builder', ['buildx', 'rm', '--force', name], scope)

async function filesOf(driver: Creation['driver'], config: BuilderConfig, scope: Scope) {
  const tls = driver === 'remote' ? await tlsOf(config, scope) : []
  await reach(driver, { config, tls }, scope)
  const text = driver === 'remote' ? undefined : await daemonConfig(config, scope)
  if (text === undefined) return { daemonFile: undefined, tls }
  const daemonFile = join(scope.run.directory, 'private', 'buildkitd.toml')
  await writeWhole(daemonFile, text, 0o600)
  return { daemonFile, tls }
}

/** @throws OutsideError for a node that can't be talked to: buildx would not say why */
async function reach(
  driver: Creation['driver'],
  { config, tls }: { readonly config: BuilderConfig; readonly tls: readonly Tls[] },
  scope: Scope,
): Promise<void> {
  await Promise.all(
    nodesOf(config).map(async ({ endpoint = '' }, index) => {
      const why =
        (await whySilentBySsh(endpoint, driver === 'remote' ? 'buildkitd' : 'docker', scope)) ??
        (driver === 'remote' ? await whyUnreachable(endpoint, tls[index] ?? {}, scope.signal) : undefined)
      if (why === undefined) return
      const advice = adviceFor({ driver, said: why, endpoint })
      throw new OutsideError(`${title}: ${endpoint} can't be talked to: ${why}\n${advice}`)
    }),
  )
}

interface Asked {
  readonly config: BuilderConfig
  /** `moby/buildkit@sha256:…` of `pce.lock` */
  readonly locked: string | undefined
}

/** In the order in which they are tried; PCE_BUILDKIT_IMAGE is a machine's own that reaches no public registry. */
function imagesOf(
  driver: Creation['driver'],
  { config, locked }: Asked,
  { rights }: Scope,
): readonly (string | undefined)[] {
  if (driver === 'remote') return [undefined]
  const { image = config.image } = optionsIn(config['driver-opts'])
  const given = [image].flat()
  if (given.length > 0) return lockedImages(given, locked)
  const own = rights.PCE_BUILDKIT_IMAGE ? [rights.PCE_BUILDKIT_IMAGE] : buildkitImages
  if (locked !== undefined) return [...new Set([...own.map(one => withDigestOf(locked, one)), locked])]
  return driver === 'kubernetes' ? [undefined] : own
}

/** Undefined when all went well. */
async function create(nodes: ReturnType<typeof planCreate>, engine: Engine): Promise<Ended | undefined> {
  for (const argv of nodes) {
    const end = await tryDocker(title, argv, engine)
    if (end.exitCode !== 0) return end
  }
  return undefined
}

/**
 * What is said when an image can't be pulled: it is not there, or nobody answers, or not to us. In Kubernetes it is the
 * cluster that pulls, and buildx tells no more than that nothing got ready (docker/buildx, driver/kubernetes).
 */
const missingImage = (driver: Creation['driver']): RegExp =>
  driver === 'kubernetes'
    ? /replicas to be ready/
    : /manifest unknown|not found|pull access denied|no such host|failed to resolve reference|dial tcp|i\/o timeout|toomanyrequests|TLS handshake timeout|failed to verify image/i

const lastLine = ({ stderr }: Ended): string => (stderr.trim().split('\n').at(-1) ?? '').replace(/^ERROR: /, '')

interface NotMade extends Asked {
  readonly driver: Creation['driver']
  readonly image: string | undefined
}

function notMade({ driver, config, image, locked }: NotMade, end: Ended): OutsideError {
  const advice = adviceFor({ driver, said: end.stderr, endpoint: config.endpoint })
  const isLocked = digestOf(image) !== undefined && digestOf(image) === digestOf(locked)
  const other = isLocked ? `\n${lockFile} pins that image: remove buildkit from it to build with another.` : ''
  return new OutsideError(`${failureOf({ title, argv: ['docker'] }, end)}\n${advice}${other}`)
}
