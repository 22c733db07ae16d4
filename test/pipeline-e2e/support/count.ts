import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Checkout } from './checkout.ts'

export interface Counted {
  readonly PATH: string
  /** the command lines of docker so far, in the order in which they were started */
  commands(): Promise<readonly string[]>
}

/** A PATH on which each start of docker is written down before it is the real one. */
export async function countDocker(checkout: Checkout): Promise<Counted> {
  const folder = join(checkout.directory, '../counting')
  const log = join(folder, 'log')
  const docker = (await execa('sh', ['-c', 'command -v docker'])).stdout.trim()
  await checkout.write({ '../counting/docker': `#!/bin/sh\necho "$*" >> '${log}'\nexec ${docker} "$@"\n` })
  await chmod(join(folder, 'docker'), 0o755)
  return {
    PATH: `${folder}:${process.env.PATH}`,
    commands: async () => (await readFile(log, 'utf8')).trim().split('\n'),
  }
}
