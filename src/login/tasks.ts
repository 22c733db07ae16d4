import { findTokenSource } from '../github/id-token.ts'
import { isFork } from '../github/job.ts'
import type { Login } from '../registry/regctl.ts'
import { type Task, task } from '../task/task.ts'
import { asksAws, type Known, type LoginRequest, performLogin, planSignIn } from './login.ts'
import { checkIdentity } from './sign-in.ts'

/**
 * Becomes the AWS identity once at the start and lets it go: a trust policy that is wrong is told in the first seconds,
 * not after the tests, and ends the run. Nothing of it is kept but its name.
 */
export const identityTask = (request: LoginRequest): Task<Known> =>
  task({
    id: 'identity',
    request: { registries: request.registries, login: request.section },
    needs: {},
    weight: 0,
    vital: true,
    async perform(_, scope) {
      const wanted = await planSignIn(request, scope)
      if (isFork(scope.rights) && request.section['role-to-assume'] !== undefined && !findTokenSource(scope.rights))
        return { status: 'skipped', reason: 'a pull request from a fork gets no ID token, so nothing is pushed' }
      if (!asksAws(wanted)) return { value: null, reason: 'no registry of AWS asks for one' }
      const { account, arn } = await checkIdentity(wanted, {
        env: scope.rights,
        signal: scope.signal,
        say: scope.say,
        mask: scope.mask,
      })
      return { value: { account, arn }, reason: arn }
    },
  })

interface Needed {
  readonly gate: Task<unknown>
  readonly identity: Task<Known>
}

/** The login for the push. It needs the gate: no right to push exists while the app's or a test's code runs. */
export const loginTask = (request: LoginRequest, needs: Needed): Task<Login> =>
  task({
    id: 'login',
    request: { registries: request.registries, login: request.section },
    needs: { ...needs },
    weight: 0,
    perform: async (_, scope) => ({ value: await performLogin(request, scope) }),
  })
