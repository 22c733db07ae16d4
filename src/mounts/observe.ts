import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Scope } from '../task/scope.ts'
import { type CacheMount, findMounts, nameOf } from './find.ts'
import { type Keys, keysOf } from './keys.ts'

/** A build that may use cache mounts; paths relative to the repository. */
export interface MountUse {
  readonly context: string
  readonly dockerfile: string
  /** the text of the Dockerfile, where it is in no file */
  readonly inline?: string
  readonly target: string | undefined
  /** `linux/amd64`, or `native` */
  readonly platform: string
  readonly buildArgs: Readonly<Record<string, string>>
  /** build contexts by name: one may stand in an image's place */
  readonly contexts: Readonly<Record<string, string>>
  /** built without a cache (`--no-cache`) */
  readonly fresh: boolean
}

/** What the builds of a run use, and under what it is kept. */
export interface Observed {
  readonly mounts: readonly (CacheMount & Keys)[]
  /** images that can move files: those that the stages with mounts stand on */
  readonly images: readonly string[]
  /** the build argument BUILDKIT_CACHE_MOUNT_NS, which is a part of every id */
  readonly namespace: string
  /** mounts that are left alone, and why */
  readonly left: readonly string[]
}

/** Node's names of processors, as platforms have them. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }

const native = `linux/${architectures[process.arch] ?? process.arch}`

/** Reads the Dockerfiles of builds and the lock files of their contexts. A file that can't be read has no mounts. */
export async function observeMounts(uses: readonly MountUse[], { context }: Pick<Scope, 'context'>): Promise<Observed> {
  const namespace = namespaceOf(uses[0])
  const seen = await Promise.all(uses.map(use => readUse(use, context)))
  const others = seen.filter(({ use }) => namespaceOf(use) !== namespace)
  const mine = seen.filter(({ use }) => namespaceOf(use) === namespace)
  const mounts = new Map(mine.flatMap(({ found }) => found.mounts.map(mount => [nameOf(mount), mount])))
  const kept = [...mounts].map(async ([name, mount]) => {
    const users = mine.filter(({ found }) => found.mounts.some(one => nameOf(one) === name)).map(({ use }) => use)
    const places = users.map(use => ({
      context: resolve(context, use.context),
      dockerfile: resolve(context, use.dockerfile),
    }))
    return { ...mount, ...(await keysOf(mount, users.map(platformOf), places)) }
  })
  return {
    mounts: await Promise.all(kept),
    images: [...new Set(mine.flatMap(({ found }) => found.images))],
    namespace,
    left: [
      ...new Set(mine.flatMap(({ found }) => found.left)),
      ...others.map(({ use }) => `${use.dockerfile}: its builds have different BUILDKIT_CACHE_MOUNT_NS`),
    ],
  }
}

async function readUse(use: MountUse, context: string) {
  const text = use.inline ?? (await readFile(resolve(context, use.dockerfile), 'utf8').catch(() => ''))
  const { target, buildArgs, contexts, fresh } = use
  const found = findMounts(text, { target, buildArgs, platform: platformOf(use), buildPlatform: native })
  const images = found.images.flatMap(image =>
    imageIn((Object.hasOwn(contexts, image) ? contexts[image] : undefined) ?? `docker-image://${image}`),
  )
  if (!fresh) return { use, found: { ...found, images } }
  // Without a cache BuildKit makes the folder anew, and with it another mount.
  const owned = found.mounts
    .filter(({ owner }) => owner !== '')
    .map(mount => `${nameOf(mount)}: no-cache gives it a new folder in each build`)
  return {
    use,
    found: { mounts: found.mounts.filter(({ owner }) => owner === ''), images, left: [...found.left, ...owned] },
  }
}

/** A build context that is an image (docker/buildx, `--build-context`); a folder in its place can move no files. */
const imageIn = (source: string): readonly string[] =>
  source.startsWith('docker-image://') ? [source.slice('docker-image://'.length)] : []

const platformOf = ({ platform }: MountUse): string => (platform === 'native' ? native : platform)

const namespaceOf = (use: MountUse | undefined): string => use?.buildArgs.BUILDKIT_CACHE_MOUNT_NS ?? ''
