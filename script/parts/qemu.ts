import { access, readFile } from 'node:fs/promises'
import { OutsideError } from '../../src/errors.ts'
import { aptInstall } from './apt.ts'
import type { Found, Part, Setup } from './part.ts'
import { ask, run } from './run.ts'

const HANDLERS = '/proc/sys/fs/binfmt_misc'
const [architecture, platform] = process.arch === 'arm64' ? ['x86_64', 'amd64'] : ['aarch64', 'arm64']
const HANDLER = `${HANDLERS}/qemu-${architecture}`

/** tonistiigi/binfmt qemu-v10.2.3: registers the handlers through the engine, without root. */
const BINFMT = 'tonistiigi/binfmt@sha256:400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0'

export const qemu: Part = {
  name: 'QEMU handlers',
  goals: ['test'],
  without: `linux/${platform} images can't be built or run here; tests that need it are skipped`,
  async probe() {
    if (process.platform !== 'linux') return { how: 'found', version: 'builtin', where: 'the engine’s own machine' }
    return await registered('found')
  },
  async install(setup) {
    await ((await setup.offline()) ? registerDebian(setup) : registerByEngine(setup))
    const found = await registered('installed')
    if (!found) throw new OutsideError(`the kernel has no handler ${HANDLER} although it was registered`)
    return found
  },
}

async function registerByEngine(setup: Setup): Promise<void> {
  await run(setup, { argv: ['docker', 'run', '--privileged', '--rm', BINFMT, '--install', platform] })
}

async function registerDebian(setup: Setup): Promise<void> {
  if (!(await ask(setup, 'update-binfmts', '--version')))
    await aptInstall(setup, ['qemu-user-static', 'binfmt-support'])
  const mounted = await access(`${HANDLERS}/register`).then(
    () => true,
    () => false,
  )
  if (!mounted) await run(setup, { argv: ['mount', '-t', 'binfmt_misc', 'binfmt_misc', HANDLERS] })
  await run(setup, { argv: ['update-binfmts', '--enable', `qemu-${architecture}`] })
}

/** Flag F: the kernel holds the interpreter open, so that it also runs inside a container that lacks it. */
async function registered(how: Found['how']): Promise<Found | undefined> {
  const text = await readFile(HANDLER, 'utf8').catch(() => '')
  if (!text.startsWith('enabled') || !/^flags:.*F/m.test(text)) return undefined
  return { how, version: `linux/${platform}`, where: text.match(/^interpreter (.*)$/m)?.[1] ?? HANDLER }
}
