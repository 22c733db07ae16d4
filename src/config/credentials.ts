import { UserError } from '../errors.ts'
import { type LoginConfig, loginConfigSchema } from '../login/config.ts'
import { complaintsOf } from './complaint.ts'
import { messageOf, renderFaults } from './fault.ts'
import { overridesOf } from './inputs.ts'
import { splitList, treeOf } from './override.ts'
import { merge, valueAt } from './tree.ts'
import { expectation } from './wording.ts'

interface Inputs {
  read(name: string): string | undefined
  /** what to call an input in a message: `input username` */
  from(name: string): string
}

/** The inputs of the login action. @throws UserError with everything that is wrong; no value of a secret is in it. */
export function loginOf({ read, from }: Inputs): LoginConfig {
  const registries = read('registries')
  const sections = overridesOf('login', read, from).map(treeOf)
  const given = {
    registries: registries === undefined ? undefined : splitList(registries),
    username: read('username'),
    password: read('password'),
    'export-credentials': read('export-credentials')?.toLowerCase(),
    section: valueAt(
      sections.reduce<unknown>((all, one) => ('tree' in one ? merge(all, one.tree) : all), { login: {} }),
      ['login'],
    ),
  }
  const parsed = loginConfigSchema.safeParse(given, { error: expectation })
  const faults = [
    ...sections.flatMap(one => ('fault' in one ? [one.fault] : [])),
    ...(parsed.error?.issues ?? []).flatMap(complaintsOf).map(complaint => ({
      path: [],
      from: from(String(complaint.path[0] === 'section' ? complaint.path[1] : complaint.path[0])),
      message: messageOf(complaint, given, complaint.path),
    })),
  ]
  if (parsed.success && faults.length === 0) return parsed.data
  throw new UserError(renderFaults(faults, { file: undefined, locate: () => undefined }))
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
