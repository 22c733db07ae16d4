import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere, writeWhole } from '../disk/files.ts'
import { UserError } from '../errors.ts'
import type { LoginConfig } from './config.ts'
import { renderAuths } from './login.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

/** Variables for the steps that follow. */
export interface Exported {
  readonly DOCKER_CONFIG: string
  readonly BUILDX_CONFIG: string
}

const configSchema = z.looseObject({
  auths: z.record(z.string(), z.json()).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  cliPluginsExtraDirs: z.array(z.string()).optional(),
})

/**
 * Writes a Docker configuration of its own, with the user's settings and these logins, below `base`; the user's own is
 * only read. Contexts and CLI plugins are linked, builders are found by BUILDX_CONFIG.
 */
export async function exportLogin(login: LoginConfig, base: string, env: Environment): Promise<Exported> {
  const own = env.DOCKER_CONFIG || join(homedir(), '.docker')
  const folder = join(base, `login-${randomBytes(4).toString('hex')}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeWhole(join(folder, 'config.json'), mergeConfig(await readOwn(own), login), 0o600)
  for (const name of ['contexts', 'cli-plugins']) {
    if (existsSync(join(own, name))) await symlink(join(own, name), join(folder, name))
  }
  return { DOCKER_CONFIG: folder, BUILDX_CONFIG: env.BUILDX_CONFIG || join(own, 'buildx') }
}

async function readOwn(folder: string): Promise<unknown> {
  const file = join(folder, 'config.json')
  try {
    return JSON.parse((await readIfThere(file)) ?? '{}')
  } catch (cause) {
    throw new UserError(`${file} is not JSON: mend or remove it`, { cause })
  }
}

/**
 * Pure: the user's configuration with logins added. `credsStore` goes, and so do helpers for these hosts: with them the
 * CLI would ask a program instead of reading the login (docker/cli, cli/config/configfile).
 */
function mergeConfig(own: unknown, login: LoginConfig): string {
  const { credsStore: _, credHelpers = {}, auths = {}, ...rest } = configSchema.parse(own)
  const helpers = Object.entries(credHelpers).filter(([host]) => !login.registries.includes(host))
  return JSON.stringify({
    ...rest,
    credHelpers: Object.fromEntries(helpers),
    auths: { ...auths, ...renderAuths(login.registries, login) },
  })
}
