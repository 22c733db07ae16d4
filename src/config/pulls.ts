import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { parse } from 'yaml'
import type { BakeTarget } from '../build/bake.ts'
import { isRemote } from '../build/config.ts'
import { dockerfileOf } from '../build/options.ts'
import { attributesOf } from '../schema/csv.ts'
import { renderName } from '../tags/name.ts'
import type { Config, ImageConfig } from './config.ts'
import { findImages } from './dockerfile-images.ts'
import { isTree } from './tree.ts'

/** Texts of the files that say what is pulled. */
interface Texts {
  /** of Dockerfiles, bake files' too, and of Earthfiles by their paths; one that can't be read is not there */
  readonly files: Readonly<Record<string, string>>
  readonly compose: string
  /** variables that Compose fills in */
  readonly variables: Readonly<{ [name: string]: string | undefined }>
}

/** The hosts that a pipeline pulls from, for the planner. Never throws: what can't be read tells of no host. */
export async function observePulls(config: Config, directory: string): Promise<readonly string[]> {
  const textOf = (path: string): Promise<string> => readFile(join(directory, path), 'utf8').catch(() => '')
  const paths = new Set(
    Object.values(config.images)
      .flatMap(recipesOf)
      .map(({ path }) => path),
  )
  const files = [...paths].map(async path => [path, await textOf(path)] as const)
  const { compose } = config
  return pulledHosts(config, {
    files: Object.fromEntries(await Promise.all(files)),
    compose: compose === undefined ? '' : await textOf(compose),
    variables: compose === undefined ? {} : parseEnv(await textOf(join(dirname(compose), '.env'))),
  })
}

/** Pure: the hosts of all that builds and services pull, caches too, sorted; `docker.io` where a name has none. */
export function pulledHosts(config: Config, { files, compose, variables }: Texts) {
  const { images, services = {} } = config
  const recipes = Object.values(images).flatMap(recipesOf)
  const bases = recipes.flatMap(recipe => imagesOf(recipe, recipe.text ?? files[recipe.path] ?? ''))
  const beside = [...Object.values(services).map(({ image }) => image), ...composeImages(compose, variables)]
  return [...new Set([...bases, ...beside, ...cacheImages(config)].map(hostOfImage))].sort()
}

/** Caches in registries, so far as they are named or asked for: what `auto` takes is known by the machine alone. */
function cacheImages({ cache, images }: Config): readonly string[] {
  const { type, ref, 'cache-from': from, 'cache-to': to } = cache
  if (from !== undefined || to !== undefined) return (from ?? []).flatMap(registryIn)
  if (type !== 'registry' && type !== 'inline') return []
  return ref === undefined ? Object.values(images).flatMap(one => one.destinations.map(renderName)) : [ref]
}

/** `type=registry,ref=…`, or a reference alone (docs.docker.com, "buildx build --cache-from"). */
function registryIn(item: string): readonly string[] {
  const attributes = attributesOf(item)
  if (attributes === undefined) return [item]
  return attributes.type === 'registry' && attributes.ref !== undefined ? [attributes.ref] : []
}

/** A file that says how an image is built. */
interface Recipe {
  readonly path: string
  /** where it is in no file of its own */
  readonly text?: string | undefined
  readonly args: Readonly<Record<string, string>>
  readonly contexts: Readonly<Record<string, string>>
}

function recipesOf({ build, baked }: ImageConfig): readonly Recipe[] {
  if (baked !== undefined) return Object.values(baked.targets).flatMap(recipeOfTarget)
  const given = { args: build['build-args'], contexts: build['build-contexts'] ?? {} }
  if (build.earthfile !== undefined) return [{ path: join(build.context, 'Earthfile'), ...given }]
  // What is fetched from elsewhere is not known before the build.
  return isRemote(build.context) ? [] : [{ path: dockerfileOf(build), ...given }]
}

/** A target's Dockerfile is found from its context (docs.docker.com, "Bake file reference", target.dockerfile). */
function recipeOfTarget(target: BakeTarget): readonly Recipe[] {
  const { context, dockerfile, 'dockerfile-inline': text, args = {}, contexts = {} } = target
  if (isRemote(context) && text === undefined) return []
  const given = Object.entries(args).filter((entry): entry is [string, string] => entry[1] !== null)
  return [{ path: join(context, dockerfile), text, args: Object.fromEntries(given), contexts }]
}

function imagesOf({ args, contexts }: Recipe, text: string): readonly string[] {
  const named = Object.values(contexts).flatMap(context => /^docker-image:\/\/(.+)$/.exec(context)?.[1] ?? [])
  return [...named, ...findImages(text, { args, contexts: Object.keys(contexts) })]
}

/** Services that are built are the run's own images. */
function composeImages(text: string, variables: Texts['variables']): readonly string[] {
  const services = servicesIn(text)
  return Object.values(services).flatMap(service =>
    isTree(service) && service.build === undefined && typeof service.image === 'string'
      ? [fillIn(service.image, variables)]
      : [],
  )
}

// Whoever reads the Compose file for what it does will tell what is wrong in it.
function servicesIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = parse(text)
    return isTree(document) && isTree(document.services) ? document.services : {}
  } catch {
    return {}
  }
}

/** `${NAME}`, `${NAME:-usual}`, `$NAME` (docs.docker.com, "Interpolation"). */
const fillIn = (text: string, variables: Texts['variables']): string =>
  text.replace(
    /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
    (_, braced, usual, bare) => variables[braced ?? bare] ?? usual ?? '',
  )

/** The host of an image's name: its first part is one when it looks like one (distribution/reference, splitDockerDomain). */
export function hostOfImage(image: string): string {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io'
}
