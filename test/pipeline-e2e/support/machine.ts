import { chmod, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Checkout } from './checkout.ts'

const folderIn = async ({ directory }: Checkout, name: string): Promise<string> => {
  const folder = join(directory, '..', name)
  await mkdir(folder, { recursive: true })
  return folder
}

const whereIs = async (program: string): Promise<string> =>
  (await execa('sh', ['-c', `command -v ${program}`])).stdout.trim()

/** A PATH with these programs and no other. */
export async function pathWith(checkout: Checkout, programs: readonly string[]): Promise<string> {
  const folder = await folderIn(checkout, 'bin')
  for (const program of programs) await symlink(await whereIs(program), join(folder, program))
  return folder
}

/** Environment in which docker says of a plugin what it says where that is not installed. */
export async function withoutPlugin(checkout: Checkout, plugin: string): Promise<{ DOCKER_CONFIG: string }> {
  const folder = await folderIn(checkout, 'docker')
  await checkout.write({ [`../docker/cli-plugins/docker-${plugin}`]: `#!/bin/sh\nexit 1\n` })
  await chmod(join(folder, 'cli-plugins', `docker-${plugin}`), 0o755)
  return { DOCKER_CONFIG: folder }
}

// Part of every Linux, and no program of a package.
const programs = { mount: 'mount', umount: 'umount' } as const

/** Mounting needs root, and Linux. */
export const mayMount = process.platform === 'linux' && process.getuid?.() === 0

const mounted = async (folder: string, ...argv: readonly string[]): Promise<AsyncDisposable> => {
  await execa(programs.mount, [...argv, folder])
  return { [Symbol.asyncDispose]: async () => void (await execa(programs.umount, [folder])) }
}

/** Makes a folder a file system of this size, such as `48k`, until it is disposed. */
export async function smallDisk(folder: string, size: string): Promise<AsyncDisposable> {
  await mkdir(folder)
  return mounted(folder, '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs')
}

/** Makes a folder read-only until it is disposed. */
export async function readOnly(folder: string): Promise<AsyncDisposable> {
  const bound = await mounted(folder, '--bind', folder)
  await execa(programs.mount, ['-o', 'remount,ro,bind', folder])
  return bound
}
