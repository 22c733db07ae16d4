import { UserError } from '../errors.ts'
import { type Image, type Index, referenceOf } from '../record/image.ts'
import { describeManifest, putManifest } from '../registry/registry.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import type { Annotations } from './annotations.ts'
import { indexMediaType, renderIndex } from './index-manifest.ts'

/** What an index is asked to be. */
export interface IndexRequest {
  readonly name: string
  /** of the image, by level: those of `index` and of `manifest-descriptor` belong here */
  readonly annotations: Annotations
}

/**
 * Stages the index over the images of all platforms, by digest, beside them. Nothing of an image changes by it: the
 * digests that were tested and scanned are those that it lists.
 * @throws UserError when two of the platforms are one.
 */
export async function stageIndex(
  { name, annotations }: IndexRequest,
  images: readonly Image[],
  scope: Scope,
): Promise<Result<Index>> {
  checkPlatforms(images)
  const [{ repository } = { repository: '' }] = images
  const manifests = await Promise.all(
    images.map(async image => ({
      ...(await describeManifest(image, scope.signal)),
      platform: image.platform,
      annotations: {
        ...annotations['manifest-descriptor'],
        ...annotations[`manifest-descriptor[${image.platform}]`],
      },
    })),
  )
  const attestations = images.flatMap(image => image.attestations ?? [])
  const { digest, text } = renderIndex({ manifests, attestations, annotations: annotations.index })
  await putManifest({ repository, digest }, { mediaType: indexMediaType, text }, scope.signal)
  const index = { name, digest, repository, images: images.map(image => image.digest) }
  scope.say(`Staged ${referenceOf(index)} (${images.map(({ platform }) => platform).join(', ')})`)
  return { value: index, indexes: [index] }
}

function checkPlatforms(images: readonly Image[]): void {
  const names = images.map(({ platform }) => platform)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice === undefined) return
  throw new UserError(
    `platforms: ${twice} is built twice\nnative is ${twice} on this machine: name each platform once.`,
  )
}
