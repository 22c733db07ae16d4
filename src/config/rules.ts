import { bakeKeys } from './bake.ts'
import type { Config } from './config.ts'
import type { Fault } from './fault.ts'
import { mention } from './mention.ts'
import type { Owner, Written } from './owner.ts'
import { isTree, showPath, type Tree } from './tree.ts'

/** Keys that exclude each other, and keys that need another. `whole` is the expanded configuration. */
export const contradictionsIn = (written: Written, whole: Tree, owner: Owner): readonly Fault[] => [
  ...exclusive(written, owner, ['image', 'images']),
  ...exclusive(written, owner, ['compose', 'services']),
  ...entriesOf(whole.images).flatMap(([name, image]) => [
    ...untested(name, image, owner),
    ...(isTree(image) ? misplaced(name, image.build, owner) : []),
  ]),
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

/** Keys of a Dockerfile's build, which a bake file says for each of its targets. */
const ofTargets = [
  'file',
  'context',
  'build-args',
  'build-contexts',
  'ssh',
  'add-hosts',
  'cgroup-parent',
  'network',
  'no-cache-filters',
  'shm-size',
  'ulimit',
]

/** Keys that earthly has no word for. */
const notOfEarthly = [
  'attests',
  'provenance',
  'sbom',
  'file',
  'target',
  'build-contexts',
  'ssh',
  'add-hosts',
  'allow',
  'cgroup-parent',
  'network',
  'no-cache-filters',
  'outputs',
  'call',
  'pull',
  'reproducible',
  'shm-size',
  'ulimit',
]

/** Keys that say nothing where a bake file or an Earthfile says what is built. */
function misplaced(name: string, build: unknown, owner: Owner): readonly Fault[] {
  if (!isTree(build)) return []
  const given = (keys: readonly string[]) => keys.filter(key => build[key] !== undefined)
  const told = (keys: readonly string[], message: string) =>
    keys.map(key => ({ ...owner(['images', name, 'build', key]), message }))
  const earthfile = build.earthfile !== undefined
  if (given(bakeKeys).length > 0)
    return [
      ...told(given(ofTargets), 'given together with bake files: say it there, or with set: *.args.NAME=value'),
      ...told(
        given(['call', 'outputs', 'earthfile', 'reproducible']),
        'given together with bake files; keep one of them',
      ),
    ]
  return earthfile ? told(given(notOfEarthly), 'given together with earthfile, and earthly does not take it') : []
}

/** Images that would write the same tag in the same repository: the last one pushed would win. */
export function collisionsIn({ images }: Config, owner: Owner): readonly Fault[] {
  const all = Object.entries(images)
  return all.flatMap(([name, { image, tags, flavor }], index) =>
    all.slice(0, index).flatMap(([earlier, other]) => {
      const alike = other.image === image && String(other.flavor) === String(flavor)
      const shared = alike ? tags.filter(tag => other.tags.includes(tag)) : []
      if (shared.length === 0) return []
      const place = owner(['images', name, 'image'])
      // The images of one matrix are written once: then it is told once.
      if (showPath(place.path) === showPath(owner(['images', earlier, 'image']).path))
        return [{ ...place, message: siblings(image, shared) }]
      const message = `${image} gets ${shared.join(', ')} from ${earlier} too; give each its own image or its own tags`
      return [{ ...place, message }]
    }),
  )
}

const siblings = (image: string, shared: readonly string[]): string =>
  `combinations of the matrix share ${shared.join(', ')} in ${image}; mention what tells them apart in image, tags or flavor, such as suffix=-${mention('os')}`
