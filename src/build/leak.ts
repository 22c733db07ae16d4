import type { Image } from '../record/image.ts'
import {
  type ImageConfiguration,
  type Manifest,
  readBlob,
  readConfiguration,
  readManifest,
} from '../registry/registry.ts'
import type { Scope } from '../task/scope.ts'

/** A secret of the build that everybody can read who has the image. */
export interface Leak {
  readonly id: string
  /** `config.Env[2]`, `history[4]: RUN …`, `annotations.note` */
  readonly place: string
}

type Secrets = ReadonlyMap<string, Buffer>

/** A shorter value is in many a text by chance. */
const shortest = 8

/** Looks for the secrets of a build in what its image says of itself. Layers are not looked into. */
export async function findLeaks(image: Image, secrets: Secrets, scope: Scope): Promise<readonly Leak[]> {
  if (secrets.size === 0) return []
  const long = new Map([...secrets].filter(([, value]) => value.length >= shortest))
  for (const id of secrets.keys())
    if (!long.has(id)) scope.say(`Did not look for the secret ${id} in the image: it is shorter than ${shortest} bytes`)
  const manifest = await readManifest(image, scope.signal)
  const configuration = await readConfiguration(image, scope.signal)
  return leaksIn({ manifest, configuration, attestations: await readAttestations(image, scope.signal) }, long)
}

/** Provenance and bills of materials, which are pushed beside the image: in-toto statements, each a blob of JSON. */
async function readAttestations(
  { repository, attestations = [] }: Image,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const manifests = await Promise.all(attestations.map(({ digest }) => readManifest({ repository, digest }, signal)))
  const layers = manifests.flatMap(manifest => manifest.layers)
  return Promise.all(layers.map(({ digest }) => readBlob(repository, digest, signal)))
}

interface Told {
  readonly manifest: Pick<Manifest, 'annotations'>
  readonly configuration: ImageConfiguration
  readonly attestations?: readonly unknown[]
}

/** Pure: the secrets in a configuration (history, environment, labels, …), in annotations and attestations. */
export function leaksIn({ manifest, configuration, attestations = [] }: Told, secrets: Secrets): readonly Leak[] {
  const texts = [
    ...textsIn(configuration, ''),
    ...textsIn(manifest.annotations ?? {}, 'annotations'),
    ...textsIn(attestations, 'attestations'),
  ]
  return [...secrets].flatMap(([id, value]) => {
    const forms = formsOf(value)
    return texts
      .filter(({ text }) => forms.some(form => text.includes(form)))
      .map(({ path, text }) => ({ id, place: placeOf(hide(path, forms), hide(text, forms)) }))
  })
}

// Hidden before it is cut: half a secret would not be recognised later.
const hide = (text: string, forms: readonly string[]): string =>
  forms.reduce((hidden, form) => hidden.replaceAll(form, '***'), text)

/** The whole value, its Base64, and those lines of it that are a key by their looks. */
function formsOf(value: Buffer): readonly string[] {
  const text = value.toString('utf8').trim()
  const lines = text.split(/\r?\n/).filter(line => /^[\w+/=-]{24,}$/.test(line) && /\d/.test(line))
  return [text, value.toString('base64'), Buffer.from(text).toString('base64'), ...lines]
}

interface Text {
  readonly path: string
  readonly text: string
}

/** All strings in plain data with their paths; names of members count too. */
function textsIn(value: unknown, path: string): readonly Text[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, `${path}[${index}]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = path === '' ? name : `${path}.${name}`
    return [{ path, text: name }, ...textsIn(member, inner)]
  })
}

/** A step of the history is told by what it ran, which people know it by. */
const placeOf = (path: string, text: string): string =>
  path.startsWith('history') ? `${path.replace(/\.created_by$/, '')}: ${text.slice(0, 200)}` : path

/** What is wrong, and what to do. */
export const leakMessage = (leaks: readonly Leak[]): string =>
  [
    // Images of one solve share stages, and what is in those.
    ...new Set(leaks.map(({ id, place }) => `the secret ${id} is in the image: ${place}`)),
    'Whoever pulls the image can read it, so it must be replaced. ARG, ENV and LABEL stay in an image: read it in the step that needs it alone, RUN --mount=type=secret,id=ID.',
  ].join('\n')
