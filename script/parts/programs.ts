import { mkdir, rm, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import semver from 'semver'
import { OutsideError } from '../../src/errors.ts'
import { findInstalled } from '../../src/tools/find.ts'
import productPins from '../../src/tools/pins.json' with { type: 'json' }
import { installRelease } from '../../src/tools/release.ts'
import type { Pin } from '../../src/tools/tool.ts'
import { goProgram, goVersion, isGoProgram } from '../../test/support/offline/go.ts'
import type { Found, Goal, Part, Setup } from './part.ts'
import ownPins from './pins.json' with { type: 'json' }
import { isPipProgram, pipProgram } from './pip.ts'
import { ask } from './run.ts'

const pins = { ...productPins, ...ownPins }

type Name = keyof typeof pins

interface Wanted {
  readonly name: Name
  readonly goals: readonly Goal[]
  readonly without: string
}

/** A program on its own. */
export function programPart({ name, goals, without }: Wanted): Part {
  const pin: Pin = { name, ...pins[name] }
  return {
    name,
    goals,
    without,
    async probe(setup) {
      const tool = await findInstalled(pin, setup)
      if (tool?.source === 'cache') await link(tool.path, join(setup.tools, 'bin', name))
      return tool && { how: 'found', version: tool.version, where: tool.path }
    },
    async install(setup) {
      const { path, version } = await obtain(setup, pin)
      await link(path, join(setup.tools, 'bin', name))
      return { how: 'installed', version, where: path }
    },
  }
}

/** A plugin of the docker client, which finds it in a folder of its own: `docker buildx`, `docker compose`. */
export function pluginPart({ command, ...wanted }: Wanted & { readonly command: 'buildx' | 'compose' }): Part {
  const pin: Pin = { name: wanted.name, ...pins[wanted.name] }
  return {
    ...wanted,
    name: command,
    async probe(setup) {
      const answer = (await ask(setup, 'docker', command, 'version'))?.match(/\d+\.\d+\.\d+/)?.[0]
      if (!answer || !semver.gte(answer, pin.atLeast)) return undefined
      return { how: 'found', version: answer, where: `docker ${command}` }
    },
    async install(setup): Promise<Found> {
      const { path, version } = await obtain(setup, pin)
      const plugin = join(pluginFolder(setup), wanted.name)
      await link(path, plugin)
      return { how: 'installed', version, where: plugin }
    },
  }
}

/** The pinned release, else the package registry: pip, and where Docker Hub does not answer either, Go. */
async function obtain(setup: Setup, pin: Pin): Promise<{ readonly path: string; readonly version: string }> {
  try {
    return await installRelease(pin, setup)
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    if (isPipProgram(pin.name)) return await pipProgram(setup, pin.name)
    if (!isGoProgram(pin.name) || !(await setup.offline())) throw error
    return { path: await goProgram(setup, pin.name), version: goVersion(pin.name) }
  }
}

/** As root for every Docker configuration (a job with a private one finds it too), else in the user's own. */
function pluginFolder({ env }: Setup): string {
  if (process.platform === 'linux' && process.getuid?.() === 0) return '/usr/local/lib/docker/cli-plugins'
  return join(env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), '.docker'), 'cli-plugins')
}

async function link(target: string, path: string): Promise<void> {
  if (target === path) return
  await mkdir(dirname(path), { recursive: true })
  await rm(path, { force: true })
  await symlink(target, path)
}
