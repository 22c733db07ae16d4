import { z } from 'zod'
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
  if (end.exitCode !== 0 && hasNoPlugin(argv, end.stderr))
    throw new OutsideError(
      `docker has no plugin ${argv[0]} that works\n${argv[0] === 'compose' ? noCompose : noBuildx}`,
    )
  if (end.exitCode !== 0 && engineGone.test(end.stderr)) {
    const { DOCKER_HOST: at } = env
    throw new OutsideError(
      `${title}: the Docker engine does not answer (any more)${at ? `, where DOCKER_HOST says that it is: ${at}\n${elsewhere}` : `\n${noEngine}`}`,
    )
  }
  return end
}

/** Without a plugin docker takes its flags for its own (docker/cli, cli-plugins/manager). */
const hasNoPlugin = ([name = '']: readonly string[], said: string): boolean =>
  /^(buildx|compose)$/.test(name) &&
  (new RegExp(`(unknown command: docker ${name}|'${name}' is not a docker command)`).test(said) ||
    /unknown (shorthand )?flag: ('p' in -p|--(project-name|print|builder)\b)/.test(said))

const engineGone = /Cannot connect to the Docker daemon|failed to connect to the docker API|error during connect/

export interface EngineFacts {
  readonly version: string
  readonly buildx: string
  readonly compose: string
  /** `containerd` or `classic`: how it keeps images */
  readonly store: 'containerd' | 'classic'
  /** its own platform: `linux/amd64` */
  readonly platform: string
  /** the Docker context that leads to it, which is also the name of its own builder */
  readonly context: string
}

// docs.docker.com, API reference, "Get system information"; ClientInfo is the client's own addition.
const infoSchema = z.looseObject({
  ServerVersion: z.string().default(''),
  OSType: z.string().default('linux'),
  Architecture: z.string().default(''),
  DriverStatus: z.array(z.array(z.string())).nullish(),
  ClientInfo: z.looseObject({
    Context: z.string().default('default'),
    Plugins: z
      .array(z.looseObject({ Name: z.string(), Version: z.string().optional(), Err: z.string().optional() }))
      .nullish(),
  }),
})
type Info = z.infer<typeof infoSchema>

/**
 * What the engine is, by one process.
 * @throws OutsideError that says what is missing (docker, a running engine, buildx, Compose) and how to get it.
 */
export async function probeEngine(engine: Engine): Promise<EngineFacts> {
  const title = 'docker info'
  const end = await tryDocker(title, ['info', '--format', '{{json .}}'], engine)
  const info = parseInfo(end.stdout)
  if (end.exitCode !== 0 || info === undefined)
    throw new OutsideError(`${title}: ${end.stderr.trim().split('\n', 1)[0] || 'no answer'}\n${noEngine}`)
  return {
    version: info.ServerVersion,
    buildx: versionOf('buildx', noBuildx, info),
    compose: versionOf('compose', noCompose, info),
    store: info.DriverStatus?.flat().some(text => text.startsWith('io.containerd.snapshotter'))
      ? 'containerd'
      : 'classic',
    platform: `${info.OSType}/${architectures[info.Architecture] ?? info.Architecture}`,
    context: info.ClientInfo.Context,
  }
}

function parseInfo(text: string): Info | undefined {
  try {
    return infoSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The engine has the kernel's words, `uname -m`; images have Go's. */
const architectures: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm',
  i686: '386',
}

function versionOf(name: string, advice: string, { ClientInfo: { Plugins } }: Info): string {
  const plugin = Plugins?.find(one => one.Name === name && (one.Err ?? '') === '')
  if (plugin === undefined) throw new OutsideError(`docker has no plugin ${name} that works\n${advice}`)
  return (plugin.Version ?? '').replace(/^v/, '')
}

/** The platform of the machine that the engine runs on: `linux/amd64`. */
export async function enginePlatform(engine: Engine): Promise<string> {
  return (
    await docker('Ask for the platform', ['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}'], engine)
  ).trim()
}

const noDocker = 'docker is not on PATH\nInstall Docker: https://docs.docker.com/engine/install/'
const noEngine = 'Start Docker Desktop, or `sudo systemctl start docker`, and see that `docker info` answers.'
const elsewhere = 'Mend that variable or take it away, and see that `docker info` answers.'
const noBuildx = 'Install the buildx plugin: https://docs.docker.com/build/install-buildx/'
const noCompose = 'Install the Compose plugin: https://docs.docker.com/compose/install/'
