import { OutsideError } from '../errors.ts'
import { type Cleared, isCleared } from '../gate/gate.ts'
import { type Image, referenceOf } from '../record/image.ts'
import type { Pushed } from '../record/part.ts'
import { copyImage, type Login, openRegctl, type Regctl, tagDigest } from '../registry/regctl.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'

export interface PushRequest {
  /** key of the image in the configuration */
  readonly name: string
  /** `acme/web` */
  readonly image: string
  readonly registries: readonly string[]
  /** in the order in which they are set */
  readonly tags: readonly string[]
}

/**
 * Ships a cleared image: copies it by digest into every registry, then sets the tags, and looks that each points at the
 * digest that was judged. Takes nothing but what `gate()` made in this process.
 * @throws OutsideError with the registry's own reason.
 */
export async function pushImage(
  request: PushRequest,
  { cleared, login }: { cleared: Cleared; login: Login },
  scope: Scope,
): Promise<Result<readonly Pushed[]>> {
  if (!isCleared(cleared)) throw new Error('push was given images that no gate has cleared')
  const image = cleared.images.find(({ name }) => name === request.name)
  if (image === undefined) throw new Error(`the gate cleared no image ${request.name}`)
  const regctl = await openRegctl({ staging: image.repository, login }, scope)
  const targets = request.registries.map(host => `${host}/${request.image}`)
  for (const target of targets) {
    scope.say(`Copy to ${target}@${image.digest}`)
    await copyByDigest(image, target, regctl)
  }
  const pushed: Pushed[] = []
  for (const target of targets)
    for (const tag of request.tags) pushed.push(await setTag({ image, target, tag }, regctl, scope))
  const programs = [{ name: 'regctl', version: regctl.version, path: regctl.path }]
  return { value: pushed, pushed, programs, subject: image.digest, reason: `${pushed.length} tags` }
}

const copyByDigest = (image: Image, target: string, regctl: Regctl) =>
  copyImage(referenceOf(image), `${target}@${image.digest}`, regctl)

interface TagRequest {
  readonly image: Image
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
