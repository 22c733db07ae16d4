import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { codeOf } from '../disk/files.ts'
import { UserError } from '../errors.ts'
import { digestSchema } from '../record/image.ts'
import type { Base, Used } from '../record/part.ts'

/** The file at the root of the repository that pins what its images are built on, and with. */
export const lockFile = 'pce.lock'

const lockVersion = 2

const buildkitSchema = z.strictObject({
  version: z.string().min(1),
  /** `moby/buildkit@sha256:…`, with the tag that it was asked for by; absent where the builder was not of a run's making */
  image: z
    .string()
    .regex(/^[^\s@,"]+@sha256:[0-9a-f]{64}$/)
    .optional(),
})
export type LockedBuildkit = Pick<Used, 'version' | 'image'>

const lockSchema = z.strictObject({
  /** absent in a file of the time when it had base images alone */
  version: z.literal(lockVersion).optional(),
  images: z.record(z.string().regex(/^\S+\/\S+:\S+$/), digestSchema),
  buildkit: buildkitSchema.optional(),
})
export type Lock = z.output<typeof lockSchema>

/** Pure: the digest of `moby/buildkit:v0.33.1@sha256:…`; undefined where a name has none. */
export const digestOf = (image: string | undefined): string | undefined =>
  /@(sha256:[0-9a-f]{64})$/.exec(image ?? '')?.[1]

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
  const { value, cause } = parsed(text)
  const result = lockSchema.safeParse(value)
  if (result.success) return result.data
  const { version } = Object(value) as Readonly<Record<string, unknown>>
  if (typeof version === 'number' && version > lockVersion)
    throw new UserError(
      `${lockFile}: found version ${version}, expected at most ${lockVersion}\nA newer pce wrote it: update this one, or write the file anew: pce lock run.json`,
    )
  const expected = 'images: { docker.io/library/debian:bookworm-slim: sha256:… }'
  throw new UserError(
    `${lockFile} is not as pce lock writes it, expected ${expected}\nWrite it anew: pce lock run.json`,
    { cause: cause ?? result.error },
  )
}

function parsed(text: string): { readonly value?: unknown; readonly cause?: unknown } {
  try {
    return { value: parse(text) }
  } catch (cause) {
    return { cause }
  }
}

/** Pure: the lock of these images and this BuildKit, for people to commit. */
export const renderLock = (bases: readonly Base[], buildkit?: LockedBuildkit): string =>
  `# Written by pce lock: what the images of this repository are built on. Remove it to build on the newest ones.\n${stringify(
    {
      version: lockVersion,
      images: Object.fromEntries(bases.map(({ image, digest }) => [image, digest]).sort()),
      ...(buildkit === undefined ? {} : { buildkit }),
    },
  )}`
