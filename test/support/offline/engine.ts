import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Setup } from '../../../script/parts/part.ts'
import { ownGoProgram } from './go.ts'
import { HUB } from './hub.ts'

const SYS_RESOURCE = 1n << 24n

/** `daemon.json` of an engine whose Docker Hub is the stand-in; with a shim where the host lacks a capability. */
export async function engineSettings(setup: Setup): Promise<Readonly<Record<string, unknown>>> {
  const mirrors = { 'registry-mirrors': [`http://${HUB}`] }
  if (await mayRaiseLimits()) return mirrors
  const shim = join(setup.tools, 'engine', 'runc-fit')
  const present = await access(shim).then(
    () => true,
    () => false,
  )
  if (!present) await ownGoProgram(setup, join(import.meta.dirname, 'runc-fit'), shim)
  return { ...mirrors, 'default-runtime': 'fit', runtimes: { fit: { path: shim } } }
}

async function mayRaiseLimits(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8')
  const bounds = BigInt(`0x${status.match(/^CapBnd:\s*([0-9a-f]+)/m)?.[1] ?? '0'}`)
  return (bounds & SYS_RESOURCE) !== 0n
}
