import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openGit } from './git.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

/**
 * What the source is, as 16 hex digits: the commit's tree, the changes to its files, and (but on GitHub, where they are
 * what earlier steps made) the files that no commit has. The same digits: the same source, whatever its commit is
 * called. Empty where Git can't say; then sources are not told apart.
 */
export async function readSource(context: string, env: Environment): Promise<string> {
  const git = await openGit(context, env)
  if (git === undefined) return ''
  const [tree, changes, others] = await Promise.all([
    git(['rev-parse', 'HEAD^{tree}']),
    git(['diff', '--binary', '--no-ext-diff', '--no-textconv', 'HEAD', '--', '.']),
    env.GITHUB_ACTIONS === 'true' ? '' : git(['ls-files', '--others', '--exclude-standard', '-z']),
  ])
  if (tree === undefined || changes === undefined || others === undefined) return ''
  const hash = createHash('sha256').update(`${tree}\0${changes}\0`)
  for (const name of others.split('\0').filter(Boolean)) {
    hash.update(`${name}\0`)
    hash.update(await hashOfFile(join(context, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  const state = await lstat(path).catch(() => undefined)
  if (state?.isSymbolicLink()) hash.update(await readlink(path))
  // A file that can't be read, or went away meanwhile, is told by its name alone.
  else if (state?.isFile()) await pipeline(createReadStream(path), hash).catch(() => {})
  return hash.digest('hex')
}
