import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { environment } from './act.ts'

const dist = join(import.meta.dirname, '../../../dist')

/** One step as GitHub's runner starts it: an entry of `dist`, file commands, and a job's environment. */
export interface Runner {
  readonly temporary: string
  start(entry: string, more?: NodeJS.ProcessEnv): RunningStep
  /** what a step wrote into a file command, such as GITHUB_STATE; by name */
  readCommands(name: string): Promise<Readonly<Record<string, string>>>
}

interface RunningStep {
  readonly process: ChildProcess
  /** all that it has written */
  output(): string
  /** resolves with its exit code, or the signal that ended it */
  readonly ended: Promise<number | string>
  saw(text: string): Promise<void>
}

const files = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY']

export async function openRunner(workspace: string, folder: string): Promise<Runner> {
  const temporary = join(folder, 'temp')
  await mkdir(temporary, { recursive: true })
  const commands = Object.fromEntries(files.map(name => [name, join(folder, name)]))
  for (const path of Object.values(commands)) await writeFile(path, '')
  const env = {
    ...environment(),
    ...commands,
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary,
  }
  return {
    temporary,
    start: (entry, more = {}) => startStep(join(dist, entry), { cwd: workspace, env: { ...env, ...more } }),
    async readCommands(name) {
      const text = await readFile(join(folder, name), 'utf8')
      return Object.fromEntries(
        [...text.matchAll(/^(.+)<<(.+)\n([\s\S]*?)\n\2$/gm)].map(([, key, , value]) => [key, value]),
      )
    },
  }
}

function startStep(entry: string, { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): RunningStep {
  const child = spawn(process.execPath, [entry], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const ended = once(child, 'close').then(([code, signal]: (number | string)[]) => code ?? signal ?? -1)
  const heard = new EventTarget()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      heard.dispatchEvent(new Event('data'))
    })
  const saw = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) {
      const data = new Promise(resolve => heard.addEventListener('data', resolve, { once: true }))
      const end = ended.then(code => {
        throw new Error(`ended with ${code} without "${wanted}":\n${text}`)
      })
      await Promise.race([data, end])
    }
  }
  return { process: child, output: () => text, ended, saw }
}
