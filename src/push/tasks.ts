import type { Cleared } from '../gate/gate.ts'
import type { Staged } from '../record/image.ts'
import type { Pushed } from '../record/part.ts'
import type { Login } from '../registry/regctl.ts'
import { type Json, type Task, task } from '../task/task.ts'
import { type PushRequest, pushImage } from './push.ts'

interface Needed {
  readonly cleared: Task<Cleared>
  readonly staged: Task<Staged>
  readonly login: Task<Login>
}

/**
 * Copies by digest, then sets the tags. `asked` is what the configuration asks for, and the task's request: the tags
 * themselves depend on the branch.
 */
export const pushTask = (id: string, request: PushRequest, asked: Json, needs: Needed): Task<readonly Pushed[]> =>
  task({
    id,
    request: asked,
    needs: { ...needs },
    weight: 0,
    estimate: 5_000,
    perform: (needed, scope) => pushImage(request, needed, scope),
  })
