import type { Login } from '../registry/regctl.ts'
import { type Task, task } from '../task/task.ts'
import { writeLogin } from './login.ts'

/** The login for the push. It needs the gate: no right to push exists while the app's or a test's code runs. */
export const loginTask = (registries: readonly string[], gate: Task<unknown>): Task<Login> =>
  task({
    id: 'login',
    request: { registries },
    needs: { gate },
    weight: 0,
    perform: async (_, scope) => ({ value: await writeLogin(registries, scope.credentials(), scope) }),
  })
