import { createHmac, randomBytes } from 'node:crypto'
import { type Answer, blobError } from './answer.ts'
import { isSame } from './tokens.ts'

/** What a signed URL permits: `r` read, `cw` create and write. */
type Permission = 'r' | 'cw'

export interface Signing {
  /** Path and query for one blob; `lifetime` in seconds. */
  sign(path: string, permission: Permission, lifetime: number): string
  /** Why a request with this URL is refused; undefined when it is not. */
  refuse(url: URL, permission: Permission): Answer | undefined
}

/** Signs URLs as a service SAS does ("Create a service SAS", Azure Storage): permission, end and path are signed. */
export function createSigning(now: () => number): Signing {
  const secret = randomBytes(32)
  const signatureOf = (...parts: readonly string[]): string =>
    createHmac('sha256', secret).update(parts.join('\n')).digest('base64')
  return {
    sign(path, permission, lifetime) {
      const end = `${new Date(now() + lifetime * 1000).toISOString().slice(0, 19)}Z`
      const sig = signatureOf(path, permission, end)
      return `${path}?${new URLSearchParams({ sv: '2025-01-05', sr: 'b', sp: permission, se: end, sig })}`
    },
    refuse({ pathname, searchParams }, permission) {
      const [sp = '', se = '', sig = ''] = ['sp', 'se', 'sig'].map(name => searchParams.get(name) ?? '')
      if (!isSame(sig, signatureOf(pathname, sp, se))) return forbidden('Signature did not match')
      if (now() >= Date.parse(se)) return forbidden('Signature not valid in the specified time frame')
      if (sp === permission) return undefined
      return blobError(403, 'AuthorizationPermissionMismatch', 'This request is not authorized with this permission.')
    },
  }
}

const forbidden = (detail: string): Answer =>
  blobError(403, 'AuthenticationFailed', `Server failed to authenticate the request. ${detail}.`)
