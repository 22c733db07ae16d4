import { userInfo } from 'node:os'

interface Around {
  readonly env: Readonly<{ [name: string]: string | undefined }>
  say(line: string): void
}

/**
 * The name of a role's session: `[\w+=,.@-]{2,64}` (STS API reference, RoleSessionName). Anything else is made so, with
 * a notice; without a name it says which run it is.
 */
export function sessionNameOf(wanted: string | undefined, { env, say }: Around): string {
  if (wanted === undefined) return sanitise(usualName(env))
  const name = sanitise(wanted)
  if (name !== wanted) say(`role-session-name: ${wanted} is not what AWS takes; it is ${name} now`)
  return name
}

const usualName = ({ GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt = '1' }: Around['env']): string =>
  run === undefined ? `pce-${userName()}` : `GitHubActions-${run}-${attempt}`

/** A container may run with an id that no user has. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'user')
  }
}

const sanitise = (name: string): string =>
  name
    .replaceAll(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-')
