import { posix } from 'node:path'
import { type BakeDefinition, type BakeTarget, cachesOf, readBake, secretsOf } from '../build/bake.ts'
import { type BuildConfig, isRemote, signsIn } from '../build/config.ts'
import { rightIn } from '../cache/config.ts'
import type { Engine } from '../docker/docker.ts'
import { UserError } from '../errors.ts'
import { splitHost } from '../tags/name.ts'
import type { Config, ImageConfig } from './config.ts'
import { imageNameOf } from './image-name.ts'

interface Named {
  readonly name: string
  readonly image: ImageConfig
}

/**
 * Puts in place of an image that comes of bake files what those say: an image for each target. They are read now, by
 * buildx, since a plan knows its images.
 * @throws UserError for what does not go together; OutsideError where buildx is not there
 */
export async function withBake(config: Config, engine: Engine): Promise<Config> {
  const all = Object.entries(config.images).map(([name, image]) => ({ name, image }))
  if (!all.some(({ image }) => isBaked(image))) return config
  const read = await Promise.all(
    all.map(async one => ({
      ...one,
      definition: isBaked(one.image) ? await definitionFor(one.image, engine) : undefined,
    })),
  )
  return { ...config, images: imagesFrom(read) }
}

const isBaked = ({ build }: ImageConfig): boolean => bakeKeys.some(key => build[key] !== undefined)
export const bakeKeys = ['bake-files', 'targets', 'set', 'vars'] as const

async function definitionFor({ build, unit }: ImageConfig, engine: Engine): Promise<BakeDefinition> {
  const targets = build.targets ?? (build.target === undefined ? [] : [build.target])
  const definition = await readBake({ ...build, targets }, engine)
  check(definition)
  if (unit === undefined) return definition
  const tests = await readBake({ ...build, targets: [unit.target] }, engine)
  check(tests)
  return { ...definition, targets: { ...tests.targets, ...definition.targets } }
}

/** @throws UserError for what logs and the record would show */
function check(definition: BakeDefinition): void {
  checkContexts(definition)
  checkCaches(definition)
}

/** @throws UserError for a cache with a key or a token in it */
function checkCaches({ targets }: BakeDefinition): void {
  for (const [name, target] of Object.entries(targets)) {
    const { from = [], to = [] } = cachesOf(target) ?? {}
    const right = [...from, ...to].map(rightIn).find(found => found !== undefined)
    if (right !== undefined)
      throw new UserError(
        `build.bake-files: a cache of the target ${name} has ${right} (not shown), which the record would show\nName it without, and sign in by the environment or a login.`,
      )
  }
}

/** @throws UserError for a context with a user and password in it, which logs and the record would show */
function checkContexts({ targets }: BakeDefinition): void {
  const all = Object.entries(targets)
  const found = all.find(([, { context, contexts = {} }]) => [context, ...Object.values(contexts)].some(signsIn))
  if (found !== undefined)
    throw new UserError(
      `build.bake-files: a context of the target ${found[0]} has a user in its URL (not shown), which logs would show\nName it without, and give the secret GIT_AUTH_TOKEN.HOST.`,
    )
}

/** Pure: an image for each target that was asked for. One that is alone keeps its name. */
export function imagesFrom(
  all: readonly (Named & { readonly definition: BakeDefinition | undefined })[],
): Config['images'] {
  const images = all.flatMap(({ definition, ...one }) => {
    if (definition === undefined) return [{ of: one.name, name: one.name, image: one.image }]
    const [only, ...others] = definition.wanted
    if (only !== undefined && others.length === 0)
      return [{ of: one.name, name: one.name, image: bakedImage(one.image, only, definition) }]
    return definition.wanted.map(target => ({
      of: one.name,
      name: nameOf(target),
      image: bakedImage(named(one.image, target, definition), target, definition),
    }))
  })
  const twice = images.find(({ name }, at) => images.findIndex(other => other.name === name) !== at)
  if (twice !== undefined) {
    const from = [...new Set(images.flatMap(({ name, of }) => (name === twice.name ? [of] : [])))]
    throw new UserError(
      `build.targets: two images would be called ${twice.name}${from.length === 1 ? '' : `, from ${from.join(' and from ')}`}\nSay in images which target each is of: images: { web: { image: …, build: { target: web } } }`,
    )
  }
  return Object.fromEntries(images.map(({ name, image }) => [name, image]))
}

const nameOf = (target: string): string =>
  target
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** The repository of one of several targets: that of its first tag, else a part of the image's own. */
function named(image: ImageConfig, target: string, { targets }: BakeDefinition): ImageConfig {
  const [tag] = targets[target]?.tags ?? []
  const { host, path } = splitHost((tag ?? '').replace(/(:[\w.-]+)?(@.*)?$/, ''))
  const repository = imageNameOf(path) ?? `${image.image}/${nameOf(target)}`
  const registries = image.destinations.map(({ registry }) => registry)
  const hosts = registries.length === 0 && host !== undefined ? [host] : [...new Set(registries)]
  return { ...image, image: repository, destinations: hosts.map(registry => ({ registry, repository })) }
}

function bakedImage(image: ImageConfig, name: string, definition: BakeDefinition): ImageConfig {
  const target = definition.targets[name]
  if (target === undefined) throw new UserError(`build.targets: the bake files have no target ${name}`)
  const { platforms = [] } = target
  const isUsual = image.platforms.length === 1 && image.platforms[0] === 'native'
  return {
    ...image,
    // What a run is asked for by name wins; else each target has its own.
    platforms: isUsual && platforms.length > 0 ? platforms : image.platforms,
    build: buildOf(image.build, name, target),
    annotations: [...(target.annotations ?? []), ...image.annotations],
    baked: { ...definition, wanted: [] },
  }
}

/** What a target says, as the build section would: for whoever looks at Dockerfiles, secrets and labels. */
function buildOf(build: BuildConfig, name: string, target: BakeTarget): BuildConfig {
  const { context, dockerfile, args = {}, contexts = {}, labels = {} } = target
  const isLocal = !isRemote(context)
  const values = (map: Readonly<Record<string, string | null>>) =>
    Object.fromEntries(Object.entries(map).filter((entry): entry is [string, string] => entry[1] !== null))
  return {
    ...build,
    context,
    file: isLocal ? posix.join(context, dockerfile) : dockerfile,
    target: name,
    'build-args': values(args),
    'build-contexts': values(contexts),
    labels: { ...labels, ...build.labels },
    ...secretsOf(target, name, build),
  }
}
