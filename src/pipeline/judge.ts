import { type Cleared, gate, type Required } from '../gate/gate.ts'
import type { Image } from '../record/image.ts'
import { type Result, type Task, task } from '../task/task.ts'

interface Judged {
  readonly image: Task<Image>
  /** tasks that judge the digest of this image, which is of one platform */
  readonly judges: readonly Task<unknown>[]
}

/**
 * The gate as a task: it needs every image that ships and hears every verdict, however it came out. Its value exists
 * only in the process that made it: who joins a run later asks the gate again, over the parts.
 */
export function gateTask(images: readonly Judged[], aboutSource: readonly Task<unknown>[]): Task<Cleared> {
  const judges = [...aboutSource, ...images.flatMap(image => image.judges)]
  return task({
    id: 'gate',
    request: { required: judges.filter(isBlocking).map(({ id }) => id) },
    needs: Object.fromEntries(images.map(({ image }) => [image.id, image])),
    judges,
    weight: 0,
    async perform(made, scope, verdicts): Promise<Result<Cleared>> {
      const required: Required[] = [
        ...aboutSource.filter(isBlocking).map(({ id }) => ({ task: id, subject: 'source' as const })),
        ...images.flatMap(image => requiredOf(image, made[image.image.id])),
      ]
      const decision = gate({ images: Object.values(made), verdicts, required })
      if (decision.passed)
        return {
          value: decision.cleared,
          reason: `${required.length} ${required.length === 1 ? 'verdict' : 'verdicts'}`,
        }
      for (const refusal of decision.refusals) scope.say(firstLine(refusal))
      return { status: 'failed', reason: decision.refusals.map(firstLine).join('; ') }
    },
  })
}

const isBlocking = ({ kind }: Task<unknown>): boolean => kind === 'blocking'

const requiredOf = ({ judges }: Judged, image: Image | undefined): Required[] =>
  image === undefined ? [] : judges.filter(isBlocking).map(({ id }) => ({ task: id, subject: image.digest }))

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text
