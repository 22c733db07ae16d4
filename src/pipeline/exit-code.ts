import type { Part } from '../record/part.ts'

/** Pure: the exit code of what was done in one call. `cancelled`: somebody stopped it. */
export function exitCodeOf(parts: readonly Part[], cancelled: boolean): number {
  const counted = parts.filter(({ kind }) => kind !== 'advisory')
  const kinds = new Set(counted.map(({ fault }) => fault?.kind))
  if (kinds.has('bug')) return 70
  if (kinds.has('user')) return 2
  if (counted.some(({ status }) => status === 'failed')) return gateAlone(counted) ?? 1
  if (kinds.has('outside')) return 3
  if (counted.every(({ status }) => status !== 'cancelled')) return 0
  return cancelled ? 130 : 1
}

// A gate that is red only since a scanner broke or a run was cancelled does not say that the image is bad.
function gateAlone(parts: readonly Part[]): number | undefined {
  const failed = parts.filter(({ status }) => status === 'failed')
  if (failed.some(({ task }) => task !== 'gate')) return undefined
  return parts.some(({ fault }) => fault?.kind === 'outside') ? 3 : undefined
}
