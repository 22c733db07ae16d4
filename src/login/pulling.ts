import { OutsideError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import type { Result, Task } from '../task/task.ts'
import type { PullLogin } from './pull.ts'

/**
 * A task whose programs pull: it waits for the login, and they get it. As it is where nothing private is pulled. Without
 * a right to log in it is tried all the same; a refusal then says why there was none.
 */
export function pulling<T>(inner: Task<T>, login: Task<PullLogin> | undefined): Task<T> {
  if (login === undefined) return inner
  return {
    ...inner,
    needs: [...inner.needs, login],
    perform(given, scope) {
      const { env, missing } = given.value(login)
      const performed = inner.perform(given, withEnvironment(scope, env))
      return missing === undefined ? performed : explained(performed, missing)
    },
  }
}

const withEnvironment = (scope: Scope, env: PullLogin['env']): Scope => ({ ...scope, env: { ...scope.env, ...env } })

async function explained<T>(performed: Promise<Result<T>>, missing: string): Promise<Result<T>> {
  try {
    const result = await performed
    return result.status === 'failed' && isRefusal(result.reason)
      ? { ...result, reason: withReason(result.reason, missing) }
      : result
  } catch (error) {
    if (error instanceof OutsideError && isRefusal(error.message))
      throw new OutsideError(withReason(error.message, missing), { cause: error })
    throw error
  }
}

const isRefusal = (text: string): boolean => /\b40[13]\b|unauthorized|denied|forbidden|no basic auth/i.test(text)

const withReason = (text: string, missing: string): string => `${text}\nNo login for pulls: ${missing}`
