import { OutsideError } from '../errors.ts'
import { runProgram } from '../program/run.ts'
import { argvOf } from '../schema/fields.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import type { Check } from './config.ts'

/** `sh` and `env` give these when a command is not there or may not be run (POSIX, "Exit Status for Commands"). */
const cannotRun = new Set([126, 127])

/**
 * Runs a check in the checkout. Exit code 0 passes, any other fails.
 * @throws OutsideError when the command can't be run: a check that could not look is not a check that said no.
 */
export async function runCheck(name: string, check: Check, scope: Scope): Promise<Result<{ exitCode: number }>> {
  const program = {
    title: `Check ${name}`,
    argv: argvOf(check.run),
    cwd: scope.context,
    env: scope.env,
    signal: scope.signal,
    say: scope.say,
  }
  const { exitCode, signal, stderr } = await runProgram(program)
  if (exitCode === 0) return { value: { exitCode } }
  if (exitCode !== undefined && cannotRun.has(exitCode)) {
    throw new OutsideError(
      `Check ${name} can't be run: ${stderr.trim().split('\n').at(-1)}\nInstall what it needs before this step.`,
    )
  }
  const how = exitCode === undefined ? `ended by ${signal}` : `exit code ${exitCode}`
  return { status: 'failed', reason: how }
}
