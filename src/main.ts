import { mkdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { credentialsOf, loginOf } from './config/credentials.ts'
import { type ActionName, overridesOf } from './config/inputs.ts'
import { splitList } from './config/override.ts'
import { exitCodeOf, UserError } from './errors.ts'
import { type GitHubHost, openGitHub } from './host/github.ts'
import { createMasker } from './host/mask.ts'
import { exportLogin } from './login/export.ts'
import { type Done, perform, type Request, type Surroundings } from './perform.ts'
import { Cancelled } from './pipeline/perform.ts'
import { referenceOf } from './record/image.ts'
import { closeRun } from './run/close.ts'
import { scrub } from './run/environment.ts'
import { recordFileOf } from './run/parts.ts'
import { baseOf, readState } from './run/run.ts'

/** What an entry stub of `dist` says: the stubs are all that differs between the actions. */
export interface Entry {
  readonly name: ActionName | 'pce'
  readonly phase: 'main' | 'post'
  /** folder of the stub, where the Newman worker lies beside it */
  readonly dist: string
}

/** The one entry of the bundle. Never throws: an action fails by its exit code, and its post step only warns. */
export async function main({ name, phase, dist }: Entry): Promise<void> {
  const newmanWorker = join(dist, 'newman-worker.js')
  if (name === 'pce') {
    const { pce } = await import('./cli/pce.ts')
    process.exitCode = await pce({ argv: process.argv.slice(2), env: process.env, newmanWorker })
    return
  }
  const masker = createMasker()
  const host = openGitHub({ masker })
  try {
    if (phase === 'post') await post(host)
    else if (name === 'login') await login(host)
    else await act(name, { host, masker, newmanWorker })
  } catch (error) {
    if (phase === 'post') host.warn(`pce: ${messageOf(error)}`)
    else host.fail(messageOf(error))
  } finally {
    host.close()
  }
}

type Around = Pick<Surroundings, 'masker' | 'newmanWorker'> & { readonly host: GitHubHost }

async function act(name: Exclude<ActionName, 'login'>, { host, masker, newmanWorker }: Around): Promise<void> {
  const env = process.env
  const control = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => control.abort(new Cancelled(`cancelled by ${signal}`)))
  }
  const done = await perform(requestOf(name, host), {
    host,
    env,
    signal: control.signal,
    masker,
    newmanWorker,
    opened: run => host.saveState('run', run.directory),
  })
  writeOutputs(done, host)
  if (done.exitCode !== 0) host.fail(reasonOf(done))
}

function requestOf(name: Exclude<ActionName, 'login'>, host: GitHubHost): Request {
  const inputs = { read: host.read.bind(host), from: (input: string) => `input ${input}` }
  const workspace = process.env.GITHUB_WORKSPACE ?? '.'
  return {
    command: name === 'root' ? 'run' : name,
    push: name === 'root' && isTrue('push', host),
    only: splitList(host.read('only') ?? ''),
    directory: resolve(workspace, host.read('working-directory') ?? '.'),
    file: host.read('config'),
    overrides: overridesOf(name, inputs.read, inputs.from),
    credentials: credentialsOf(inputs),
  }
}

function isTrue(name: string, host: GitHubHost): boolean {
  const text = host.read(name)?.toLowerCase() ?? 'false'
  if (text !== 'true' && text !== 'false') throw new UserError(`input ${name}: found "${text}", expected true or false`)
  return text === 'true'
}

/** Every output that is known; an action's action.yml names those it hands on. */
function writeOutputs({ record, run, exitCode }: Done, host: GitHubHost): void {
  const { images } = record
  const [first] = images
  const outputs = {
    run: run.directory,
    record: recordFileOf(run.directory),
    verdict: exitCode === 0 ? 'passed' : 'failed',
    images: JSON.stringify(images.map(referenceOf)),
    image: first === undefined ? '' : referenceOf(first),
    digest: first?.digest ?? '',
    pushed: JSON.stringify(record.pushed.map(({ reference, digest }) => `${reference}@${digest}`)),
  }
  for (const [name, value] of Object.entries(outputs)) host.setOutput(name, value)
}

function reasonOf({ record, exitCode }: Done): string {
  const red = record.tasks.filter(
    ({ status, kind }) => kind !== 'advisory' && status !== 'passed' && status !== 'skipped',
  )
  const first = red.find(({ status }) => status === 'failed' || status === 'broken') ?? red[0]
  const why = first?.reason ?? first?.fault?.message ?? 'cancelled'
  return `${first?.task ?? 'pce'} ${first?.status ?? 'failed'}: ${why.split('\n', 1)[0]} (exit code ${exitCode})`
}

async function login(host: GitHubHost): Promise<void> {
  const inputs = { read: host.read.bind(host), from: (input: string) => `input ${input}` }
  const wanted = loginOf(inputs)
  host.mask(wanted.password)
  host.mask(Buffer.from(`${wanted.username}:${wanted.password}`).toString('base64'))
  const base = baseOf(process.cwd(), process.env)
  await mkdir(base, { recursive: true })
  const exported = await exportLogin(wanted, base, process.env)
  host.saveState('login', exported.DOCKER_CONFIG)
  for (const [name, value] of Object.entries(exported)) host.exportVariable(name, value)
  host.setOutput('registries', JSON.stringify(wanted.registries))
  host.setOutput('docker-config', exported.DOCKER_CONFIG)
  host.show({
    type: 'note',
    at: Date.now(),
    line: `Logged in to ${wanted.registries.join(', ')} for the steps that follow`,
  })
}

/** Closes what this step opened: a run, a login. Posts run in reverse order, so whoever opened the run closes it. */
async function post(host: GitHubHost): Promise<void> {
  const folder = host.getState('login')
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  const directory = host.getState('run')
  if (directory === undefined) return
  const id = basename(directory)
  // The main step closes what it can; then there is nothing left to do.
  if ((await readState(directory))?.open !== true) return
  const left = await closeRun({ id, directory }, { env: scrub(process.env) })
  for (const fault of left) host.warn(`Not taken down: ${fault}`)
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return exitCodeOf(error) === 70 ? `a bug of pce: ${error.stack ?? error.message}` : error.message
}
