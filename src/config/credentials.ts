import { UserError } from '../errors.ts'

/** Where inputs come from. */
export interface Inputs {
  read(name: string): string | undefined
  /** what to call an input in a message: `input username` */
  from(name: string): string
}

interface Wanted {
  readonly use: 'push' | 'pull'
  /** false where the rest can be done without, so that half of a login counts as none */
  readonly needed: boolean
  /** what to do where one of the two is empty */
  readonly advice: string
}

/** User name and password for a push or for pulls, or neither. @throws UserError when one is given without the other. */
export function credentialsOf(
  { read, from }: Inputs,
  { use, needed, advice }: Wanted,
): { readonly username: string; readonly password: string } | undefined {
  const [user, word] = use === 'push' ? ['username', 'password'] : ['pull-username', 'pull-password']
  const [username, password] = [read(user), read(word)]
  if (username !== undefined && password !== undefined) return { username, password }
  if (!needed || (username === undefined && password === undefined)) return undefined
  const [missing, given] = username === undefined ? [user, word] : [word, user]
  throw new UserError(`${from(missing)}: empty, while ${from(given)} is given\n${advice}`)
}
