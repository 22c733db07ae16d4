import { type Engine, tryDocker } from '../docker/docker.ts'
import { OutsideError } from '../errors.ts'
import { failureOf } from '../program/run.ts'
import { isDigest } from '../record/image.ts'
import type { Lock } from './lock.ts'

/** An image of the lock, and what its tag points at by now. */
export interface Checked {
  readonly image: string
  readonly locked: string
  readonly now: string
}

/** ms in which a registry answers */
const deadline = 60_000

/**
 * Asks the registries what the tags of a lock point at, with the user's own docker login. BuildKit's image is asked for
 * where it was locked by a tag. @throws OutsideError for a registry that does not tell
 */
export const checkLock = (lock: Lock, engine: Engine): Promise<readonly Checked[]> =>
  Promise.all(
    [...Object.entries(lock.images), ...taggedIn(lock)].map(async ([image, locked]) => ({
      image,
      locked,
      now: await digestNow(image, engine),
    })),
  )

function taggedIn({ buildkit }: Lock): readonly (readonly [string, string])[] {
  const [image = '', digest = ''] = buildkit?.image?.split('@', 2) ?? []
  return /:[^/:]+$/.test(image) ? [[image, digest]] : []
}

async function digestNow(image: string, engine: Engine): Promise<string> {
  const title = `Look at ${image}`
  const argv = ['buildx', 'imagetools', 'inspect', '--format', '{{.Manifest.Digest}}', image]
  const limit = AbortSignal.timeout(deadline)
  const end = await tryDocker(title, argv, { ...engine, signal: limit }).catch((cause: unknown) => {
    if (!limit.aborted) throw cause
    throw new OutsideError(`${title}: its registry said nothing for ${deadline / 1000} s\n${advice}`, { cause })
  })
  const digest = end.stdout.trim()
  if (end.exitCode === 0 && isDigest(digest)) return digest
  throw new OutsideError(`${failureOf({ title, argv: ['docker'] }, end)}\n${advice}`)
}

const advice = 'See that the registry is reachable, that the tag is still there, and that docker login has been done.'
