import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { codeOf } from '../disk/files.ts'
import { UserError } from '../errors.ts'
import type { Finding } from '../record/finding.ts'
import { digestSchema } from '../record/image.ts'
import type { Base, Vertex } from '../record/part.ts'

/** The file at the root of the repository that pins what its images are built on. */
export const lockFile = 'pce.lock'

const lockSchema = z.strictObject({ images: z.record(z.string().regex(/^\S+\/\S+:\S+$/), digestSchema) })
type Lock = z.output<typeof lockSchema>

/** Reads the lock of a repository; undefined when there is none. @throws UserError for one that can't be read */
export async function readLock(context: string): Promise<Lock | undefined> {
  const text = await readFile(join(context, lockFile), 'utf8').catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new UserError(`${lockFile} can't be read (${codeOf(cause) ?? 'unknown reason'})`, { cause })
  })
  return text === undefined ? undefined : parseLock(text)
}

/** Pure. @throws UserError */
export function parseLock(text: string): Lock {
  try {
    return lockSchema.parse(parse(text))
  } catch (cause) {
    const expected = 'images: { docker.io/library/debian:bookworm-slim: sha256:… }'
    throw new UserError(
      `${lockFile} is not as pce lock writes it, expected ${expected}\nWrite it anew: pce lock run.json`,
      {
        cause,
      },
    )
  }
}

/** Pure: the lock of these base images, for people to commit. */
export const renderLock = (bases: readonly Base[]): string =>
  `# Written by pce lock: what the images of this repository are built on. Remove it to build on the newest ones.\n${stringify(
    { images: Object.fromEntries(bases.map(({ image, digest }) => [image, digest]).sort()) },
  )}`

/**
 * Pure: named contexts that put the locked image in the place of each name of a Dockerfile. BuildKit looks a name up as
 * people write it (moby/buildkit, frontend/dockerui/namedcontext.go): without Docker Hub's host and `:latest`.
 */
export const lockedContexts = ({ images }: Lock): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(images).map(([image, digest]) => [familiar(image), `docker-image://${image}@${digest}`]),
  )

const familiar = (image: string): string => image.replace(/^docker\.io\/(library\/)?/, '').replace(/:latest$/, '')

const digest = '(sha256:[0-9a-f]{64})'
const named = [
  new RegExp(`^(?:\\[[^\\]]+\\] )?FROM (\\S+)@${digest}$`),
  new RegExp(`^\\[context [^\\]]+\\] load metadata for (\\S+)@${digest}$`),
  new RegExp(`^docker-image://(\\S+)@${digest}$`),
]

/** Pure: the images that a build stood on, as BuildKit resolved them: those of FROM, COPY --from, and the frontend. */
export function basesOf(vertices: readonly Vertex[]): Base[] {
  const found = vertices.flatMap(({ name }) => {
    const [, image, resolved] = named.map(pattern => pattern.exec(name)).find(match => match !== null) ?? []
    // What is named by digest alone is pinned where it is named.
    return image === undefined || resolved === undefined || !/:[^/]+$/.test(image) ? [] : [{ image, digest: resolved }]
  })
  return [...new Map(found.map(base => [`${base.image}@${base.digest}`, base])).values()]
}

/** Pure: findings about bases that the lock does not have, or has with another digest: they may be others tomorrow. */
export const unlockedIn = (bases: readonly Base[], lock: Lock): Finding[] =>
  bases
    .filter(({ image, digest }) => lock.images[image] !== digest)
    .map(({ image, digest }) => ({
      tool: 'pce',
      rule: 'not-locked',
      severity: 'low',
      message:
        lock.images[image] === undefined
          ? `${image} is not in ${lockFile}: pce lock run.json writes it anew`
          : `${image} was ${digest}, and ${lockFile} has another: the build named its own`,
      location: { file: lockFile },
      blocking: false,
    }))
