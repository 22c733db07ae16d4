import { resolve } from 'node:path'
import { credentialsOf } from '../config/credentials.ts'
import { type ActionName, overridesOf } from '../config/inputs.ts'
import { splitList } from '../config/parse-text.ts'
import { type SecretInputs, secretInputsOf } from '../config/secret-inputs.ts'
import type { GitHubHost } from '../host/github.ts'
import { type Done, perform, type Request, type Surroundings } from '../perform.ts'
import { referenceOf } from '../record/image.ts'
import { recordFileOf } from '../run/parts.ts'
import { cancelSignal, isTrue } from './inputs.ts'

export type Around = Pick<Surroundings, 'masker' | 'newmanWorker'> & { readonly host: GitHubHost }

/** The main step of every action but login: performs its part of the graph, and hands on what came of it. */
export async function performStage(
  name: Exclude<ActionName, 'login'>,
  { host, masker, newmanWorker }: Around,
): Promise<void> {
  const signal = cancelSignal()
  const secrets = name === 'build' ? secretInputsOf({ readWhole: host.readWhole, from }) : none
  for (const value of Object.values(secrets.variables)) if (value !== '') host.mask(value)
  const done = await perform(requestOf(name, secrets, host), {
    host,
    env: { ...process.env, ...secrets.variables },
    signal,
    masker,
    newmanWorker,
    opened: run => host.saveState('run', run.directory),
  })
  writeOutputs(done, host)
  if (done.exitCode !== 0) host.fail(reasonOf(done))
}

const from = (input: string): string => `input ${input}`

const none: SecretInputs = { overrides: [], variables: {} }

function requestOf(name: Exclude<ActionName, 'login'>, secrets: SecretInputs, host: GitHubHost): Request {
  const inputs = { read: host.read.bind(host), from }
  const workspace = process.env.GITHUB_WORKSPACE ?? '.'
  return {
    command: name === 'root' ? 'run' : name,
    push: name === 'root' && isTrue('push', host),
    only: splitList(host.read('only') ?? ''),
    directory: resolve(workspace, host.read('working-directory') ?? '.'),
    file: host.read('config'),
    overrides: [
      ...overridesOf(name, input => (name === 'build' && input === 'secrets' ? undefined : inputs.read(input)), from),
      ...secrets.overrides,
    ],
    credentials: credentialsOf(inputs),
    pullCredentials: credentialsOf(inputs, 'pull'),
  }
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
