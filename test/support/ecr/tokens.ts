import { randomBytes } from 'node:crypto'

/** `none` may log in, and nothing more. */
export type Rights = 'none' | 'pull' | 'push'

/** What the registry thinks of the `Authorization` header of one request. */
export type Caller =
  | { readonly is: 'nobody'; readonly user: string }
  | { readonly is: 'invalid'; readonly user: string }
  | { readonly is: 'expired'; readonly user: string }
  | { readonly is: 'known'; readonly user: string; readonly rights: Rights }

export interface Tokens {
  /** Gives a new password for the user `AWS`, as GetAuthorizationToken does. It lives for ever without an end. */
  issue(rights: Rights, ends?: Date): string
  /** All passwords that were given. */
  all(): readonly string[]
  /** Ends a password early: real ones live twelve hours. */
  expire(token: string): void
  /** Judges an `Authorization` header. */
  identify(authorization: string | undefined): Caller
}

/** Registries of one region know each other's passwords: they share these. */
export function createTokens(): Tokens {
  const rights = new Map<string, Rights>()
  const ends = new Map<string, number>()
  return {
    issue(granted, end) {
      const token = randomBytes(96).toString('base64')
      rights.set(token, granted)
      if (end) ends.set(token, end.getTime())
      return token
    },
    all: () => [...rights.keys()],
    expire(token) {
      ends.set(token, 0)
    },
    identify(authorization) {
      const { user, password } = parseBasic(authorization)
      const granted = rights.get(password)
      if (user !== 'AWS') return { is: 'nobody', user }
      if (granted === undefined) return { is: 'invalid', user }
      return (ends.get(password) ?? Number.POSITIVE_INFINITY) <= Date.now()
        ? { is: 'expired', user }
        : { is: 'known', user, rights: granted }
    },
  }
}

/** RFC 7617: the password begins after the first colon and may hold more of them. */
function parseBasic(authorization = ''): { user: string; password: string } {
  const [, encoded = ''] = /^basic +(\S+)$/i.exec(authorization) ?? []
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return { user, password }
}
