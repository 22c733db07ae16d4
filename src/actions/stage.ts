import { isAbsolute, relative, resolve } from 'node:path'
import { credentialsOf } from '../config/credentials.ts'
import { type ActionName, overridesOf } from '../config/inputs.ts'
import { splitList } from '../config/parse-text.ts'
import { type SecretInputs, secretInputsOf } from '../config/secret-inputs.ts'
import { explainMissingPassword, isDependabot, isFork } from '../github/job.ts'
import type { GitHubHost } from '../host/github.ts'
import { type Done, perform, type Request, type Surroundings } from '../perform.ts'
import { cancelSignal, isTrue } from './inputs.ts'
import { writeOutputs } from './outputs.ts'

export type Around = Pick<Surroundings, 'masker' | 'newmanWorker'> & { readonly host: GitHubHost }

/** The main step of every action but login: performs its part of the graph, and hands on what came of it. */
export async function performStage(
  name: Exclude<ActionName, 'login'>,
  { host, masker, newmanWorker }: Around,
): Promise<void> {
  const signal = cancelSignal()
  const secrets = secretsFor(name, host)
  const done = await perform(requestOf(name, secrets, host), {
    host,
    env: { ...process.env, ...secrets.variables },
    signal,
    masker,
    newmanWorker,
    opened: run => host.saveState('run', run.directory),
  })
  for (const [output, value] of Object.entries(await writeOutputs(done))) host.setOutput(output, value)
  if (done.exitCode !== 0) host.fail(reasonOf(done))
}

/** Secrets that are values of inputs, masked. */
export function secretsFor(name: ActionName, host: GitHubHost): SecretInputs {
  const secrets = name === 'build' ? secretInputsOf({ readWhole: host.readWhole, from }) : none
  for (const value of Object.values(secrets.variables)) if (value !== '') host.mask(value)
  return secrets
}

const from = (input: string): string => `input ${input}`

const none: SecretInputs = { overrides: [], variables: {} }

export function requestOf(name: Exclude<ActionName, 'login'>, secrets: SecretInputs, host: GitHubHost): Request {
  const inputs = { read: host.read.bind(host), from }
  const workspace = process.env.GITHUB_WORKSPACE ?? '.'
  const directory = resolve(workspace, host.read('working-directory') ?? '.')
  const read = (input: string): string | undefined => {
    if (name !== 'build') return host.read(input)
    if (input === 'secrets') return undefined
    return input === 'context' || input === 'file' ? within(directory, host.read(input)) : host.read(input)
  }
  const push = (name === 'root' || name === 'build') && isTrue('push', host)
  const { env } = process
  const advice = explainMissingPassword(env)
  return {
    command: name === 'root' ? 'run' : name,
    push,
    only: splitList(host.read('only') ?? ''),
    directory,
    file: host.read('config'),
    overrides: [...overridesOf(name, read, from), ...secrets.overrides],
    // A fork's job has the user name and no secret: nothing is pushed there, and what is public can be pulled.
    credentials: credentialsOf(inputs, { use: 'push', needed: push || name === 'push', advice }),
    pullCredentials: credentialsOf(inputs, { use: 'pull', needed: !isFork(env) && !isDependabot(env), advice }),
  }
}

/** Workflows write `${{ github.workspace }}/app`, and a configuration what is relative to the repository. */
function within(directory: string, path: string | undefined): string | undefined {
  if (path === undefined || !isAbsolute(path)) return path
  const way = relative(directory, path)
  return way === '' ? '.' : way
}

function reasonOf({ record, exitCode }: Done): string {
  const red = record.tasks.filter(
    ({ status, kind }) => kind !== 'advisory' && status !== 'passed' && status !== 'skipped',
  )
  const first = red.find(({ status }) => status === 'failed' || status === 'broken') ?? red[0]
  const why = first?.reason ?? first?.fault?.message ?? 'cancelled'
  return `${first?.task ?? 'pce'} ${first?.status ?? 'failed'}: ${headline(why)} (exit code ${exitCode})`
}

/** The first line, and with it what a program said, where that line is only how it ended. */
function headline(text: string): string {
  const [first = '', second] = text.split('\n').filter(line => line.trim() !== '')
  return second !== undefined && /ended with exit code \d+ after \S+ \S+$/.test(first)
    ? `${first}: ${second.trim()}`
    : first
}
