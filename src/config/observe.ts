import { readdir, readFile } from 'node:fs/promises'
import { basename, join, posix, resolve } from 'node:path'
import { isRemote } from '../build/config.ts'
import { runProgram } from '../program/run.ts'
import type { Dockerfile, Facts } from './guess.ts'

interface Place {
  /** absolute path of the repository */
  readonly directory: string
  /** the values of build.context, build.file and build.target that an input or flag gives */
  readonly context?: string | undefined
  readonly file?: string | undefined
  readonly target?: string | undefined
}

/** Looks at a repository, for what `pce.yml` does not say. Never throws: what can't be read is not there. */
export async function observeRepository({ directory, context = '.', file, target }: Place): Promise<Facts> {
  const files = await namesIn(directory)
  const [remote, prefix, collections, dockerfiles] = await Promise.all([
    git(directory, ['config', '--get', 'remote.origin.url']),
    git(directory, ['rev-parse', '--show-prefix']),
    namesIn(join(directory, 'postman')),
    dockerfilesIn(directory, file === undefined ? await dockerfileNames(directory, context) : [file]),
  ])
  return {
    directory: basename(resolve(directory)),
    remote,
    prefix: prefix?.replace(/\/$/, ''),
    context: isRemote(context) ? context : posix.normalize(context),
    dockerfiles,
    target,
    compose: composes.find(name => files.includes(name)),
    collections: collections.filter(name => name.endsWith('.postman_collection.json')).map(name => `postman/${name}`),
  }
}

/** In the order in which Compose looks for them. */
const composes = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']

const folders = ['.', 'deploy', 'docker', '.docker', 'build']

const dockerfilesIn = (directory: string, paths: readonly string[]): Promise<readonly Dockerfile[]> =>
  Promise.all(paths.map(async path => ({ path, text: await textOf(join(directory, path)) })))

/** Dockerfiles in the build context and in the folders of it that hold them by custom, relative to the repository. */
async function dockerfileNames(directory: string, context: string): Promise<readonly string[]> {
  const listed = await Promise.all(
    folders.map(async folder => {
      const names = await namesIn(join(directory, context, folder))
      return names.filter(name => /^(.+\.)?Dockerfile$/.test(name)).map(name => posix.join(context, folder, name))
    }),
  )
  return listed.flat()
}

const namesIn = async (directory: string): Promise<readonly string[]> => {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => !entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

/** What git says, or undefined: no git, no checkout, no such setting. */
async function git(directory: string, args: readonly string[]): Promise<string | undefined> {
  const { PATH, HOME } = process.env
  const argv = ['git', '-C', directory, ...args]
  const end = await runProgram({ title: 'Look at the checkout', argv, env: { PATH, HOME } }).catch(() => undefined)
  return end?.exitCode === 0 && end.stdout !== '' ? end.stdout : undefined
}
