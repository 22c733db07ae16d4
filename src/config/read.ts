import { lstat, readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '../errors.ts'

/** A configuration file: the name as the user knows it, and what is in it. */
export interface ConfigText {
  readonly file: string
  readonly text: string
}

const names = ['pce.yml', 'pce.yaml']
const limit = 1_000_000

/**
 * Reads the configuration: the file that was named, relative to the directory, or `pce.yml`, where there is one.
 * @throws UserError when it was named and is not there, or can't be what it should.
 */
export async function readConfig(directory: string, named: string | undefined): Promise<ConfigText | undefined> {
  const files = named === undefined ? await defaultsIn(directory) : [named]
  const [file, other] = files
  if (file === undefined) return undefined
  if (other !== undefined) throw new UserError(`there are ${file} and ${other}; keep one of them`)
  return { file, text: await textOf(resolve(directory, file), file) }
}

async function defaultsIn(directory: string): Promise<readonly string[]> {
  if (!(await stat(directory).catch(() => undefined))?.isDirectory())
    throw new UserError(`${directory} is not a directory; set working-directory to the one with the Dockerfile`)
  const found = await Promise.all(names.map(name => lstat(resolve(directory, name)).then(() => [name], absent)))
  return found.flat()
}

/** A file that can't be looked at is there all the same, as is a link to nothing: neither is taken for none. */
const absent = (error: NodeJS.ErrnoException): string[] => {
  if (error.code === 'ENOENT') return []
  throw new UserError(`can't read the configuration: ${error.message}`, { cause: error })
}

async function textOf(path: string, file: string): Promise<string> {
  const bytes = await bytesOf(path, file).catch((error: NodeJS.ErrnoException) => {
    throw error instanceof UserError ? error : new UserError(`${file}: ${reasonOf(error)}`, { cause: error })
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UserError(`${file}: not UTF-8 text; save it as UTF-8`)
  }
}

async function bytesOf(path: string, file: string): Promise<Buffer> {
  const stats = await stat(path)
  if (stats.isDirectory()) throw new UserError(`${file}: a directory; name the file in it`)
  if (!stats.isFile()) throw new UserError(`${file}: not a regular file`)
  if (stats.size > limit)
    throw new UserError(`${file}: ${stats.size} bytes, at most ${limit} are read; is it the right file?`)
  return readFile(path)
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file; check its name, relative to the working directory'
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it'
  return `can't be read (${message})`
}
