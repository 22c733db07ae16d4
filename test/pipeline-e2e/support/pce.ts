import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { type Record as RunRecord, recordSchema } from '../../../src/record/record.ts'

/** The built program, as users have it; `PCE_PROGRAM` names another build. */
export const program = process.env.PCE_PROGRAM ?? join(import.meta.dirname, '../../../dist/pce.js')

/** A checkout, and where its runs are. */
export interface Place {
  readonly directory: string
  readonly state: string
}

/** How a command ended. */
export interface Ended {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** the run's id; empty when none was opened */
  readonly id: string
  /** folder of the run */
  readonly directory: string
  /** `run.json` as it was left; undefined when there is none */
  readonly record: RunRecord | undefined
}

/** A command that runs. */
export interface Running {
  readonly pid: number
  /** resolves when standard error has said this; rejects when the command ended before */
  says(text: string | RegExp): Promise<void>
  /** what a terminal does at Ctrl-C: the signal to the whole foreground group */
  interrupt(): void
  kill(): void
  readonly ended: Promise<Ended>
}

type Environment = Readonly<Record<string, string | undefined>>

// What the job that runs these tests has of its own would change what the program does; the image is the machine's.
const ambient = /^(GITHUB_.*|RUNNER_.*|ACTIONS_.*|PCE_(?!BUILDKIT_IMAGE$).*|CI|FORCE_COLOR|NO_COLOR|NODE_OPTIONS)$/
const quiet = Object.fromEntries(
  Object.keys(process.env)
    .filter(name => ambient.test(name))
    .map(name => [name, undefined]),
)

export function startPce(checkout: Place, argv: readonly string[], env: Environment = {}): Running {
  const child = execa(process.execPath, [program, ...argv], {
    cwd: checkout.directory,
    env: { ...quiet, XDG_STATE_HOME: checkout.state, ...env },
    reject: false,
    detached: true,
    stdin: 'ignore',
    stripFinalNewline: false,
  })
  const pid = child.pid ?? 0
  let heard = ''
  child.stderr.on('data', chunk => {
    heard += chunk
  })
  let over = false
  const ended = child.then(({ exitCode, stdout, stderr }) => {
    over = true
    return endOf(checkout, { exitCode, stdout, stderr })
  })
  return {
    pid,
    ended,
    async says(text) {
      const said = () => (typeof text === 'string' ? heard.includes(text) : text.test(heard))
      while (!said()) {
        if (over) throw new Error(`ended without saying ${text}:\n${heard}`)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    interrupt: () => process.kill(-pid, 'SIGINT'),
    kill: () => process.kill(pid, 'SIGKILL'),
  }
}

export const pce = (checkout: Place, argv: readonly string[], env: Environment = {}): Promise<Ended> =>
  startPce(checkout, argv, env).ended

async function endOf(checkout: Place, end: Pick<Ended, 'exitCode' | 'stdout' | 'stderr'>): Promise<Ended> {
  const id = /Plan [0-9a-f]{16}, run ([0-9a-f]{8})/.exec(end.stderr)?.[1] ?? ''
  const directory = join(baseOf(checkout), id)
  const text = id === '' ? undefined : await readFile(join(directory, 'run.json'), 'utf8').catch(() => undefined)
  return { ...end, id, directory, record: text === undefined ? undefined : recordSchema.parse(JSON.parse(text)) }
}

/** The run of a checkout that was opened last; a checkout of a test has one as a rule. */
export async function lastRun(checkout: Place): Promise<Pick<Ended, 'id' | 'directory' | 'record'>> {
  const base = baseOf(checkout)
  const [id = ''] = (await readdir(base)).filter(name => /^[0-9a-f]{8}$/.test(name))
  const directory = join(base, id)
  return { id, directory, record: recordSchema.parse(JSON.parse(await readFile(join(directory, 'run.json'), 'utf8'))) }
}

/** Folder of the runs of a checkout. */
function baseOf({ directory, state }: Place): string {
  return join(state, 'pce', `web-${createHash('sha256').update(directory).digest('hex').slice(0, 8)}`)
}
