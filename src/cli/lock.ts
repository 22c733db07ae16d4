import { resolve } from 'node:path'
import { checkLock } from '../build/drift.ts'
import { digestOf, type LockedBuildkit, lockFile, readLock, renderLock } from '../build/lock.ts'
import { writeWhole } from '../disk/files.ts'
import type { Engine } from '../docker/docker.ts'
import { UserError } from '../errors.ts'
import type { Record } from '../record/record.ts'
import { count } from '../report/text.ts'
import type { Flags } from './flags.ts'
import { print } from './print.ts'
import { readRecord } from './report.ts'

/**
 * `pce lock run.json`: pins what the images of that run were built on, and with. `pce lock check`: tells which tags have
 * moved since; the exit code is 1 where one has. @throws UserError, OutsideError
 */
export async function lock({ words: [word] }: Flags, { env }: Pick<Engine, 'env'>): Promise<number> {
  if (word === undefined)
    throw new UserError('pce lock needs the path of a run.json, that of a run which built, or the word check')
  return word === 'check' ? check({ env }) : write(word)
}

async function write(file: string): Promise<number> {
  const record = await readRecord(file)
  const bases = record.tasks.flatMap(task => task.bases ?? [])
  const buildkit = buildkitOf(record)
  const twice = bases.find(base => bases.some(other => other.image === base.image && other.digest !== base.digest))
  if (bases.length === 0 && buildkit === undefined)
    throw new UserError(`${file} tells of no base image and no BuildKit: build first, pce build`)
  if (twice !== undefined)
    throw new UserError(
      `${file} tells of two digests of ${twice.image}: it moved during the run\nBuild anew, pce build.`,
    )
  await writeWhole(resolve(lockFile), renderLock(bases, buildkit), 0o644)
  const images = count(new Set(bases.map(({ image }) => image)).size, 'image')
  return print(`${lockFile}: ${[images, ...(buildkit === undefined ? [] : [wordsFor(buildkit)])].join(', ')}`)
}

async function check(engine: Engine): Promise<number> {
  const lock = await readLock(resolve('.'))
  if (lock === undefined) throw new UserError(`there is no ${lockFile} here\nBuild, then write one: pce lock run.json`)
  const checked = await checkLock(lock, engine)
  const moved = checked.filter(({ locked, now }) => locked !== now)
  const lines = moved.map(({ image, locked, now }) => `${image}\n  locked ${locked}\n  now    ${now}\n`)
  const sum = `${lockFile}: ${moved.length} of ${count(checked.length, 'tag')} moved`
  print([...lines, sum].join(''))
  return moved.length === 0 ? 0 : 1
}

/** That of the first node; the image of one that came from no registry can't be had again. */
function buildkitOf({ programs }: Record): LockedBuildkit | undefined {
  const all = programs.filter(({ name }) => name === 'buildkit')
  const { version, image } = all.find(one => digestOf(one.image) !== undefined) ?? all[0] ?? {}
  if (version === undefined) return undefined
  return digestOf(image) === undefined ? { version } : { version, image }
}

const wordsFor = ({ version, image }: LockedBuildkit): string =>
  `BuildKit ${version}${image === undefined ? ', its version alone' : ''}`
