import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EngineFacts, tryDocker } from '../docker/docker.ts'
import { OutsideError } from '../errors.ts'
import { failureOf } from '../program/run.ts'
import type { Scope } from '../task/scope.ts'
import { architecturesOf } from './emulation.ts'
import { binfmtImages } from './images.ts'

const folder = '/proc/sys/fs/binfmt_misc'

/**
 * The kernel's handlers by name, such as `qemu-aarch64`, that work in containers too: flag F, the interpreter is held
 * open. Undefined where they can't be seen: the engine is elsewhere or in a machine of its own, or this is a container.
 */
export async function handlersHere(
  { context }: Pick<EngineFacts, 'context'>,
  { env: { DOCKER_HOST = 'unix://' } }: Pick<Scope, 'env'>,
): Promise<readonly string[] | undefined> {
  if (process.platform !== 'linux' || context !== 'default' || !DOCKER_HOST.startsWith('unix://')) return undefined
  const names = await readdir(folder).catch((): string[] => [])
  if (!names.includes('register')) return undefined
  const texts = await Promise.all(
    names.map(async name => ({ name, text: await readFile(join(folder, name), 'utf8').catch(() => '') })),
  )
  return texts.filter(({ text }) => text.startsWith('enabled') && /^flags:.*F/m.test(text)).map(({ name }) => name)
}

/** Registers QEMU with the kernel of the engine's machine. @throws OutsideError when no source of it answers. */
export async function installQemu(platforms: readonly string[], scope: Scope): Promise<void> {
  const title = `Install QEMU for ${platforms.join(', ')}`
  scope.say(title)
  for (const [index, image] of binfmtImages.entries()) {
    const argv = ['run', '--rm', '--privileged', image, '--install', architecturesOf(platforms)]
    const end = await tryDocker(title, argv, scope, { say: scope.say })
    if (end.exitCode === 0) return
    if (index === binfmtImages.length - 1)
      throw new OutsideError(
        `${failureOf({ title, argv: ['docker'] }, end)}\nInstall QEMU on that machine (the package qemu-user-static), or build ${platforms.join(', ')} on a native runner.`,
      )
  }
}
