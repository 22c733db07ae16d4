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

/** A tiny file system or a read-only view, for those who may mount one; undefined for all others. */
export async function mounted(...argv: readonly string[]): Promise<AsyncDisposable | undefined> {
  const { failed } = await execa('mount', argv, { reject: false })
  if (failed) return undefined
  return { [Symbol.asyncDispose]: async () => void (await execa('umount', [argv.at(-1) ?? ''])) }
}
