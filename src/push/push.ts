import { OutsideError } from '../errors.ts'
import { type Cleared, isCleared } from '../gate/gate.ts'
import { type Digest, referenceOf, type Staged } from '../record/image.ts'
import type { Pushed } from '../record/part.ts'
import { copyImage, type Login, openRegctl, type Regctl, tagDigest } from '../registry/regctl.ts'
import { type IndexManifest, readIndex } from '../registry/registry.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'

export interface PushRequest {
  /** key of the image in the configuration */
  readonly name: string
  /** in the order in which they are set; never empty */
  readonly references: readonly Reference[]
}

/** A tag of a repository: `ghcr.io`, `acme/web`, `1.2`. */
interface Reference {
  readonly registry: string
  readonly repository: string
  readonly tag: string
}

interface Given {
  readonly cleared: Cleared
  /** what the tags will point at: a cleared image, or an index over cleared images */
  readonly staged: Staged
  readonly login: Login
}

/**
 * Ships a cleared image: copies it by digest into every repository, then sets the tags, and looks that each points at the
 * digest that was judged, or at an index of nothing else. Takes nothing but what `gate()` made in this process.
 * @throws OutsideError with the registry's own reason.
 */
export async function pushImage(
  request: PushRequest,
  { cleared, staged, login }: Given,
  scope: Scope,
): Promise<Result<readonly Pushed[]>> {
  if (!isCleared(cleared)) throw new Error('push was given images that no gate has cleared')
  await checkCleared(request, { cleared, staged }, scope)
  const regctl = await openRegctl({ staging: staged.repository, login }, scope)
  for (const target of new Set(request.references.map(repositoryOf))) {
    scope.say(`Copy to ${target}@${staged.digest}`)
    await copyByDigest(staged, target, regctl)
  }
  const pushed: Pushed[] = []
  for (const reference of request.references)
    pushed.push(await setTag({ image: staged, target: repositoryOf(reference), tag: reference.tag }, regctl, scope))
  const programs = [{ name: 'regctl', version: regctl.version, path: regctl.path }]
  return {
    value: pushed,
    pushed,
    programs,
    subject: staged.digest,
    reason: `${pushed.length} ${pushed.length === 1 ? 'tag' : 'tags'}`,
  }
}

/** @throws Error (our bug, or a run that somebody wrote to) unless all that would ship was cleared */
async function checkCleared({ name }: PushRequest, { cleared, staged }: Omit<Given, 'login'>, scope: Scope) {
  const digests = cleared.images.filter(image => image.name === name).map(({ digest }) => digest)
  if (digests.length === 0) throw new Error(`the gate cleared no image ${name}`)
  if (digests.length === 1 && digests.includes(staged.digest)) return
  const uncleared = unclearedIn(await readIndex(staged, scope.signal), digests)
  if (uncleared.length > 0)
    throw new Error(`the index of ${name} (${staged.digest}) is not what was cleared: ${uncleared.join(', ')}`)
}

/**
 * Pure: what is wrong with an index: a manifest that was not cleared, an attestation about something else, a cleared
 * image that is missing. Attestations name their image (moby/buildkit docs/attestations/attestation-storage.md).
 */
export function unclearedIn({ manifests }: IndexManifest, cleared: readonly Digest[]): readonly string[] {
  const known: ReadonlySet<string> = new Set(cleared)
  const strange = manifests.filter(one => !known.has(subjectOf(one)))
  const listed = new Set(manifests.map(({ digest }) => digest))
  return [
    ...strange.map(({ digest }) => `${digest} was not cleared`),
    ...cleared.filter(digest => !listed.has(digest)).map(digest => `${digest} is missing`),
  ]
}

/** What an entry stands for. Only what no engine would run, of platform unknown, is an attestation. */
const subjectOf = ({ digest, platform, annotations = {} }: IndexManifest['manifests'][number]): string =>
  platform?.os === 'unknown' && annotations['vnd.docker.reference.type'] === 'attestation-manifest'
    ? (annotations['vnd.docker.reference.digest'] ?? '')
    : digest

const repositoryOf = ({ registry, repository }: Reference): string => `${registry}/${repository}`

const copyByDigest = (image: Staged, target: string, regctl: Regctl) =>
  copyImage(referenceOf(image), `${target}@${image.digest}`, regctl)

interface TagRequest {
  readonly image: Staged
  readonly target: string
  readonly tag: string
}

async function setTag({ image, target, tag }: TagRequest, regctl: Regctl, scope: Scope): Promise<Pushed> {
  const reference = `${target}:${tag}`
  const before = await tagDigest(reference, regctl)
  if (before === image.digest) scope.say(`${reference} is there already`)
  else if (before !== undefined) scope.say(`${reference} moves; it was ${before}`)
  if (before !== image.digest) await copyImage(`${target}@${image.digest}`, reference, regctl)
  const after = before === image.digest ? before : await tagDigest(reference, regctl)
  if (after !== image.digest)
    throw new OutsideError(`${reference} points at ${after ?? 'nothing'} after the push, not at ${image.digest}`)
  scope.say(`${reference} -> ${image.digest}`)
  return { reference, digest: image.digest }
}
