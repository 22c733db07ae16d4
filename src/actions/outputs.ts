import { join } from 'node:path'
import { solveName } from '../build/output.ts'
import { readIfThere, writeWhole } from '../disk/files.ts'
import type { Done } from '../perform.ts'
import { type Image, referenceOf, type Staged } from '../record/image.ts'
import type { Record } from '../record/record.ts'
import { cacheHitRatio } from '../record/steps.ts'
import { recordFileOf } from '../run/parts.ts'
import { renderAnnotations } from '../tags/annotations.ts'
import { type Metadata, renderBakeFile, renderJson } from '../tags/metadata.ts'

type Outputs = Readonly<{ [name: string]: string }>

/**
 * Every output that is known, by name; an action's action.yml names those it hands on. Two of them are files of the run:
 * one for bake, and one with all the others, since a long output does not fit into a command's arguments.
 */
export async function writeOutputs(done: Done): Promise<Outputs> {
  const { record, run, plan } = done
  const [name = '', metadata] = Object.entries(plan.metadata)[0] ?? []
  const files = { 'bake-file': join(run.directory, 'bake.json'), 'outputs-file': join(run.directory, 'outputs.json') }
  const ofImage = outputsOfImage(name, { record, metadata })
  const names = metadata !== undefined && metadata.places.length > 0 ? metadata.tags : []
  const outputs = {
    ...outputsOf(done),
    ...(metadata === undefined ? {} : describe(metadata)),
    ...ofImage,
    metadata: JSON.stringify(await buildxMetadata(run.directory, { name, record, digest: ofImage.digest, names })),
    ...files,
  }
  if (metadata !== undefined)
    await writeWhole(files['bake-file'], JSON.stringify(renderBakeFile(metadata), undefined, 2))
  const all = Object.entries(plan.metadata).map(([key, one]) => [key, allOf(key, record, one)])
  await writeWhole(
    files['outputs-file'],
    JSON.stringify({ ...outputs, 'all-images': Object.fromEntries(all) }, undefined, 2),
  )
  return outputs
}

const outputsOf = ({ record, run, plan, exitCode }: Done): Outputs => ({
  run: run.directory,
  record: recordFileOf(run.directory),
  verdict: exitCode === 0 ? 'passed' : 'failed',
  images: JSON.stringify(record.images.map(image => placeOf(image, record, plan.metadata[image.name]))),
  pushed: JSON.stringify(record.pushed.map(({ reference, digest }) => `${reference}@${digest}`)),
})

/** Tags and labels as metadata-action hands them on: lists are one a line. */
const describe = (metadata: Metadata): Outputs => ({
  version: metadata.version,
  tags: metadata.tags.join('\n'),
  'tag-names': metadata.tagNames.join('\n'),
  labels: linesOf(metadata.labels),
  annotations: renderAnnotations(metadata.annotations).join('\n'),
  json: JSON.stringify(renderJson(metadata)),
})

const linesOf = (values: Readonly<{ [name: string]: string }>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

const allOf = (name: string, record: Record, metadata: Metadata) => ({
  ...outputsOfImage(name, { record, metadata }),
  ...renderJson(metadata),
})

interface Known {
  readonly record: Record
  readonly metadata: Metadata | undefined
}

/** What is known of one image: where it is, its digests, how much of it came from a cache. */
function outputsOfImage(name: string, { record, metadata }: Known): Outputs {
  const images = imagesOf(record, name)
  const [first] = images
  const staged = record.indexes.find(index => index.name === name) ?? first
  const steps = record.tasks.filter(({ task }) => isBuildOf(name, task)).flatMap(({ vertices }) => vertices ?? [])
  const ratio = cacheHitRatio(steps)
  return {
    image: staged === undefined ? '' : placeOf(staged, record, metadata),
    digest: staged?.digest ?? '',
    imageid: first?.config ?? '',
    'platform-digests': JSON.stringify(Object.fromEntries(images.map(({ platform, digest }) => [platform, digest]))),
    'cache-hit-ratio': ratio === undefined ? '' : ratio.toFixed(2),
  }
}

const imagesOf = ({ images }: Record, name: string): readonly Image[] => images.filter(image => image.name === name)

/** `build:web`, and `build:web:linux/arm64` where there are several platforms. */
const isBuildOf = (name: string, task: string): boolean => task === `build:${name}` || task.startsWith(`build:${name}:`)

/** Where an image is by digest: in the first repository that it, or its index, was pushed to, else in staging. */
function placeOf(staged: Staged, { pushed, indexes }: Record, metadata: Metadata | undefined): string {
  const tags = new Set(metadata?.references.map(({ registry, repository, tag }) => `${registry}/${repository}:${tag}`))
  const listed = indexes.filter(({ name, images }) => name === staged.name && images.some(one => one === staged.digest))
  const digests: readonly string[] = [staged.digest, ...listed.map(index => index.digest)]
  const found = pushed.find(({ reference, digest }) => digests.includes(digest) && tags.has(reference))
  const repository = found?.reference.replace(/:[^:/]+$/, '')
  return referenceOf(repository === undefined ? staged : { ...staged, repository })
}

interface Shipped {
  readonly name: string
  readonly record: Record
  readonly digest: string | undefined
  readonly names: readonly string[]
}

/** What buildx wrote about a build, with the digest and the names that ship; of several platforms, also by platform. */
async function buildxMetadata(directory: string, { name, record, digest = '', names }: Shipped): Promise<object> {
  const images = imagesOf(record, name)
  const shipped = { ...(names.length === 0 ? {} : { 'image.name': names.join(',') }) }
  const all = await Promise.all(
    images.map(async ({ target, platform, digest: own }) => {
      const files = [platform, 'native'].map(one => `${solveName(name, target || 'default', one)}.json`)
      const texts = await Promise.all(files.map(file => readIfThere(join(directory, 'metadata', file))))
      const told = JSON.parse(texts.find(text => text !== undefined) ?? '{}')
      return [platform, { ...withDigest(told, images.length === 1 ? digest : own), ...shipped }] as const
    }),
  )
  const [only, ...others] = all
  if (others.length === 0) return only?.[1] ?? {}
  return { ...(digest === '' ? {} : { 'containerimage.digest': digest }), ...shipped, ...Object.fromEntries(all) }
}

/** With attestations buildx tells of an index of its own, and always of a name in staging, which nothing else knows. */
function withDigest(told: Readonly<{ [key: string]: unknown }>, digest: string): object {
  const { 'image.name': _, ...known } = told
  const { 'containerimage.digest': before, 'containerimage.descriptor': __, ...rest } = known
  return before === undefined || before === digest ? known : { ...rest, 'containerimage.digest': digest }
}
