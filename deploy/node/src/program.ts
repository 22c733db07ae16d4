import { inspect } from 'node:util'
import { ConfigError } from './config.ts'

/** EX_CONFIG of sysexits.h: trying again without changing the environment is of no use. */
const configExitCode = 78

/** Runs the main function of a program: what it throws goes to stderr and into the exit code. */
export async function runProgram(main: () => Promise<void>) {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? error.message : inspect(error)}\n`)
    process.exitCode = error instanceof ConfigError ? configExitCode : 1
  }
}
