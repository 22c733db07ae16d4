import { constants } from 'node:fs'
import { access, readdir, realpath } from 'node:fs/promises'
import { delimiter, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { execa } from 'execa'
import semver from 'semver'
import pins from './pins.json' with { type: 'json' }
import { installRelease } from './release.ts'
import { type FindOptions, type Pin, type Tool, toolsFolder } from './tool.ts'

export type { FindOptions, Tool } from './tool.ts'

export type ToolName = keyof typeof pins

/**
 * Finds a program that a stage runs, in the order in which a user would expect it: the one on PATH when its version
 * serves, one that an earlier run kept, else the pinned release, whose SHA-256 is checked before anything runs it.
 * Throws OutsideError with what was tried and what to do.
 */
export async function findTool(name: ToolName, options: FindOptions): Promise<Tool> {
  return await findPinned({ name, ...pins[name] }, options)
}

/** The same for any pin. */
export async function findPinned(pin: Pin, options: FindOptions): Promise<Tool> {
  return (await findInstalled(pin, options)) ?? (await installRelease(pin, options))
}

/** The program on PATH or in the tools folder, if one of them serves; nothing is downloaded. */
export async function findInstalled(pin: Pin, options: FindOptions): Promise<Tool | undefined> {
  return (await findOnPath(pin, options)) ?? (await findInFolder(pin, options))
}

async function findOnPath(pin: Pin, options: FindOptions): Promise<Tool | undefined> {
  for (const folder of (options.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, pin.name)
    if (!(await isProgram(resolve(options.context ?? '', path)))) continue
    if (await isOfRepository(folder, options)) {
      options.say(`Not used: ${path} (PATH leads into the repository, which must not choose its own judge)`)
      continue
    }
    const kept = await keptVersion(pin, path, options)
    const version = kept ?? (await askVersion(pin, path, options))
    if (version && semver.gte(version, pin.atLeast))
      return { name: pin.name, path, version, source: kept ? 'cache' : 'path' }
    options.say(`Not used: ${path} (version ${version ?? 'unknown'}, needed is ${pin.atLeast} or newer)`)
  }
  return undefined
}

/** A relative folder is whatever the checkout has there; a link may lead into it or out of it, and both count. */
async function isOfRepository(folder: string, { context }: FindOptions): Promise<boolean> {
  if (!isAbsolute(folder)) return true
  if (context === undefined) return false
  const real = await Promise.all([folder, context].map(path => realpath(path).catch(() => path)))
  return [relative(context, folder), relative(real[1] ?? context, real[0] ?? folder)].some(
    way => way !== '..' && !way.startsWith(`..${sep}`),
  )
}

async function findInFolder(pin: Pin, { env }: FindOptions): Promise<Tool | undefined> {
  const folder = join(toolsFolder(env), pin.name)
  const versions = (await readdir(folder).catch(() => [])).filter(
    version => semver.valid(version) && semver.gte(version, pin.atLeast),
  )
  for (const version of semver.rsort(versions)) {
    const path = join(folder, version, pin.name)
    if (await isProgram(path)) return { name: pin.name, path, version, source: 'cache' }
  }
  return undefined
}

/** The version in a kept program's path, `<tools>/trivy/0.74.0/trivy`: saves starting a large program to ask it. */
async function keptVersion(pin: Pin, path: string, { env }: FindOptions): Promise<string | undefined> {
  const folder = await realpath(join(toolsFolder(env), pin.name)).catch(() => undefined)
  if (!folder) return undefined
  const [version] = relative(folder, await realpath(path)).split(sep)
  return semver.valid(version) ?? undefined
}

async function askVersion(pin: Pin, path: string, { env, signal }: FindOptions): Promise<string | undefined> {
  const { stdout, stderr } = await execa(path, pin.versionArgs, {
    env: { ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 10_000,
    cancelSignal: signal,
  })
  signal.throwIfAborted()
  return `${stdout}\n${stderr}`.match(/\d+\.\d+\.\d+/)?.[0]
}

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
