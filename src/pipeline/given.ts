import { UserError } from '../errors.ts'
import type { Part } from '../record/part.ts'
import { verdictsOf } from '../record/record.ts'
import type { Verdict } from '../record/verdict.ts'
import { hashOf, type Task } from '../task/task.ts'
import { closureOf } from './order.ts'
import { notStarted, type Outcome } from './perform.ts'
import type { Command, Plan } from './plan.ts'

type AnyTask = Task<unknown>

const noVerdict = 'no verdict in this run: do that stage before the push, or turn it off in pce.yml'

const otherQuestion = 'its verdict in this run is about other settings than those of now: do that stage again'

const otherSource = 'its verdict in this run is about another source than the image was built from: do that stage again'

const notBuilt = 'it was not built in this job, or its source is another by now'

/** Tasks that have BuildKit make an image. */
const makesImage = ({ id, needs }: AnyTask): boolean =>
  /^(build:|test-image:|bake\b)/.test(id) && needs.some(need => need.id === 'builder')

/** Tasks whose value lives in one process only, or is a right that must not outlive it: they always run. */
const alwaysRun = (task: AnyTask): boolean => /^(gate|identity|login(:pull)?|push:.*|cache:.*)$/.test(task.id)

interface Question {
  readonly command: Command
  /** the tasks that are asked for */
  readonly goals: readonly AnyTask[]
  /** what earlier commands or steps of this run left */
  readonly parts: readonly Part[]
  /** the source as it is now */
  readonly source: string
}

/**
 * Pure: which ends of earlier commands are taken over. A part is taken for the same question only, and never for what
 * is asked for now. For a push nothing is made up for: a verdict that is not there is missing, and the gate says so.
 */
export function givenFrom({ command, goals, parts, source }: Question): ReadonlyMap<string, Outcome> {
  const wanted = new Set(goals)
  const given = new Map<string, Outcome>()
  // A push ships what was built: its verdicts must be about that source, whatever the checkout is now.
  const built = parts.find(({ task }) => task.startsWith('build:'))?.source ?? source
  for (const task of closureOf(goals)) {
    if (alwaysRun(task) || wanted.has(task)) continue
    const part = parts.find(one => one.task === task.id)
    const outcome = command === 'push' ? forPush(task, part, built) : forStage(task, part, source)
    if (outcome !== undefined) given.set(task.id, outcome)
    // At the end of a job nothing is built: what it was made of is not there any more.
    else if (command === 'cache' && makesImage(task)) given.set(task.id, notStarted(task, 'skipped', notBuilt))
  }
  for (const task of idle(closureOf(goals), given)) given.set(task.id, notStarted(task, 'skipped', 'nothing is pulled'))
  return given
}

/** The login for pulls where whatever would pull is done: it would be a right without a use. */
const idle = (tasks: readonly AnyTask[], given: ReadonlyMap<string, Outcome>): readonly AnyTask[] =>
  tasks.filter(
    login => login.id === 'login:pull' && !tasks.some(task => task.needs.includes(login) && !given.has(task.id)),
  )

const takenOver = (part: Part): Outcome => (part.value === undefined ? { part } : { part, value: part.value })

function forStage(task: AnyTask, part: Part | undefined, source: string): Outcome | undefined {
  const same = part?.status === 'passed' && part.request === hashOf(task.request) && isOf(source, part)
  return same ? takenOver(part) : undefined
}

/** Tasks that look at no source: they serve whatever is built. */
const ofNoSource = new Set(['staging', 'builder', 'scanner'])

/** Whether a part was done on this source. */
export const isOf = (source: string, part: Part): boolean =>
  ofNoSource.has(part.task) || (part.source ?? source) === source

function forPush(task: AnyTask, part: Part | undefined, source: string): Outcome {
  if (task.kind !== 'work') return verdictForPush(task, part, source)
  if (part !== undefined && task.id.startsWith('build:') && part.request !== hashOf(task.request))
    throw new UserError(
      `${task.id}: the image of this run was built from other settings than those of now\n${buildFirst}`,
    )
  if (part !== undefined) return takenOver(part)
  if (task.id.startsWith('build:')) throw new UserError(`${task.id}: nothing is staged in this run\n${buildFirst}`)
  return notStarted(task, 'cancelled', 'was not done in this run')
}

function verdictForPush(task: AnyTask, part: Part | undefined, source: string): Outcome {
  if (part === undefined) return notStarted(task, 'cancelled', noVerdict)
  if (part.request !== hashOf(task.request)) return notStarted(task, 'cancelled', otherQuestion)
  return isOf(source, part) ? takenOver(part) : notStarted(task, 'cancelled', otherSource)
}

const buildFirst = 'Build first: pce build, or the build action as an earlier step of this job.'

/** Pure: verdicts of this run that no task of the plan gives now. A red one is not unsaid by leaving out its judge. */
export const heardFrom = (parts: readonly Part[], { tasks }: Pick<Plan, 'tasks'>): readonly Verdict[] =>
  verdictsOf(parts.filter(({ task }) => !tasks.some(({ id }) => id === task)))
