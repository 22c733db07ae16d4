import { docker } from '../docker/docker.ts'
import { type Image, referenceOf } from '../record/image.ts'
import type { Scope } from '../task/scope.ts'
import { type Result, type Task, task } from '../task/task.ts'

/** Puts the image of the engine's own platform into the engine, under its tags, by a pull of what is staged. */
export const loadTask = (
  id: string,
  references: readonly string[],
  images: readonly Task<Image>[],
): Task<readonly string[]> =>
  task({
    id,
    // Not the tags: they depend on the branch, and a plan does not.
    request: null,
    needs: Object.fromEntries(images.map(image => [image.id, image])),
    weight: 0,
    estimate: 5_000,
    perform: (made, scope) => loadImage(references, Object.values(made), scope),
  })

async function loadImage(
  references: readonly string[],
  images: readonly Image[],
  scope: Scope,
): Promise<Result<readonly string[]>> {
  const format = '{{.Server.Os}}/{{.Server.Arch}}'
  const native = (await docker("Ask for the engine's platform", ['version', '--format', format], scope)).trim()
  const image = images.find(({ platform }) => platform === native) ?? (images.length === 1 ? images[0] : undefined)
  if (image === undefined)
    return {
      status: 'skipped',
      reason: `none of ${images.map(one => one.platform).join(', ')} is ${native}, which the engine runs`,
    }
  const source = referenceOf(image)
  await docker(`Load ${source}`, ['pull', '--quiet', '--platform', image.platform, source], scope)
  for (const reference of references) {
    await docker(`Tag ${reference}`, ['tag', source, reference], scope)
    scope.say(`Loaded ${reference} (${image.platform})`)
  }
  return { value: references }
}
