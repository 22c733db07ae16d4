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
    return withReason(await performed, missing)
  } catch (error) {
    if (error instanceof OutsideError && isRefusal(error.message))
      throw new OutsideError(addTo(error.message, missing), { cause: error })
    throw error
  }
}

function withReason<T>(result: Result<T>, missing: string): Result<T> {
  if (result.status === 'failed' && isRefusal(result.reason))
    return { ...result, reason: addTo(result.reason, missing) }
  if (result.status === 'broken' && isRefusal(result.fault.message))
    return { ...result, fault: { ...result.fault, message: addTo(result.fault.message, missing) } }
  return result
}

const isRefusal = (text: string): boolean => /\b40[13]\b|unauthorized|denied|forbidden|no basic auth/i.test(text)

const addTo = (text: string, missing: string): string => `${text}\nNo login for pulls: ${missing}`
