import { basename } from 'node:path'
import { execa } from 'execa'
import { OutsideError } from '../errors.ts'
import { watchSilence } from './silence.ts'

/** A program to run: argv, never a shell string. */
export interface Program {
  /** what it is for, in the words of a message: "Build web" */
  readonly title: string
  readonly argv: readonly string[]
  readonly cwd?: string
  /** the whole environment; nothing of this process's leaks in */
  readonly env: Readonly<Record<string, string | undefined>>
  /** aborted: SIGTERM to the whole process group, SIGKILL once the program has ended, or five seconds later */
  readonly signal?: AbortSignal
  /** ms without a byte read or written after which it is ended; undefined for as long as it likes */
  readonly silence?: number
  /** given on standard input, such as a password */
  readonly input?: string
  /** gets each line of both streams as it comes */
  readonly say?: (line: string, stream: 'stdout' | 'stderr') => void
}

/** How a program ended. `exitCode` is undefined when a signal ended it. */
export interface Ended {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  readonly stdout: string
  readonly stderr: string
  /** ms */
  readonly duration: number
}

/** There is no such program on PATH. */
export class NoProgramError extends OutsideError {}

/** The program moved no byte for as long as it may. */
export class SilentError extends OutsideError {}

const grace = 5_000

/**
 * Runs a program in a process group of its own, so that a cancel reaches what it started too. Any exit code is a value.
 * @throws OutsideError when the program can't be started; the signal's reason when it was aborted; SilentError.
 */
export async function runProgram(program: Program): Promise<Ended> {
  const { silence } = program
  if (silence === undefined) return run(program)
  const limit = new AbortController()
  const { signal = limit.signal } = program
  const said = `${program.title}: ${basename(program.argv[0] ?? '')} moved no byte for ${silence / 1000} s`
  return run({ ...program, signal: AbortSignal.any([signal, limit.signal]) }, pid =>
    watchSilence(pid, silence, () => limit.abort(new SilentError(said))),
  )
}

async function run(program: Program, watch?: (pid: number) => Disposable): Promise<Ended> {
  const { argv, cwd, env, signal, input, say } = program
  signal?.throwIfAborted()
  const [file = '', ...args] = argv
  const child = execa(file, args, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    env,
    extendEnv: false,
    reject: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    killDescendants: true,
    forceKillAfterDelay: grace,
    stripFinalNewline: true,
    maxBuffer: 100_000_000,
    stdout: listener(say, 'stdout'),
    stderr: listener(say, 'stderr'),
  })
  using _ = child.pid === undefined ? undefined : watch?.(child.pid)
  const end = await child
  if (signal?.aborted) killGroup(child.pid)
  signal?.throwIfAborted()
  if (end.isMaxBuffer) throw new OutsideError(`${program.title}: ${file} wrote more than 100 MB, and was ended`)
  if (end.exitCode === undefined && end.signal === undefined) {
    if (end.code === 'ENOENT') throw new NoProgramError(`${program.title}: ${noProgram(file)}`)
    throw new OutsideError(`${program.title}: can't start ${file}: ${end.originalMessage ?? end.shortMessage}`)
  }
  return {
    exitCode: end.exitCode,
    signal: end.signal,
    stdout: end.stdout,
    stderr: end.stderr,
    duration: end.durationMs,
  }
}

const noProgram = (file: string): string => `there is no program ${file} on PATH\nInstall it, or put it on PATH.`

// A child that ignores SIGTERM would outlive a parent that heeds it. While one lives, the group keeps its number.
function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL')
  } catch {
    // Nobody is left.
  }
}

/** Title, program, exit code, time and the last 20 lines that it wrote. */
export function failureOf(
  { title, argv }: Pick<Program, 'title' | 'argv'>,
  { exitCode, signal, stderr, stdout, duration }: Ended,
): string {
  const tail = (stderr.trim() || stdout.trim()).split('\n').slice(-20).join('\n')
  const how = exitCode === undefined ? `signal ${signal}` : `exit code ${exitCode}`
  return `${title}: ${argv[0]} ended with ${how} after ${(duration / 1000).toFixed(1)} s${tail === '' ? '' : `\n${tail}`}`
}

function listener(say: Program['say'], stream: 'stdout' | 'stderr') {
  if (say === undefined) return 'pipe' as const
  return function* (line: unknown) {
    say(String(line), stream)
    yield line
  }
}
