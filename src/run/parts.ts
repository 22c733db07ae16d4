import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, writeWhole } from '../disk/files.ts'
import { type Part, partSchema } from '../record/part.ts'
import { mergeParts, type Record } from '../record/record.ts'
import { readRunFile } from './read-file.ts'

const folderOf = (directory: string): string => join(directory, 'parts')
const fileOf = (directory: string, task: string): string => join(folderOf(directory), `${fileNameOf(task)}.json`)

/** Another name for every task, so that none writes over another: `scan:web` is `scan_web`. */
export const fileNameOf = (task: string): string => encodeURIComponent(task).replace('%3A', '_')

export const writePart = (directory: string, part: Part): Promise<void> =>
  writeWhole(fileOf(directory, part.task), `${JSON.stringify(part, undefined, 1)}\n`)

export const removePart = (directory: string, task: string): Promise<void> =>
  rm(fileOf(directory, task), { force: true })

/** Every part of a run. @throws UserError when a file there is not a part. */
export async function readParts(directory: string): Promise<readonly Part[]> {
  await makeFolder(folderOf(directory))
  const names = (await readdir(folderOf(directory))).filter(name => name.endsWith('.json'))
  const parts = await Promise.all(names.map(name => readRunFile(join(folderOf(directory), name), partSchema)))
  return parts.filter(part => part !== undefined)
}

type Frame = Pick<Record, 'id' | 'revision' | 'plan' | 'started'>

/** Merges the parts into `run.json` and gives the record. `ended` (ISO 8601) once the goals are reached. */
export async function writeRecord(directory: string, frame: Frame, ended?: string): Promise<Record> {
  const record = mergeParts(frame, await readParts(directory), ended)
  await writeWhole(recordFileOf(directory), `${JSON.stringify(record, undefined, 1)}\n`)
  return record
}

export const recordFileOf = (directory: string): string => join(directory, 'run.json')
