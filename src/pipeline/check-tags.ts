import type { Config } from '../config/config.ts'
import { UserError } from '../errors.ts'
import type { Facts } from '../run/facts.ts'
import { type Metadata, renderReference } from '../tags/metadata.ts'
import type { Plan } from './plan.ts'

/**
 * Pure: what the rules give at this commit, before anything is built. Targets of bake files, which have the tags of one
 * image between them, are looked at when they are to be pushed.
 * @throws UserError for a name that two images would have
 */
export function checkPlanned({ images }: Config, { metadata }: Pick<Plan, 'metadata'>): void {
  const called = Object.entries(metadata).map(([name, one]) => {
    const image = images[name]
    return [name, image === undefined || image.baked !== undefined ? [] : namesOf(image.image, one)] as const
  })
  checkShared(called)
}

/** Full references, or the names that an image has in the engine where it goes nowhere. */
const namesOf = (image: string, { places, tags }: Metadata): readonly string[] =>
  places.length > 0 ? tags : tags.map(tag => `${image}:${tag}`)

/** Pure: what a push needs. @throws UserError for rules that give no tag, and for a tag that two images would have */
export function checkPushed({ metadata }: Pick<Plan, 'metadata'>, { revision, sha }: Facts): void {
  const all = Object.entries(metadata)
  const untagged = all.find(([, { references }]) => references.length === 0)
  if (untagged !== undefined) {
    const [name, { notes }] = untagged
    const where = sha === '' ? 'what is no Git checkout' : revision.ref || 'a detached checkout'
    throw new UserError(
      [
        `tags: they give ${name} no tag for ${where}`,
        ...notes,
        sha === '' ? 'Name a tag: tags: [type=raw,value=…]' : 'Add type=sha, or type=raw,value=…',
      ].join('\n'),
    )
  }
  checkShared(all.map(([name, { references }]) => [name, references.map(renderReference)]))
}

function checkShared(called: readonly (readonly [string, readonly string[]])[]): void {
  const owners = new Map<string, string>()
  for (const [name, references] of called)
    for (const reference of references) {
      const other = owners.get(reference)
      if (other !== undefined && other !== name)
        throw new UserError(
          `tags: ${other} and ${name} would both be ${reference}\nGive each a repository or tags of its own.`,
        )
      owners.set(reference, name)
    }
}
