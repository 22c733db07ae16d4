import { glob, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { distance } from 'fastest-levenshtein'
import { UserError } from '../../errors.ts'

const beside = (name: string): boolean => name === 'node_modules' || name === '.git'

async function filesOf(pattern: string, context: string): Promise<string[]> {
  const found: string[] = []
  for await (const path of glob(pattern, { cwd: context, exclude: beside })) found.push(path)
  return found.sort()
}

/**
 * The files that paths and globs name, absolute, each once: in the order of the patterns, and sorted within a glob.
 * @throws UserError when a pattern finds nothing, names a directory, or leads outside of `context`, through a link too.
 */
export async function findCollections(patterns: readonly string[], context: string): Promise<string[]> {
  const lists = await Promise.all(patterns.map(pattern => expand(pattern, context)))
  return [...new Set(lists.flat())]
}

async function expand(pattern: string, context: string): Promise<string[]> {
  const found = (await filesOf(pattern, context)).map(path => resolve(context, path))
  const files = await keepFiles(found, pattern)
  if (files.length === 0)
    throw new UserError(`newman: ${pattern} finds no collection${await nearNames(pattern, context)}`)
  await Promise.all(files.map(file => mustBeInside(file, context)))
  return files
}

async function keepFiles(paths: readonly string[], pattern: string): Promise<string[]> {
  const stats = await Promise.all(paths.map(path => stat(path).catch(() => undefined)))
  if (paths.length === 1 && stats[0]?.isDirectory()) {
    throw new UserError(`newman: ${pattern} is a directory; give the collections in it: ${join(pattern, '*.json')}`)
  }
  return paths.filter((_, index) => stats[index]?.isFile())
}

async function mustBeInside(file: string, context: string): Promise<void> {
  const [real, root] = await Promise.all([realpath(file), realpath(context)])
  if (!real.startsWith(root + sep)) {
    throw new UserError(`newman: ${relative(context, file)} leads outside of the repository (${real}); copy it in`)
  }
}

async function nearNames(pattern: string, context: string): Promise<string> {
  const candidates = await filesOf('**/*.postman_collection.json', context)
  const near = candidates.sort((a, b) => distance(a, pattern) - distance(b, pattern)).slice(0, 3)
  return near.length === 0 ? '; no *.postman_collection.json is in the repository' : `; there are: ${near.join(', ')}`
}
