import type { z } from 'zod'
import { readIfThere } from '../disk/files.ts'
import { UserError } from '../errors.ts'

/**
 * What a file of a run says; undefined when it is not there. @throws UserError for one that is not as this version of pce
 * writes it: another version did, or the machine stopped in the middle.
 */
export async function readRunFile<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readIfThere(path)
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new UserError(
      `${path} can't be read: another version of pce wrote it, or the machine stopped in the middle\nTake down what was left, pce clean, and begin anew: pce build.`,
      { cause },
    )
  }
}
