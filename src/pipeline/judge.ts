import { type Cleared, type Decision, gate, type Required } from '../gate/gate.ts'
import type { Image } from '../record/image.ts'
import type { Subject } from '../record/verdict.ts'
import type { Scope } from '../task/scope.ts'
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
      return resultOf(decision, `${required.length} ${required.length === 1 ? 'verdict' : 'verdicts'}`, scope)
    },
  })
}

const unasked = 'no verdict was asked for: nothing scanned or tested this image'

/**
 * The gate of a build that pushes by itself. It asks for no verdict, and hears all that the run gave before about this
 * source and about the digests that were made now: a red one is not unsaid by pushing from another step.
 */
export const unaskedGateTask = (images: readonly Pick<Judged, 'image'>[]): Task<Cleared> =>
  task({
    id: 'gate',
    request: { required: [] },
    needs: Object.fromEntries(images.map(({ image }) => [image.id, image])),
    weight: 0,
    async perform(made, scope, heard): Promise<Result<Cleared>> {
      const all = Object.values(made)
      const subjects: ReadonlySet<Subject> = new Set(['source', ...all.map(({ digest }) => digest)])
      // What was cancelled has judged nothing; what it was cancelled for is red itself.
      const verdicts = heard.filter(({ subject, status }) => subjects.has(subject) && status !== 'cancelled')
      const decision = gate({ images: all, verdicts, required: [], unasked: true })
      const isJudged = verdicts.some(({ subject, status }) => subject !== 'source' && status === 'passed')
      if (decision.passed && !isJudged) scope.say(unasked)
      return resultOf(decision, isJudged ? 'the verdicts of this run' : unasked, scope)
    },
  })

function resultOf(decision: Decision, reason: string, { say }: Scope): Result<Cleared> {
  if (decision.passed) return { value: decision.cleared, reason }
  for (const refusal of decision.refusals) say(firstLine(refusal))
  return { status: 'failed', reason: decision.refusals.map(firstLine).join('; ') }
}

const isBlocking = ({ kind }: Task<unknown>): boolean => kind === 'blocking'

const requiredOf = ({ judges }: Judged, image: Image | undefined): Required[] =>
  image === undefined ? [] : judges.filter(isBlocking).map(({ id }) => ({ task: id, subject: image.digest }))

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text
