import type { Config } from './config.ts'
import type { Fault } from './fault.ts'
import type { Owner, Written } from './owner.ts'
import { isTree, type Tree } from './tree.ts'

/** Keys that exclude each other, and keys that need another. `whole` is the expanded configuration. */
export const contradictionsIn = (written: Written, whole: Tree, owner: Owner): readonly Fault[] => [
  ...exclusive(written, owner, ['image', 'images']),
  ...exclusive(written, owner, ['compose', 'services']),
  ...entriesOf(whole.images).flatMap(([name, image]) => untested(name, image, owner)),
]

const entriesOf = (value: unknown): [string, unknown][] => (isTree(value) ? Object.entries(value) : [])

function exclusive(
  { tree, overrides }: Written,
  owner: Owner,
  [key, other]: readonly [string, string],
): readonly Fault[] {
  const isGiven = (name: string) => Object.hasOwn(tree, name) || overrides.some(({ path }) => path[0] === name)
  return isGiven(key) && isGiven(other)
    ? [{ ...owner([key]), message: `given together with ${other}; keep one of them` }]
    : []
}

function untested(name: string, image: unknown, owner: Owner): readonly Fault[] {
  if (!isTree(image) || image.newman === undefined || image.app !== undefined) return []
  const message = 'needs an app to talk to; set app.port, the port on which the image listens'
  return [{ ...owner(['images', name, 'newman']), message }]
}

/** Images that would write the same tag in the same repository: the last one pushed would win. */
export function collisionsIn({ images }: Config, owner: Owner): readonly Fault[] {
  const all = Object.entries(images)
  return all.flatMap(([name, { image, tags, flavor }], index) =>
    all.slice(0, index).flatMap(([earlier, other]) => {
      const alike = other.image === image && String(other.flavor) === String(flavor)
      const shared = alike ? tags.filter(tag => other.tags.includes(tag)) : []
      if (shared.length === 0) return []
      const message = `${image} gets ${shared.join(', ')} from ${earlier} too; give each its own image or its own tags`
      return [{ ...owner(['images', name, 'image']), message }]
    }),
  )
}
