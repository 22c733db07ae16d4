import { join } from 'node:path'
import { z } from 'zod'
import { addTo, readIfThere } from '../disk/files.ts'

/**
 * Something that a run owns and `close` takes down: a Compose project, a builder of buildx, a folder of credentials.
 * It is written down before it is made, so that nothing is left behind when the process dies in between.
 */
const belongingSchema = z.object({
  kind: z.enum(['project', 'builder', 'credentials']),
  name: z.string(),
})
export type Belonging = z.infer<typeof belongingSchema>

const fileOf = (directory: string): string => join(directory, 'made.jsonl')

// A line feed before it too: what a crash cut must not take the next line with it.
export const writeDown = (directory: string, belonging: Belonging): Promise<void> =>
  addTo(fileOf(directory), `\n${JSON.stringify(belonging)}\n`)

/** What the run may have made, last first: what was made last goes first. A line that a crash cut is left out. */
export async function readJournal(directory: string): Promise<readonly Belonging[]> {
  const text = (await readIfThere(fileOf(directory))) ?? ''
  return text.split('\n').flatMap(parseLine).reverse()
}

function parseLine(line: string): Belonging[] {
  try {
    return [belongingSchema.parse(JSON.parse(line))]
  } catch {
    return []
  }
}
