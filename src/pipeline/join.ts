import { actions } from '../config/inputs.ts'
import type { Override } from '../config/load.ts'
import type { Image } from '../record/image.ts'
import type { Part } from '../record/part.ts'
import type { Facts } from '../run/facts.ts'
import { readBuiltFacts, readOverrides } from '../run/kept.ts'
import { readParts, removePart } from '../run/parts.ts'
import type { OpenRun } from '../run/run.ts'
import { splitHost } from '../tags/name.ts'
import { isOf } from './given.ts'
import type { Command } from './plan.ts'

interface Call {
  readonly command: Command
  /** whether this call pushes */
  readonly pushes: boolean
  readonly overrides: readonly Override[]
}

/**
 * What earlier calls said, and then this one. A build begins anew: another build of the same job, or one with less flags,
 * is not to have the target and the arguments of the one before; what a check was told stays. The caches that a job ends
 * with are those of its last build. Where a push goes is never taken from a file of the run, which the repository's own
 * code may have written to: a login must not be sent to a host that nobody named.
 */
export async function joinOverrides(
  { directory }: OpenRun,
  { command, pushes, overrides }: Call,
): Promise<readonly Override[]> {
  const kept = await readOverrides(directory)
  if (command === 'build') return [...kept.filter(one => !isOfBuild(one)), ...overrides]
  if (command === 'cache') return kept
  return [...(pushes ? withoutPlaces(kept) : kept), ...overrides]
}

const isOfBuild = ({ path }: Override): boolean =>
  actions.build.inputs.some(input => input.path?.join('.') === path.join('.'))

function withoutPlaces(kept: readonly Override[]): readonly Override[] {
  return kept
    .filter(({ path: [key = ''] }) => !['registries', 'login', 'tags', 'flavor', 'destinations'].includes(key))
    .map(one => (one.path.join('.') === 'image' ? { ...one, text: splitHost(one.text).path } : one))
}

/**
 * The facts that count in an open run. For a push they are those of the build; for a stage the same while the source is
 * the same. Else the checkout's own.
 */
export async function builtIn({ directory }: OpenRun, command: Command, source: string): Promise<Facts | undefined> {
  const build = (await readParts(directory)).find(({ task }) => task.startsWith('build:'))
  const counts = build !== undefined && (command === 'push' || (command !== 'build' && build.source === source))
  return counts ? readBuiltFacts(directory) : undefined
}

/**
 * What the run holds already. What was done on another source, or about an image that is built anew, is worthless; but
 * what is red about a digest stays until the build has another.
 */
export async function partsOf(command: Command, run: OpenRun, source: string): Promise<readonly Part[]> {
  const parts = await readParts(run.directory)
  if (command === 'push') return parts
  const isWorth = (part: Part) => (command === 'build' && isAboutImage(part) ? isRed(part) : isOf(source, part))
  const kept = parts.filter(isWorth)
  await Promise.all(parts.filter(part => !kept.includes(part)).map(({ task }) => removePart(run.directory, task)))
  return kept
}

/** After a build: forgets what was said about digests that nothing has any more. */
export async function forgetOthers(run: OpenRun, images: readonly Image[]): Promise<void> {
  const parts = await readParts(run.directory)
  const isGone = ({ subject }: Part): boolean =>
    subject !== undefined && subject !== 'source' && !images.some(({ digest }) => digest === subject)
  await Promise.all(
    parts.filter(part => part.kind !== 'work' && isGone(part)).map(({ task }) => removePart(run.directory, task)),
  )
}

const isRed = ({ kind, status }: Part): boolean => kind === 'blocking' && status !== 'passed' && status !== 'skipped'

const isAboutImage = ({ task, subject, kind }: Part): boolean =>
  task.startsWith('build:') ||
  (subject !== undefined && subject !== 'source') ||
  (kind === 'work' && /^(gate|login|index:|push:)/.test(task))
