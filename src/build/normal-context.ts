import { constants } from 'node:fs'
import { chmod, copyFile, cp, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Scope } from '../task/scope.ts'
import { type BuildConfig, isRemote } from './config.ts'
import { dockerfileOf } from './options.ts'
import { epoch } from './reproducible.ts'

type Config = Pick<BuildConfig, 'file' | 'context' | 'build-contexts' | 'reproducible'>

/** A configuration whose contexts are ready; what was made for it is gone once it is disposed. */
export interface NormalContexts<C> extends AsyncDisposable {
  readonly config: C
}

/**
 * Contexts whose files have the modes that Git keeps: 0755 for folders and programs, 0644 for the rest. What the umask
 * of a checkout leaves of them would get into the layers of COPY. A context that has them is used where it is; of
 * another one a copy is made in the run's folder, since the user's own files may be private with reason.
 */
export async function openNormalContexts<C extends Config>(config: C, scope: Scope): Promise<NormalContexts<C>> {
  if (config.reproducible === undefined) return { config, async [Symbol.asyncDispose]() {} }
  await using made = new AsyncDisposableStack()
  async function normal(context: string, dockerfile?: string): Promise<string> {
    const folder = resolve(scope.context, context)
    if (isRemote(context) || !(await isFolder(folder))) return context
    const unused = await unusedIn(folder, dockerfile)
    if (await isNormal(folder, unused)) return context
    const parent = join(scope.run.directory, 'contexts')
    await mkdir(parent, { recursive: true })
    const copy = await mkdtemp(join(parent, 'normal-'))
    made.defer(() => rm(copy, { recursive: true, force: true }))
    scope.say(`Copied ${context} for the build: its files have other modes than Git keeps`)
    await copyNormal(folder, copy, unused)
    return copy
  }
  const context = await normal(config.context, resolve(scope.context, dockerfileOf(config)))
  const named: Record<string, string> = {}
  for (const [name, value] of Object.entries(config['build-contexts'] ?? {})) named[name] = await normal(value)
  const file = context === config.context ? config.file : dockerfileOf(config)
  const kept = made.move()
  return {
    config: { ...config, context, 'build-contexts': named, ...(file !== undefined && { file }) },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    found => found.isDirectory(),
    () => false,
  )

const ignoreFile = '.dockerignore'

/**
 * What no build sees of the folder: names at its top that the ignore file has as they are. One with exceptions is not
 * interpreted here. (docs.docker.com/build/concepts/context, ".dockerignore files"; an ignore file of the Dockerfile's
 * own is not for named contexts: moby/buildkit, frontend/dockerui/namedcontext.go)
 */
async function unusedIn(folder: string, dockerfile: string | undefined): Promise<ReadonlySet<string>> {
  const read = (file: string) => readFile(file, 'utf8').catch(() => undefined)
  const own = dockerfile === undefined ? undefined : await read(`${dockerfile}${ignoreFile}`)
  const text = own ?? (await read(join(folder, ignoreFile))) ?? ''
  const lines = text.split('\n').map(line => line.trim())
  if (lines.some(line => line.startsWith('!'))) return new Set()
  const names = lines.map(line => line.replace(/^\/|\/$/g, '')).filter(line => /^[\w.-]+$/.test(line))
  // Without the ignore file itself the copy would have no patterns, and what they keep out would get into the image.
  return new Set(names.filter(name => name !== ignoreFile))
}

/** Git's own folder is as it is: nothing in it is the same on two machines. */
const git = '.git'

async function isNormal(folder: string, unused: ReadonlySet<string>): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (unused.has(entry.name) || entry.name === git || entry.isSymbolicLink()) continue
    const path = join(folder, entry.name)
    const { mode, mtimeMs } = await lstat(path)
    if ((mode & 0o7777) !== modeOf(entry.isDirectory(), mode) || mtimeMs < epoch * 1000) return false
    if (entry.isDirectory() && !(await isNormal(path, new Set()))) return false
  }
  return true
}

const modeOf = (isDirectory: boolean, mode: number): number => (isDirectory || (mode & 0o100) !== 0 ? 0o755 : 0o644)

async function copyNormal(from: string, to: string, unused: ReadonlySet<string>): Promise<void> {
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (unused.has(entry.name)) continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.name === git) await cp(source, target, { recursive: true, verbatimSymlinks: true })
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else if (entry.isDirectory()) {
      await mkdir(target)
      await copyNormal(source, target, new Set())
    } else if (entry.isFile()) {
      await copyFile(source, target, constants.COPYFILE_FICLONE)
      await chmod(target, modeOf(false, (await lstat(source)).mode))
    }
  }
}
