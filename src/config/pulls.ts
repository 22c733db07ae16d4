import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { parse } from 'yaml'
import type { BuildConfig } from '../build/config.ts'
import { dockerfileOf, hasDockerfile } from '../build/options.ts'
import type { Config } from './config.ts'
import { findImages } from './dockerfile-images.ts'
import { isTree } from './tree.ts'

/** Texts of the files that say what is pulled. */
interface Texts {
  /** of each image's Dockerfile, by the image's name; empty where it can't be read */
  readonly dockerfiles: Readonly<Record<string, string>>
  readonly compose: string
  /** variables that Compose fills in */
  readonly variables: Readonly<{ [name: string]: string | undefined }>
}

/** The hosts that a pipeline pulls from, for the planner. Never throws: what can't be read tells of no host. */
export async function observePulls(config: Config, directory: string): Promise<readonly string[]> {
  const textOf = (path: string): Promise<string> => readFile(join(directory, path), 'utf8').catch(() => '')
  const dockerfiles = Object.entries(config.images).map(
    // What is fetched from elsewhere is not known before the build.
    async ([name, image]) => [name, hasDockerfile(image) ? await textOf(dockerfileOf(image.build)) : ''] as const,
  )
  const { compose } = config
  return pulledHosts(config, {
    dockerfiles: Object.fromEntries(await Promise.all(dockerfiles)),
    compose: compose === undefined ? '' : await textOf(compose),
    variables: compose === undefined ? {} : parseEnv(await textOf(join(dirname(compose), '.env'))),
  })
}

/** Pure: the hosts of all images that builds and services pull, sorted; `docker.io` where a name has none. */
export function pulledHosts({ images, services = {} }: Config, { dockerfiles, compose, variables }: Texts) {
  const bases = Object.entries(images).flatMap(([name, { build }]) => imagesOf(build, dockerfiles[name] ?? ''))
  const beside = [...Object.values(services).map(({ image }) => image), ...composeImages(compose, variables)]
  return [...new Set([...bases, ...beside].map(hostOfImage))].sort()
}

function imagesOf({ 'build-args': args, 'build-contexts': contexts = {} }: BuildConfig, dockerfile: string) {
  const named = Object.values(contexts).flatMap(context => /^docker-image:\/\/(.+)$/.exec(context)?.[1] ?? [])
  return [...named, ...findImages(dockerfile, { args, contexts: Object.keys(contexts) })]
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
