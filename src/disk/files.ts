import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OutsideError } from '../errors.ts'

/** Makes a folder and those above it. @throws OutsideError that says what to do. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (cause) {
    throw new OutsideError(`can't make the folder ${path}: ${messageOf(cause)}${adviceFor(cause)}`, { cause })
  }
}

/** Writes a file so that a reader sees the old or the new one, never a half: a temporary file, then a rename. */
export async function writeWhole(path: string, text: string, mode = 0o644): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, text, { mode })
    await rename(temporary, path)
  } catch (cause) {
    throw cannotWrite(path, cause)
  }
}

/** Adds to a file. @throws OutsideError that says what to do. */
export async function addTo(path: string, text: string): Promise<void> {
  await appendFile(path, text).catch((cause: unknown) => {
    throw cannotWrite(path, cause)
  })
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

const cannotWrite = (path: string, cause: unknown): OutsideError =>
  new OutsideError(`can't write ${path}: ${messageOf(cause)}${adviceFor(cause)}`, { cause })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const elsewhere = '\nThe folder above it is not there or can not be written: choose another folder.'

const advice: Readonly<Record<string, string>> = {
  ENOSPC: '\nThe disk is full: free some space (docker system df shows what the engine holds), then run again.',
  EACCES: '\nThis user may not write there: choose another folder, or change its owner.',
  EROFS: '\nThat file system is read-only: choose another folder.',
  // What Node says of a folder that can't be made on a read-only file system.
  ENOENT: elsewhere,
  ENOTDIR: elsewhere,
}

const adviceFor = (error: unknown): string => advice[codeOf(error) ?? ''] ?? ''
