import { execa } from 'execa'
import type { Setup } from './part.ts'

/** Whose environment the program gets, and whose end ends it. */
export type Caller = Pick<Setup, 'env' | 'signal'>

interface Command {
  readonly argv: readonly [string, ...string[]]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** ms; 20 minutes when not given, since Go builds on a small machine take minutes. */
  readonly deadline?: number
}

/** Standard output of a program that must succeed; its error names the program and holds the end of its output. */
export async function run(caller: Caller, { argv: [program, ...args], cwd, env, deadline = 1_200_000 }: Command) {
  const { stdout } = await execa(program, args, {
    env: { ...caller.env, ...env },
    extendEnv: false,
    stdin: 'ignore',
    timeout: deadline,
    cancelSignal: caller.signal,
    ...(cwd ? { cwd } : {}),
  })
  return stdout
}

/** As `run`, but undefined when the program is missing, fails or is too slow: for probes. */
export async function ask(caller: Caller, ...argv: readonly [string, ...string[]]): Promise<string | undefined> {
  return await run(caller, { argv, deadline: 10_000 }).catch(() => undefined)
}
