import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { type MountsConfig, mountsConfigSchema } from '../../src/mounts/config.ts'
import { fetchMounts } from '../../src/mounts/fetch.ts'
import type { MountUse } from '../../src/mounts/observe.ts'
import { type Restored, restoreMounts } from '../../src/mounts/restore.ts'
import { saveMounts } from '../../src/mounts/save.ts'
import type { Scope } from '../../src/task/scope.ts'

/** A registry that builders on this host reach, as staging is. */
export interface Registry extends AsyncDisposable {
  readonly host: string
}

export async function openRegistry(): Promise<Registry> {
  const { stdout: id } = await execa('docker', ['run', '--detach', '--publish', '127.0.0.1::5000', 'registry:3'])
  const { stdout } = await execa('docker', ['port', id, '5000'])
  const host = stdout.trim()
  while (
    !(await fetch(`http://${host}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await new Promise(wake => setTimeout(wake, 50))
  return { host, [Symbol.asyncDispose]: async () => void (await execa('docker', ['rm', '--force', '--volumes', id])) }
}

/** A folder to build, and where its runs and what they keep are. */
export interface Place extends AsyncDisposable {
  readonly root: string
  readonly context: string
  write(files: Readonly<Record<string, string>>): Promise<void>
}

export async function openPlace(files: Readonly<Record<string, string>>): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'pce-mounts-'))
  const context = join(root, 'web')
  const write = async (texts: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(dirname(join(context, name)), { recursive: true })
      await writeFile(join(context, name), text)
    }
  }
  await write(files)
  return { root, context, write, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) }
}

export interface Run {
  /** what was said */
  readonly lines: readonly string[]
  /** what the build's steps printed, without BuildKit's own */
  readonly printed: readonly string[]
  readonly restored: Restored
  readonly kept: readonly string[]
}

export interface Asked {
  readonly config?: object | true
  /** build arguments */
  readonly args?: Readonly<Record<string, string>>
  readonly platforms?: readonly string[]
  readonly target?: string
  readonly rights?: Readonly<Record<string, string>>
  readonly worker?: string
  /** how layers come out of the builder */
  readonly stages?: 'digest' | 'layout'
  /** argv of the build besides */
  readonly flags?: readonly string[]
}

/** One run of a pipeline on a builder of its own: fetch, restore, build, save. */
export async function runOnce(place: Place, { host }: Registry, asked: Asked = {}): Promise<Run> {
  const {
    config = true,
    args = {},
    platforms = ['native'],
    target,
    rights = {},
    worker = '/nowhere',
    stages = 'digest',
    flags = [],
  } = asked
  const id = randomBytes(4).toString('hex')
  const builder = `pce-${id}`
  const lines: string[] = []
  const scope = {
    ...silentScope(place.root, id),
    context: place.context,
    newmanWorker: worker,
    rights,
    say: (line: string) => lines.push(line),
  }
  const settings = mountsConfigSchema.parse(config) as MountsConfig
  const uses = platforms.map(
    (platform): MountUse => ({
      context: '.',
      dockerfile: 'Dockerfile',
      target,
      platform,
      buildArgs: args,
      contexts: {},
      fresh: false,
    }),
  )
  await mkdir(scope.run.directory, { recursive: true })
  await createBuilder(builder)
  try {
    const where = { builder: { name: builder, driver: 'docker-container', stages }, staging: host }
    const restored = await restoreMounts(
      await fetchMounts({ config: settings, uses, elsewhere: undefined }, scope),
      where,
      scope,
    )
    const printed: string[] = []
    for (const platform of platforms) {
      const { stderr } = await execa('docker', [
        ...['buildx', 'build', '--builder', builder, '--progress=plain', '--output=type=cacheonly'],
        ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
        ...(platform === 'native' ? [] : ['--platform', platform]),
        ...(target === undefined ? [] : ['--target', target]),
        ...flags,
        place.context,
      ])
      printed.push(
        ...[...stderr.matchAll(/^#\d+ [\d.]+ (?!resolve |sha256:|extracting )(.*)$/gm)].map(([, line = '']) => line),
      )
    }
    return { lines, printed, restored, kept: await saveMounts(restored, settings, where, scope) }
  } finally {
    await removeBuilder(builder)
  }
}

const createBuilder = (name: string) =>
  execa('docker', [
    'buildx',
    'create',
    '--name',
    name,
    '--driver',
    'docker-container',
    '--driver-opt',
    'network=host',
    '--bootstrap',
  ])

async function removeBuilder(name: string): Promise<void> {
  await execa('docker', ['rm', '--force', '--volumes', `buildx_buildkit_${name}0`], { reject: false })
  await execa('docker', ['buildx', 'rm', '--force', name], { reject: false })
  await execa('docker', ['volume', 'rm', '--force', `buildx_buildkit_${name}0_state`], { reject: false })
}

/** A scope whose runs and caches are below a folder, and which nobody hears. */
export const silentScope = (root: string, id = 'run'): Scope => ({
  run: { id, directory: join(root, 'runs', id) },
  context: root,
  newmanWorker: '/nowhere',
  env: { ...process.env, XDG_CACHE_HOME: join(root, 'cache') },
  rights: {},
  signal: AbortSignal.timeout(300_000),
  secret: () => undefined,
  credentials: () => undefined,
  say: () => {},
  mask: () => {},
})
