import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OutsideError } from '../errors.ts'

/** Writes a file so that a reader sees the old or the new one, never a half: a temporary file, then a rename. */
export async function writeWhole(path: string, text: string, mode = 0o644): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, text, { mode })
    await rename(temporary, path)
  } catch (cause) {
    throw new OutsideError(`can't write ${path}: ${messageOf(cause)}${adviceFor(cause)}`, { cause })
  }
}

/** The text of a file; undefined when it is not there. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** `ENOENT` and the like. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const advice: Readonly<Record<string, string>> = {
  ENOSPC: '\nThe disk is full: free some space (docker system df shows what the engine holds), then run again.',
  EACCES: '\nThis user may not write there: choose another folder, or change its owner.',
  EROFS: '\nThat file system is read-only: choose another folder.',
}

const adviceFor = (error: unknown): string => advice[codeOf(error) ?? ''] ?? ''
