import { readFile } from 'node:fs/promises'
import { OutsideError } from '../../src/errors.ts'
import type { Setup } from './part.ts'
import { run } from './run.ts'

/** Installs Debian or Ubuntu packages; only as root there, since nothing else is ours to change. */
export async function aptInstall(setup: Setup, packages: readonly string[]): Promise<void> {
  if (!(await mayInstall())) {
    throw new OutsideError(`${packages.join(', ')}: installed only as root on Debian or Ubuntu. Install it yourself.`)
  }
  setup.say(`Installing with apt-get: ${packages.join(' ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...packages] as const
  // The package lists of a fresh image are missing or old: they are fetched when the first try fails.
  await run(setup, { argv: [...install], env }).catch(async () => {
    setup.signal.throwIfAborted()
    await run(setup, { argv: ['apt-get', 'update'], env })
    await run(setup, { argv: [...install], env })
  })
}

async function mayInstall(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release)
}
