import { type Complaint, complaintsOf } from './complaint.ts'
import type { Config } from './config.ts'
import { unusedRegistriesIn, withDestinations } from './destinations.ts'
import { expand } from './expand.ts'
import { type Fault, messageOf } from './fault.ts'
import { treeOf } from './override.ts'
import { type Owner, ownerIn, type Written } from './owner.ts'
import { isUnfilled } from './reference.ts'
import { collisionsIn, contradictionsIn } from './rules.ts'
import { resolvedSchema } from './schema.ts'
import { isTree, merge, type Tree, valueAt } from './tree.ts'
import { expectation } from './wording.ts'

export type Resolved = { readonly config: Config } | { readonly faults: readonly Fault[] }

/** Puts the root's defaults and the overrides into each image, and judges the whole at once. Pure; never throws. */
export function resolveConfig(written: Written): Resolved {
  const read = written.overrides.map(treeOf)
  const over = read.reduce<unknown>((all, one) => ('tree' in one ? merge(all, one.tree) : all), {})
  const { tree: whole, origins, faults: mismatched } = expand(written.tree, isTree(over) ? over : {})
  const owner = ownerIn(written, origins)
  const judged = judge(whole, owner)
  const faults = [
    ...read.flatMap(one => ('fault' in one ? [one.fault] : [])),
    ...contradictionsIn(written, whole, owner),
    ...mismatched.map(fault => ({ ...fault, ...owner(fault.path) })),
    ...('faults' in judged ? judged.faults : []),
  ]
  return 'faults' in judged || faults.length > 0 ? { faults } : judged
}

function judge(whole: Tree, owner: Owner): Resolved {
  const parsed = resolvedSchema.safeParse(whole, { error: expectation })
  if (!parsed.success) {
    const complaints = parsed.error.issues.flatMap(complaintsOf)
    // Text with the name of a value in it that there is not: that is told already.
    return { faults: complaints.filter(({ path }) => !isUnfilled(valueAt(whole, path))).map(told(whole, owner)) }
  }
  const config = withDestinations(parsed.data)
  const faults = [...collisionsIn(config, owner), ...unusedRegistriesIn(config, owner)]
  return faults.length > 0 ? { faults } : { config }
}

const told =
  (whole: Tree, owner: Owner) =>
  (complaint: Complaint): Fault => {
    const owned = owner(complaint.path)
    return { ...owned, message: messageOf(complaint, whole, owned.path) }
  }
