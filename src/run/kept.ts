import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../disk/files.ts'
import { type Facts, factsSchema } from './facts.ts'
import { readRunFile } from './read-file.ts'

const overridesSchema = z.array(z.object({ path: z.array(z.string()), text: z.string(), from: z.string() }))

const fileOf = (directory: string): string => join(directory, 'overrides.json')

/**
 * What inputs and flags of earlier steps or commands of a run said: an image that was named for the build is the one
 * that is scanned and pushed. Secrets are no overrides.
 */
export const readOverrides = async (directory: string): Promise<z.infer<typeof overridesSchema>> =>
  (await readRunFile(fileOf(directory), overridesSchema)) ?? []

export const writeOverrides = (directory: string, overrides: readonly unknown[]): Promise<void> =>
  writeWhole(fileOf(directory), JSON.stringify(overrides))

const factsFileOf = (directory: string): string => join(directory, 'facts.json')

/** The facts that the images of a run were built with: whatever the checkout is at now, tags and labels are theirs. */
export const readBuiltFacts = (directory: string): Promise<Facts | undefined> =>
  readRunFile(factsFileOf(directory), factsSchema)

export const writeBuiltFacts = (directory: string, facts: Facts): Promise<void> =>
  writeWhole(factsFileOf(directory), JSON.stringify(facts))
