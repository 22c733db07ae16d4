import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere, writeWhole } from '../disk/files.ts'
import { type Revision, revisionSchema } from '../record/record.ts'

const overridesSchema = z.array(z.object({ path: z.array(z.string()), text: z.string(), from: z.string() }))

const fileOf = (directory: string): string => join(directory, 'overrides.json')

/**
 * What inputs and flags of earlier steps or commands of a run said: an image that was named for the build is the one
 * that is scanned and pushed. Secrets are no overrides.
 */
export const readOverrides = async (directory: string): Promise<z.infer<typeof overridesSchema>> =>
  overridesSchema.parse(JSON.parse((await readIfThere(fileOf(directory))) ?? '[]'))

export const writeOverrides = (directory: string, overrides: readonly unknown[]): Promise<void> =>
  writeWhole(fileOf(directory), JSON.stringify(overrides))

const revisionFileOf = (directory: string): string => join(directory, 'revision.json')

/** The revision that the images of a run were built from: whatever the checkout is at now, tags and labels are its. */
export async function readBuiltRevision(directory: string): Promise<Revision | undefined> {
  const text = await readIfThere(revisionFileOf(directory))
  return text === undefined ? undefined : revisionSchema.parse(JSON.parse(text))
}

export const writeBuiltRevision = (directory: string, revision: Revision): Promise<void> =>
  writeWhole(revisionFileOf(directory), JSON.stringify(revision))
