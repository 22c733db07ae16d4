import { UserError } from '../errors.ts'
import type { Part } from '../record/part.ts'
import { hashOf, type Task } from '../task/task.ts'
import { closureOf } from './order.ts'
import { notStarted, type Outcome } from './perform.ts'
import type { Command } from './plan.ts'

type AnyTask = Task<unknown>

const noVerdict = 'no verdict in this run: do that stage before the push, or turn it off in pce.yml'

const otherQuestion = 'its verdict in this run is about other settings than those of now: do that stage again'

/** Tasks whose value lives in one process only, or is a right that must not outlive it: they always run. */
const alwaysRun = (task: AnyTask): boolean => /^(gate|identity|login|push:.*|cache:.*)$/.test(task.id)

interface Question {
  readonly command: Command
  /** the tasks that are asked for */
  readonly goals: readonly AnyTask[]
  /** what earlier commands or steps of this run left */
  readonly parts: readonly Part[]
}

/**
 * Pure: which ends of earlier commands are taken over. A part is taken for the same question only, and never for what
 * is asked for now. For a push nothing is made up for: a verdict that is not there is missing, and the gate says so.
 */
export function givenFrom({ command, goals, parts }: Question): ReadonlyMap<string, Outcome> {
  const wanted = new Set(goals)
  const given = new Map<string, Outcome>()
  for (const task of closureOf(goals)) {
    if (alwaysRun(task) || wanted.has(task)) continue
    const part = parts.find(one => one.task === task.id)
    const outcome = command === 'push' ? forPush(task, part) : forStage(task, part)
    if (outcome !== undefined) given.set(task.id, outcome)
  }
  return given
}

const takenOver = (part: Part): Outcome => (part.value === undefined ? { part } : { part, value: part.value })

function forStage(task: AnyTask, part: Part | undefined): Outcome | undefined {
  const same = part !== undefined && part.status === 'passed' && part.request === hashOf(task.request)
  return same ? takenOver(part) : undefined
}

function forPush(task: AnyTask, part: Part | undefined): Outcome {
  if (part !== undefined && task.kind !== 'work' && part.request !== hashOf(task.request))
    return notStarted(task, 'cancelled', otherQuestion)
  if (part !== undefined) return takenOver(part)
  if (task.kind !== 'work') return notStarted(task, 'cancelled', noVerdict)
  if (task.id.startsWith('build:'))
    throw new UserError(
      `${task.id}: nothing is staged in this run\nBuild first: pce build, or the build action as an earlier step of this job.`,
    )
  return notStarted(task, 'cancelled', 'was not done in this run')
}
