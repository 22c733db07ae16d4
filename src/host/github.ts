import * as core from '@actions/core'
import { maskRecord } from '../record/masked.ts'
import type { Record } from '../record/record.ts'
import { createGroups, type Groups } from './groups.ts'
import type { Host } from './host.ts'
import { createMasker, linesOf, type Masker } from './mask.ts'
import { createStory } from './story.ts'
import { createWatch } from './watch.ts'
import { runningLine } from './wording.ts'

/** What an action needs of GitHub besides a host. */
export interface GitHubHost extends Host {
  /** an input with the spaces and line ends around it, which may belong to a secret */
  readWhole(name: string): string | undefined
  setOutput(name: string, value: string): void
  saveState(name: string, value: string): void
  /** what the main step saved, in the post step; undefined when it saved nothing */
  getState(name: string): string | undefined
  exportVariable(name: string, value: string): void
  /** for a post step, which never fails a job */
  warn(message: string): void
  /** ends the step red: exit code 1 and an error beside it */
  fail(message: string): void
}

export interface GitHubOptions {
  /** shared with whoever writes files of the run; its own when left out */
  readonly masker?: Masker
  readonly now?: () => number
  /** ms between two lines that say what is running */
  readonly beat?: number
}

/** The host of the actions: inputs, outputs, masks and the log by way of the runner. */
export function openGitHub({ masker = createMasker(), now = Date.now, beat = 30_000 }: GitHubOptions = {}): GitHubHost {
  const groups = createGroups({ print: core.info, mask: masker.apply })
  const watch = createWatch(100_000)
  const story = createStory(groups, watch)
  const timer = setInterval(() => {
    const line = runningLine(watch.running, now())
    if (line !== undefined) groups.aside(line)
  }, beat)
  timer.unref()
  const close = (): void => {
    clearInterval(timer)
    groups.close()
  }
  return {
    read: name => core.getInput(name) || undefined,
    readWhole: name => core.getInput(name, { trimWhitespace: false }) || undefined,
    mask(secret) {
      masker.add(secret)
      // The runner derives the encoded forms itself; a value of more than one line it would only find whole.
      groups.command(() => {
        for (const line of linesOf(secret)) core.setSecret(line)
      })
    },
    show: story.show,
    async end(record) {
      close()
      await report(maskRecord(record, masker.apply), groups)
    },
    close,
    ...helpers(groups, masker),
  }
}

function helpers(groups: Groups, { apply }: Masker): Omit<GitHubHost, keyof Host | 'readWhole'> {
  return {
    setOutput: (name, value) => groups.command(() => core.setOutput(name, value)),
    saveState: (name, value) => groups.command(() => core.saveState(name, value)),
    getState: name => core.getState(name) || undefined,
    exportVariable: (name, value) => groups.command(() => core.exportVariable(name, value)),
    warn: message => groups.command(() => core.warning(apply(message))),
    fail(message) {
      groups.close()
      core.setFailed(apply(message))
    },
  }
}

/** Closing text, annotations, job summary. A summary that can't be written never fails a run. */
async function report(record: Record, groups: Groups): Promise<void> {
  // Not before there is something to report: a login has nothing, and must not wait for it.
  const [{ renderAnnotations, renderCommand }, { renderSummary }, { renderTerminal }] = await Promise.all([
    import('../report/annotations.ts'),
    import('../report/summary.ts'),
    import('../report/terminal.ts'),
  ])
  groups.between(renderTerminal(record).trimEnd().split('\n'))
  for (const annotation of renderAnnotations(record)) core.info(renderCommand(annotation))
  try {
    await core.summary.addRaw(renderSummary(record, { source: sourceOf(record) })).write()
  } catch (error) {
    groups.between([`Job summary not written: ${error instanceof Error ? error.message : String(error)}`])
  }
}

function sourceOf({ revision }: Record): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env
  const { commit, prefix } = revision
  const parts = [server, repository, 'blob', commit, ...(prefix === undefined ? [] : [encodeURI(prefix)])]
  return server && repository ? parts.join('/') : undefined
}
