import type { Part } from '../record/part.ts'
import { painter } from '../report/terminal.ts'
import type { Groups } from './groups.ts'
import type { Event } from './host.ts'
import type { Watch } from './watch.ts'
import { endLines } from './wording.ts'

/**
 * Tasks run side by side, a log is one line after the other: the task in front streams live in its group, the others are
 * kept and printed whole when they end. In front is the first started that still runs.
 */
export function createStory(groups: Groups, watch: Watch): { show(event: Event): void } {
  let front: string | undefined

  const flush = (id: string): void => {
    groups.inside(id, watch.find(id)?.lines ?? [])
    watch.empty(id)
  }
  const bringForward = (): void => {
    front ??= watch.running[0]?.id
    if (front !== undefined) flush(front)
  }
  const end = (part: Part): void => {
    flush(part.task)
    groups.between(endLines(part, painter(false)))
    if (part.task === front) front = undefined
  }
  return {
    show(event) {
      watch.take(event)
      if (event.type === 'note') groups.between([event.line])
      if (event.type === 'ended') end(event.part)
      bringForward()
    },
  }
}
