import { waitsFor } from '../pipeline/order.ts'
import type { Plan } from '../pipeline/plan.ts'
import type { Json, Task } from '../task/task.ts'

type AnyTask = Task<unknown>

/** Pure: the plan as a tree, from its ends to what they wait for; what was drawn before is named only. */
export function renderTree({ goals, tasks }: Plan): string {
  const drawn = new Set<AnyTask>()
  const ends = tasks.filter(task => !tasks.some(other => waitsFor(other).includes(task)))
  const roots = ends.length > 0 ? ends : goals.run
  return roots.flatMap(root => draw(root, '', '', drawn)).join('\n')
}

function draw(task: AnyTask, lead: string, indent: string, drawn: Set<AnyTask>): string[] {
  const again = drawn.has(task) && waitsFor(task).length > 0
  drawn.add(task)
  const line = `${lead}${task.id}${task.kind === 'work' ? '' : `  (${task.kind})`}${again ? '  (see above)' : ''}`
  if (again) return [line]
  const below = waitsFor(task)
  return [
    line,
    ...below.flatMap((need, index) => {
      const last = index === below.length - 1
      return draw(need, `${indent}${last ? '└─ ' : '├─ '}`, `${indent}${last ? '   ' : '│  '}`, drawn)
    }),
  ]
}

/** Pure: the plan as data. */
export const planAsJson = ({ hash, tasks }: Plan): Json => ({
  hash,
  tasks: tasks.map(({ id, kind, request, weight, deadline, needs, judges }) => ({
    id,
    kind,
    needs: needs.map(need => need.id),
    judges: judges.map(need => need.id),
    request,
    weight,
    deadline,
  })),
})
