import { resolve } from 'node:path'
import { lockFile, renderLock } from '../build/lock.ts'
import { writeWhole } from '../disk/files.ts'
import { UserError } from '../errors.ts'
import { count } from '../report/text.ts'
import type { Flags } from './flags.ts'
import { print } from './print.ts'
import { readRecord } from './report.ts'

/** `pce lock run.json`: pins what the images of that run were built on. @throws UserError */
export async function lock({ words: [file] }: Flags): Promise<number> {
  if (file === undefined) throw new UserError('pce lock needs the path of a run.json: that of a run which built')
  const { tasks } = await readRecord(file)
  const bases = tasks.flatMap(task => task.bases ?? [])
  const twice = bases.find(base => bases.some(other => other.image === base.image && other.digest !== base.digest))
  if (bases.length === 0) throw new UserError(`${file} tells of no base image: build first, pce build`)
  if (twice !== undefined)
    throw new UserError(
      `${file} tells of two digests of ${twice.image}: it moved during the run\nBuild anew, pce build.`,
    )
  await writeWhole(resolve(lockFile), renderLock(bases), 0o644)
  return print(`${lockFile}: ${count(new Set(bases.map(({ image }) => image)).size, 'image')}`)
}
