import { UserError } from '../errors.ts'

/** Where inputs come from. */
export interface Inputs {
  read(name: string): string | undefined
  /** what to call an input in a message: `input username` */
  from(name: string): string
}

/** User name and password for a push or for pulls, or neither. @throws UserError when one is given without the other. */
export function credentialsOf(
  { read, from }: Inputs,
  use: 'push' | 'pull' = 'push',
): { readonly username: string; readonly password: string } | undefined {
  const [user, word] = use === 'push' ? ['username', 'password'] : ['pull-username', 'pull-password']
  const [username, password] = [read(user), read(word)]
  if (username === undefined && password === undefined) return undefined
  if (username === undefined) throw new UserError(`${from(user)}  missing, while ${from(word)} is given`)
  if (password === undefined) throw new UserError(`${from(word)}  missing, while ${from(user)} is given`)
  return { username, password }
}
