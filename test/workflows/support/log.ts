/** One line of act's log (`act --json`). */
export interface Entry {
  readonly msg: string
  /** the workflow command as the step wrote it */
  readonly raw?: string
  /** name of the workflow command, without the colons */
  readonly command?: string
  /** name and value of an output */
  readonly name?: string
  readonly arg?: string
  /** Markdown of the job summary */
  readonly content?: string
  /** true for what a program of the step wrote */
  readonly raw_output?: boolean
  readonly stage?: string
  readonly stepID?: readonly string[]
  readonly stepResult?: string
  readonly jobResult?: string
}

/** What one step did, or its post step. */
export interface Step {
  /** `build`, and `post build` for its post step */
  readonly id: string
  readonly result: string
  /** what its programs wrote, without workflow commands */
  readonly lines: readonly string[]
  readonly outputs: Readonly<Record<string, string>>
  /** workflow commands that GitHub shows as annotations, as they were written */
  readonly annotations: readonly string[]
  /** Markdown of its job summary */
  readonly summary: string
}

export interface Job {
  readonly exitCode: number
  readonly result: string
  /** in the order in which they began */
  readonly steps: readonly Step[]
  /** all of it, as text; values of `::add-mask::` are left out */
  readonly log: string
}

/** A line of act's output: nothing for what is not about a job. */
export function entriesOf(line: string): readonly Entry[] {
  if (!line.startsWith('{')) return line.trim() === '' ? [] : [{ msg: line }]
  return [JSON.parse(line)]
}

export function jobOf(entries: readonly Entry[], exitCode: number): Job {
  const steps = Map.groupBy(
    entries.filter(({ stepID, stage }) => stepID !== undefined && (stage === 'Main' || stage === 'Post')),
    ({ stepID = [], stage }) => (stage === 'Post' ? `post ${stepID.join('.')}` : stepID.join('.')),
  )
  return {
    exitCode,
    result: entries.find(({ jobResult }) => jobResult !== undefined)?.jobResult ?? 'none',
    steps: [...steps].map(([id, told]) => stepOf(id, told)),
    log: entries
      .filter(({ command }) => command !== 'add-mask')
      .map(({ raw, msg }) => (raw ?? msg).trimEnd())
      .join('\n'),
  }
}

const annotating = ['error', 'warning', 'notice']

const stepOf = (id: string, entries: readonly Entry[]): Step => ({
  id,
  result: entries.find(({ stepResult }) => stepResult !== undefined)?.stepResult ?? 'none',
  lines: entries.filter(({ raw_output }) => raw_output === true).map(({ msg }) => msg.trimEnd()),
  outputs: Object.fromEntries(
    entries.filter(({ command }) => command === 'set-output').map(({ name = '', arg = '' }) => [name, arg]),
  ),
  annotations: entries.filter(({ command = '' }) => annotating.includes(command)).map(({ raw = '' }) => raw.trimEnd()),
  summary: entries
    .filter(({ command }) => command === 'summary')
    .map(({ content = '' }) => content)
    .join('\n'),
})

/** A step that must be there. */
export function stepIn({ steps, log }: Job, id: string): Step {
  const step = steps.find(one => one.id === id)
  if (step === undefined) throw new Error(`there is no step ${id} in the job:\n${log}`)
  return step
}

/** By step how it ended. */
export const resultsOf = ({ steps }: Job): Readonly<Record<string, string>> =>
  Object.fromEntries(steps.map(({ id, result }) => [id, result]))

/** Text with what differs from run to run replaced: times, digests, commits and ports. */
export const steady = (text: string): string =>
  text
    .replaceAll(/sha256:[0-9a-f]+/g, 'DIGEST')
    .replaceAll(/\b[0-9a-f]{12}([0-9a-f]{28})?\b/g, 'COMMIT')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/\b(\d+ m )?\d+(\.\d)? m?s\b/g, 'TIME')
