import type { Finding } from '../record/finding.ts'
import type { Base, Vertex } from '../record/part.ts'
import { type Lock, lockFile } from './lock.ts'

const digest = '(sha256:[0-9a-f]{64})'
const named = [
  new RegExp(`^(?:\\[[^\\]]+\\] )?FROM (\\S+)@${digest}$`),
  new RegExp(`^\\[context [^\\]]+\\] load metadata for (\\S+)@${digest}$`),
  // A frontend; in a bake behind the name of its target.
  new RegExp(`^(?:\\[[^\\]]+\\] )?docker-image://(\\S+)@${digest}$`),
  new RegExp(`^\\[[^\\]]+\\] generating sbom using (\\S+)@${digest}$`),
]

/**
 * Pure: the images that a build stood on, as BuildKit resolved them: those of FROM, COPY --from, the frontend, and what
 * lists the packages of the SBOM; of its provenance (`materials`) those that its steps don't tell of.
 */
export function basesOf(vertices: readonly Vertex[], materials: readonly Base[] = []): Base[] {
  const found = vertices.flatMap(({ name }) => {
    const [, image, resolved] = named.map(pattern => pattern.exec(name)).find(match => match !== null) ?? []
    // What is named by digest alone is pinned where it is named.
    return image === undefined || resolved === undefined || !/:[^/]+$/.test(image) ? [] : [{ image, digest: resolved }]
  })
  const others = materials.filter(({ image }) => !found.some(base => base.image === image))
  return [...new Map([...found, ...others].map(base => [`${base.image}@${base.digest}`, base])).values()]
}

/** Pure: findings about bases that the lock does not have, or has with another digest: they may be others tomorrow. */
export const unlockedIn = (bases: readonly Base[], lock: Lock): Finding[] =>
  bases
    .filter(({ image, digest }) => lock.images[image] !== digest)
    .map(({ image, digest }) =>
      notLocked(
        lock.images[image] === undefined
          ? `${image} is not in ${lockFile}: pce lock run.json writes it anew`
          : `${image} was ${digest}, and ${lockFile} has another: the build named a digest of its own, or its BuildKit is older than 0.12 and can't pin`,
      ),
    )

/** Pure: a notice about something that the lock does not hold as it is. */
export const notLocked = (message: string): Finding => ({
  tool: 'pce',
  rule: 'not-locked',
  severity: 'low',
  message,
  location: { file: lockFile },
  blocking: false,
})
