import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Entry, entriesOf, type Job, jobOf } from './log.ts'

/** What a workflow runs in. */
export interface Place {
  /** the Git repository with the workflow */
  readonly repository: string
  /** folder that stands for the repository `org/pce-actions` at `v1` */
  readonly actions: string
  /** for act's own copies: workspace, RUNNER_TEMP, file commands */
  readonly cache: string
  /** `vars` and `secrets` of the repository, as dotenv files */
  readonly variables: string
  readonly secrets: string
}

export interface RunningJob {
  /** resolves when a line of the log holds this text; rejects when the job ends before */
  saw(text: string): Promise<void>
  /** what Ctrl-C at a terminal does: SIGINT to act and to all that it runs */
  interrupt(): void
  readonly ended: Promise<Job>
  /** interrupts it if it still runs, and waits until it has ended */
  [Symbol.asyncDispose](): Promise<void>
}

/** act's own masking is off: what is not in the log is not there since the actions keep it out. */
const argvOf = ({ repository, actions, cache, variables, secrets }: Place): string[] => [
  'push',
  '--platform=ubuntu-latest=-self-hosted',
  `--directory=${repository}`,
  `--local-repository=org/pce-actions@v1=${actions}`,
  `--action-cache-path=${cache}`,
  `--var-file=${variables}`,
  `--secret-file=${secrets}`,
  '--action-offline-mode',
  '--container-daemon-socket=-',
  '--insecure-secrets',
  '--json',
  '--no-cache-server',
  '--pull=false',
]

/** Runs the workflow of a repository for a push, with act, on this machine; its steps are real processes here. */
export function startJob(place: Place): RunningJob {
  const child = spawn('act', argvOf(place), {
    // act reads .env, .input and .actrc where it is started: none are there.
    cwd: place.cache,
    detached: true,
    env: { ...environment(), XDG_CONFIG_HOME: place.cache },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const entries: Entry[] = []
  const waiting = new Set<{ text: string; resolve(): void; reject(error: Error): void }>()
  const take = (line: string): void => {
    entries.push(...entriesOf(line))
    for (const one of [...waiting].filter(({ text }) => line.includes(text))) {
      waiting.delete(one)
      one.resolve()
    }
  }
  const ended = endOf(child, take).then(exitCode => {
    const job = jobOf(entries, exitCode)
    for (const { text, reject } of waiting) reject(new Error(`the job ended without "${text}":\n${job.log}`))
    return job
  })
  const interrupt = (): void => void process.kill(-(child.pid ?? 0), 'SIGINT')
  return {
    saw: text => new Promise((resolve, reject) => void waiting.add({ text, resolve, reject })),
    interrupt,
    ended,
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) interrupt()
      await ended.catch(() => {})
    },
  }
}

function endOf(child: ChildProcess, take: (line: string) => void): Promise<number> {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', take)
  }
  return new Promise((resolve, reject) => {
    child.once('close', code => resolve(code ?? -1))
    child.once('error', cause =>
      reject(new Error(`act: ${cause.message}; run script/setup, then . script/env.sh`, { cause })),
    )
  })
}

/** This process's environment without what jest or a runner adds: the job must not see the runner around it. */
export function environment(): NodeJS.ProcessEnv {
  const own = /^(GITHUB_|RUNNER_|ACTIONS_|INPUT_|STATE_|JEST_|NODE_(ENV|OPTIONS)$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)))
}
