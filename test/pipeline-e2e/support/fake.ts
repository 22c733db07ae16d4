import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Checkout } from './checkout.ts'

/** Puts a Trivy on PATH that fetches its database and then says this in place of a report. Gives the PATH. */
export async function fakeTrivy(checkout: Checkout, says: string): Promise<string> {
  const script = `#!/bin/sh
case "$*" in
  --version) echo 'Version: 0.74.0' ;;
  *--download-db-only*) ;;
  *) ${says} ;;
esac
`
  await checkout.write({ '../bin/trivy': script })
  const folder = join(checkout.directory, '../bin')
  await chmod(join(folder, 'trivy'), 0o755)
  return `${folder}:${process.env.PATH}`
}

/** Text that does not compress. */
export const noise = (bytes: number): string => {
  let state = 1
  return Array.from({ length: bytes }, () => {
    state = (state * 48_271) % 2_147_483_647
    return String.fromCharCode(33 + (state % 90))
  }).join('')
}
