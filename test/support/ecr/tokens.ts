import { randomBytes } from 'node:crypto'

export type Rights = 'pull' | 'push'

/** What the registry thinks of the `Authorization` header of one request. */
export type Caller =
  | { readonly is: 'nobody'; readonly user: string }
  | { readonly is: 'invalid'; readonly user: string }
  | { readonly is: 'expired'; readonly user: string }
  | { readonly is: 'known'; readonly user: string; readonly rights: Rights }

export interface Tokens {
  /** Gives a new password for the user `AWS`, as GetAuthorizationToken does. */
  issue(rights: Rights): string
  /** Ends a password early: real ones live twelve hours. */
  expire(token: string): void
  /** Judges an `Authorization` header. */
  identify(authorization: string | undefined): Caller
}

export function createTokens(): Tokens {
  const rights = new Map<string, Rights>()
  const expired = new Set<string>()
  return {
    issue(granted) {
      const token = randomBytes(96).toString('base64')
      rights.set(token, granted)
      return token
    },
    expire(token) {
      expired.add(token)
    },
    identify(authorization) {
      const { user, password } = parseBasic(authorization)
      const granted = rights.get(password)
      if (user !== 'AWS') return { is: 'nobody', user }
      if (granted === undefined) return { is: 'invalid', user }
      return expired.has(password) ? { is: 'expired', user } : { is: 'known', user, rights: granted }
    },
  }
}

/** RFC 7617: the password begins after the first colon and may hold more of them. */
function parseBasic(authorization = ''): { user: string; password: string } {
  const [, encoded = ''] = /^basic +(\S+)$/i.exec(authorization) ?? []
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return { user, password }
}
