import type { Cleared } from '../gate/gate.ts'
import type { Staged } from '../record/image.ts'
import type { Pushed } from '../record/part.ts'
import type { Revision } from '../record/record.ts'
import type { Login } from '../registry/regctl.ts'
import { type Task, task } from '../task/task.ts'
import { pushImage } from './push.ts'
import { tagsOf } from './tags.ts'

interface Target {
  readonly name: string
  readonly image: string
  readonly registries: readonly string[]
  /** tags and tag rules */
  readonly rules: readonly string[]
}

interface Needed {
  readonly cleared: Task<Cleared>
  readonly staged: Task<Staged>
  readonly login: Task<Login>
}

/** Copies by digest, then sets the tags. The request holds the rules, not the tags: those depend on the branch. */
export const pushTask = (
  id: string,
  { rules, ...target }: Target,
  revision: Revision,
  needs: Needed,
): Task<readonly Pushed[]> =>
  task({
    id,
    request: { ...target, rules },
    needs: { ...needs },
    weight: 0,
    estimate: 5_000,
    perform: (needed, scope) => pushImage({ ...target, tags: tagsOf(rules, revision) }, needed, scope),
  })
