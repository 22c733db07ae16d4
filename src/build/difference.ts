import { z } from 'zod'
import type { Image } from '../record/image.ts'
import { type ImageConfiguration, readConfiguration, readLayer, readManifest } from '../registry/registry.ts'
import type { Entry } from '../registry/tar.ts'

/** A layer of an image: what made it, and what is in it where that was looked at. */
export interface Layer {
  readonly digest: string
  readonly madeBy: string
  readonly entries: ReadonlyMap<string, Entry>
}

/** How many files of one layer are named. */
const most = 20

/**
 * Where two builds of one image differ: a line for each layer that is not the same, with its files, and for what the
 * configuration says; none where both have one digest.
 */
export async function differencesOf(a: Image, b: Image, signal: AbortSignal): Promise<readonly string[]> {
  if (a.digest === b.digest) return []
  const [ofA, ofB] = await Promise.all([a, b].map(image => describeImage(image, signal)))
  if (ofA === undefined || ofB === undefined) return []
  const layers = await Promise.all(
    Array.from({ length: Math.max(ofA.layers.length, ofB.layers.length) }, async (_, index) => {
      const [one, other] = [ofA.layers[index], ofB.layers[index]]
      if (one?.digest === other?.digest) return []
      if (one === undefined || other === undefined) return [`layer ${index + 1} is in one of them alone`]
      const [before, after] = await Promise.all([one.read(), other.read()])
      return [compareLayers(index + 1, before, after)]
    }),
  )
  const found = [...layers.flat(), ...compareConfigurations(ofA.configuration, ofB.configuration)]
  return found.length > 0 ? found : ['the manifests differ, though layers and configuration are the same']
}

/** Pure: the reason of a check; undefined where both builds gave one digest. */
export function whyNotReproducible(a: Image, b: Image, differences: readonly string[]): string | undefined {
  if (a.digest === b.digest) return undefined
  return [
    `not reproducible: ${differences[0]}`,
    ...differences.slice(1),
    `Two builds of the same source, without cache, gave ${a.digest} and ${b.digest}: what is named has to be made the same each time.`,
  ].join('\n')
}

// OCI image-spec, config.md: a layer for each entry of the history that is not empty.
const historySchema = z.looseObject({
  history: z
    .array(z.looseObject({ created_by: z.string().optional(), empty_layer: z.boolean().optional() }))
    .default([]),
})

async function describeImage(image: Image, signal: AbortSignal) {
  const { layers } = await readManifest(image, signal)
  const configuration = await readConfiguration(image, signal)
  const made = historySchema.parse(configuration).history.filter(step => step.empty_layer !== true)
  return {
    configuration,
    layers: layers.map((layer, index) => ({
      digest: layer.digest,
      read: async (): Promise<Layer> => ({
        digest: layer.digest,
        madeBy: stepOf(made[index]?.created_by ?? ''),
        entries: await readLayer(image.repository, layer, signal),
      }),
    })),
  }
}

/** `RUN /bin/sh -c date > /x # buildkit` → `RUN date > /x` */
const stepOf = (createdBy: string): string =>
  createdBy
    .replace(/ # buildkit$/, '')
    .replace(/^RUN (\|\d+ .*?)?\/bin\/sh -c /s, 'RUN ')
    .replaceAll(/\s+/g, ' ')

/** Pure: `layer 3 (RUN date > /x): /x differs in content`. */
export function compareLayers(number: number, before: Layer, after: Layer): string {
  const paths = [...new Set([...before.entries.keys(), ...after.entries.keys()])].sort()
  const files = paths.flatMap(path => compareEntries(path, before.entries.get(path), after.entries.get(path)))
  const title = `layer ${number}${before.madeBy === '' ? '' : ` (${before.madeBy.slice(0, 200)})`}`
  if (files.length === 0) return `${title}: the same files, in another order or compressed in another way`
  const rest = files.length - most
  return `${title}: ${files.slice(0, most).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
}

function compareEntries(path: string, before: Entry | undefined, after: Entry | undefined): readonly string[] {
  if (before === undefined || after === undefined) return [`${path} is in one of them alone`]
  const differs = [
    ...(before.type === after.type ? [] : [`type (${before.type}, ${after.type})`]),
    ...(before.digest === after.digest && before.size === after.size ? [] : ['content']),
    ...(before.link === after.link ? [] : [`target (${before.link}, ${after.link})`]),
    ...(before.mode === after.mode ? [] : [`mode (${octal(before.mode)}, ${octal(after.mode)})`]),
    ...(before.owner === after.owner ? [] : [`owner (${before.owner}, ${after.owner})`]),
    ...(before.mtime === after.mtime ? [] : [`time (${before.mtime}, ${after.mtime})`]),
    ...(before.attributes === after.attributes ? [] : ['attributes']),
  ]
  return differs.length === 0 ? [] : [`${path} differs in ${differs.join(', ')}`]
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')

/** Pure: what two configurations say otherwise, by its path; that of layers is told with them. */
export const compareConfigurations = (a: ImageConfiguration, b: ImageConfiguration): readonly string[] =>
  pathsOf({ ...a, rootfs: undefined }, { ...b, rootfs: undefined }, '').map(path => `configuration: ${path} differs`)

function pathsOf(a: unknown, b: unknown, at: string): readonly string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return []
  if (!isObject(a) || !isObject(b)) return [at]
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return keys.flatMap(key => pathsOf(a[key], b[key], at === '' ? key : `${at}.${key}`))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
