import { resolve } from 'node:path'
import { closest } from 'fastest-levenshtein'
import manifest from '../../package.json' with { type: 'json' }
import { credentialsOf } from '../config/credentials.ts'
import { type ActionName, overridesOf } from '../config/inputs.ts'
import { splitList } from '../config/parse-text.ts'
import { exitCodeOf, UserError } from '../errors.ts'
import { createMasker } from '../host/mask.ts'
import { openTerminal } from '../host/terminal.ts'
import { perform, prepare, type Request } from '../perform.ts'
import type { Command } from '../pipeline/plan.ts'
import { cleanRuns } from '../run/clean.ts'
import { scrub } from '../run/environment.ts'
import { recordFileOf } from '../run/parts.ts'
import { baseOf } from '../run/run.ts'
import { type Flags, parseFlags } from './flags.ts'
import { type CommandName, commandNames, isCommand, renderCommandHelp, renderHelp } from './help.ts'
import { onInterrupt, outliveReaders } from './interrupt.ts'
import { lock } from './lock.ts'
import { print, tell } from './print.ts'
import { report, schema } from './report.ts'
import { planAsJson, renderTree } from './tree.ts'

/** The program's surroundings, so that a test can start it as a process and nothing else is needed. */
export interface Terminal {
  readonly argv: readonly string[]
  readonly env: Readonly<{ [name: string]: string | undefined }>
  readonly newmanWorker: string
}

/** Runs one command; gives its exit code. People's output goes to standard error, data to standard output. */
export async function pce(terminal: Terminal): Promise<number> {
  outliveReaders()
  try {
    return await dispatch(terminal)
  } catch (error) {
    tell(describe(error))
    return exitCodeOf(error)
  }
}

async function dispatch({ argv: [word = '--help', ...argv], ...terminal }: Terminal): Promise<number> {
  if (word === '--version') return print(manifest.version)
  if (word === '--help' || word === '-h' || word === 'help') return print(renderHelp())
  if (!isCommand(word))
    throw new UserError(`pce has no command ${word}; did you mean ${closest(word, [...commandNames])}? See pce --help`)
  const action = actionOf(word)
  const flags = parseFlags(argv, action, word === 'report' ? ['as'] : [])
  if (flags.has('help')) return print(renderCommandHelp(word, action))
  if (action !== undefined) checkWords(word, flags)
  if (word === 'plan') return plan(flags, terminal)
  if (word === 'report') return report(flags)
  if (word === 'lock') return lock(flags, terminal)
  if (word === 'schema') return schema(flags)
  if (word === 'clean') return clean(flags, terminal)
  return work(word, flags, terminal)
}

/** @throws UserError for a word that would be ignored: an image is named by a flag, a checkout too */
function checkWords(command: string, { words: [word] }: Flags): void {
  if (word !== undefined)
    throw new UserError(`pce ${command} takes no word "${word}": what it takes are flags, see pce ${command} --help`)
}

/** The action whose inputs are the flags of a command. */
const actionOf = (word: CommandName): ActionName | undefined => {
  if (word === 'report' || word === 'schema' || word === 'lock') return undefined
  return word === 'run' || word === 'plan' || word === 'clean' ? 'root' : word
}

type Around = Omit<Terminal, 'argv'>

async function work(command: Spoken, flags: Flags, { env, newmanWorker }: Around): Promise<number> {
  const control = new AbortController()
  const masker = createMasker()
  const host = openTerminal({ stream: process.stderr, env, read: flags.read, verbose: flags.has('verbose'), masker })
  const release = onInterrupt(control, host, command === 'run')
  try {
    const request = requestOf(command, flags, env)
    const done = await perform(request, { host, env, signal: control.signal, masker, newmanWorker, opened: () => {} })
    tell(`Record: ${recordFileOf(done.run.directory)}`)
    if (flags.has('json')) print(JSON.stringify(done.record, undefined, 2))
    return control.signal.aborted ? 130 : done.exitCode
  } finally {
    host.close()
    release()
  }
}

/** A layer cache is written by what fills it, so no command asks for it. */
type Spoken = Exclude<Command, 'cache'>

function requestOf(command: Spoken, flags: Flags, env: Around['env']): Request {
  const variables: Readonly<Record<string, string>> = {
    username: 'PCE_USERNAME',
    password: 'PCE_PASSWORD',
    'pull-username': 'PCE_PULL_USERNAME',
    'pull-password': 'PCE_PULL_PASSWORD',
  }
  const read = (name: string) => flags.read(name) ?? env[variables[name] ?? '']
  const from = (name: string) => (flags.read(name) === undefined ? (variables[name] ?? `--${name}`) : `--${name}`)
  const inputs = { read, from }
  const wanted = { needed: true, advice: 'Give both, or neither where your own docker login serves.' }
  return {
    command,
    push: flags.has('push'),
    only: splitList(flags.read('only') ?? ''),
    ...placeOf(flags, command === 'run' ? 'root' : command),
    credentials: ['run', 'push', 'build'].includes(command)
      ? credentialsOf(inputs, { ...wanted, use: 'push' })
      : undefined,
    pullCredentials: credentialsOf(inputs, { ...wanted, use: 'pull' }),
  }
}

const placeOf = (flags: Flags, action: ActionName) => ({
  directory: flags.read('working-directory') ?? '.',
  file: flags.read('config'),
  overrides: overridesOf(action, flags.read, name => `--${name}`),
})

async function plan(flags: Flags, { env }: Around): Promise<number> {
  const { plan, notes } = await prepare(placeOf(flags, 'root'), env)
  if (flags.has('json')) return print(JSON.stringify(planAsJson(plan), undefined, 2))
  for (const note of notes) tell(note)
  return print(`Plan ${plan.hash}\n${renderTree(plan)}`)
}

async function clean(flags: Flags, { env }: Around): Promise<number> {
  const base = baseOf(resolve(flags.read('working-directory') ?? '.'), env)
  const cleaned = await cleanRuns(base, { env: scrub(env) })
  if (cleaned.length === 0) tell('Nothing to clean.')
  for (const { id, what, faults } of cleaned) tell([`${id} ${what}`, ...faults].join('\n  '))
  return cleaned.some(({ faults }) => faults.length > 0) ? 3 : 0
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (exitCodeOf(error) !== 70) return error.message
  return `${error.stack}\nThis is a bug of pce. Please report it, with this text: ${manifest.bugs.url}`
}
