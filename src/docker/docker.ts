import { OutsideError } from '../errors.ts'
import { failureOf, NoProgramError, type Program, runProgram } from '../program/run.ts'

/** Where and with what a docker command runs. */
export interface Engine {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
  readonly cwd?: string
}

type Options = Pick<Program, 'input' | 'say'>

/** Runs a docker command that must succeed; gives its standard output. @throws OutsideError with the engine's words. */
export async function docker(title: string, argv: readonly string[], engine: Engine, options: Options = {}) {
  const end = await tryDocker(title, argv, engine, options)
  if (end.exitCode !== 0) throw new OutsideError(failureOf({ title, argv: ['docker'] }, end))
  return end.stdout
}

/** Runs a docker command whose failure is a value. @throws OutsideError when it is the engine that went away. */
export async function tryDocker(title: string, argv: readonly string[], engine: Engine, options: Options = {}) {
  const { env, signal, cwd } = engine
  // One by one: a scope serves as options, and has an environment too.
  const { input, say } = options
  const end = await runProgram({
    title,
    argv: ['docker', ...argv],
    env,
    ...(signal && { signal }),
    ...(cwd && { cwd }),
    ...(input !== undefined && { input }),
    ...(say && { say }),
  }).catch((cause: unknown) => {
    throw cause instanceof NoProgramError ? new OutsideError(noDocker, { cause }) : cause
  })
  if (end.exitCode !== 0 && engineGone.test(end.stderr)) {
    throw new OutsideError(`${title}: the Docker engine does not answer (any more)\n${noEngine}`)
  }
  return end
}

const engineGone = /Cannot connect to the Docker daemon|error during connect/

export interface EngineFacts {
  readonly version: string
  readonly buildx: string
  readonly compose: string
}

/**
 * What the engine is, in one look.
 * @throws OutsideError that says what is missing (docker, a running engine, buildx, Compose) and how to get it.
 */
export async function probeEngine(engine: Engine): Promise<EngineFacts> {
  const [version, buildx, compose] = await Promise.all([
    probe(['version', '--format', '{{.Server.Version}}'], noEngine, engine),
    probe(['buildx', 'version'], noBuildx, engine),
    probe(['compose', 'version', '--short'], noCompose, engine),
  ])
  return { version, buildx: /v?(\d+\.\d+\.\d+\S*)/.exec(buildx)?.[1] ?? buildx, compose }
}

/** The platform of the machine that the engine runs on: `linux/amd64`. */
export async function enginePlatform(engine: Engine): Promise<string> {
  return (
    await docker('Ask for the platform', ['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}'], engine)
  ).trim()
}

const noDocker = 'docker is not on PATH\nInstall Docker: https://docs.docker.com/engine/install/'
const noEngine = 'Start Docker Desktop, or `sudo systemctl start docker`, and see that `docker info` answers.'
const noBuildx = 'Install the buildx plugin: https://docs.docker.com/build/install-buildx/'
const noCompose = 'Install the Compose plugin: https://docs.docker.com/compose/install/'

async function probe(argv: readonly string[], advice: string, engine: Engine): Promise<string> {
  const end = await tryDocker(`docker ${argv[0]}`, argv, engine)
  if (end.exitCode === 0) return end.stdout.trim()
  throw new OutsideError(`docker ${argv.join(' ')}: ${end.stderr.trim().split('\n', 1)[0] || 'no answer'}\n${advice}`)
}
