import { UserError } from '../errors.ts'
import type { GitHubHost } from '../host/github.ts'
import { Cancelled } from '../pipeline/perform.ts'

/** A boolean input. @throws UserError */
export function isTrue(name: string, host: GitHubHost): boolean {
  const text = host.read(name)?.toLowerCase() ?? 'false'
  if (text !== 'true' && text !== 'false') throw new UserError(`input ${name}: found "${text}", expected true or false`)
  return text === 'true'
}

/** Aborted when the runner cancels the step: SIGINT, then SIGTERM 7.5 s later (actions/runner, ProcessInvoker). */
export function cancelSignal(): AbortSignal {
  const control = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => control.abort(new Cancelled(`cancelled by ${signal}`)))
  }
  return control.signal
}
