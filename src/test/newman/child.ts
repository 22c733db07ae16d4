import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { execa } from 'execa'
import { OutsideError } from '../../errors.ts'
import type { Scope } from '../../task/scope.ts'
import { eventSchema, type NewmanEvent, type WorkerRequest } from './events.ts'
import { linesOf } from './lines.ts'
import { watchdog } from './watchdog.ts'

export interface Conversation {
  /** path of the worker's file */
  readonly worker: string
  readonly request: WorkerRequest
  /** ms after which the run is asked to stop */
  readonly timeout: number
  /** ms that a process gets to end by itself before it is killed */
  readonly grace: number
  readonly hear: (event: NewmanEvent) => void
}

/** How a worker ended when it could say something. */
export interface Heard {
  readonly events: readonly NewmanEvent[]
  readonly timedOut: boolean
}

const passed = ['PATH', 'LANG', 'HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'] as const

/** The worker's whole environment: no token, no home of the user's, and no proxy in the way of the app. Pure. */
function environmentOf(env: Scope['env'], home: string): Record<string, string> {
  const direct = [env.NO_PROXY ?? env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',')
  const kept = passed.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  return { ...Object.fromEntries(kept), HOME: home, NO_PROXY: direct, no_proxy: direct }
}

// Besides the sandbox of Postman's scripts, Node's: no writing, no other programs, no native code. Workers are what
// the sandbox is made of. Newman's dependencies use deprecated parts of Node, which is no news for a user.
const flags = [
  '--permission',
  '--allow-fs-read=*',
  '--allow-worker',
  '--disable-warning=SecurityWarning',
  '--no-deprecation',
]

/**
 * Runs the worker in a process group, an empty home and an empty directory of its own, and hears it to its end.
 * @throws OutsideError when it ended without `done` and not by its time-out; the signal's reason when it was aborted.
 */
export async function converse(conversation: Conversation, scope: Scope): Promise<Heard> {
  scope.signal.throwIfAborted()
  await mkdir(scope.run.directory, { recursive: true })
  const home = await mkdtemp(join(scope.run.directory, 'newman-'))
  try {
    return await hear(conversation, home, scope)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

function start({ worker, grace }: Conversation, home: string, { env, signal }: Scope) {
  const child = execa(process.execPath, [...flags, worker], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    buffer: false,
    reject: false,
    cwd: home,
    env: environmentOf(env, home),
    extendEnv: false,
    cancelSignal: signal,
    killDescendants: true,
    forceKillAfterDelay: grace,
  })
  // A worker that died does not read any more; how it ended says it better than EPIPE.
  child.stdin.on('error', () => {})
  return child
}

async function hear(conversation: Conversation, home: string, scope: Scope): Promise<Heard> {
  const { request, timeout, grace } = conversation
  const child = start(conversation, home, scope)
  const kill = () => child.kill('SIGKILL')
  const watch = watchdog({ timeout, grace, ask: () => child.stdin.write('abort\n'), kill })
  const events: NewmanEvent[] = []
  const said: string[] = []
  const note = (line: string) => {
    scope.say(line)
    said.push(line)
  }
  const take = (line: string) => {
    const event = parseEvent(line, watch.timedOut())
    if (event === undefined) return
    events.push(event)
    if (event.type === 'done') watch.done()
    conversation.hear(event)
  }
  child.stdin.write(`${JSON.stringify(request)}\n`)
  // The pipe of events is descriptor 3: a stream to read, though its type can't tell the direction.
  const reading = [each(child.stdio[3] as Readable, take), each(child.stdout, note), each(child.stderr, note)]
  const end = await endOf(child, reading, kill).finally(watch.stop)
  scope.signal.throwIfAborted()
  if (watch.timedOut() || events.at(-1)?.type === 'done') return { events, timedOut: watch.timedOut() }
  throw new OutsideError(deathOf(request.collection, end, said))
}

interface End {
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
}

// What can't be read is our bug; the process must not outlive it.
async function endOf(child: PromiseLike<End>, reading: readonly Promise<void>[], kill: () => void): Promise<End> {
  const [end] = await Promise.all([child, ...reading]).catch(error => {
    kill()
    throw error
  })
  return end
}

function deathOf(collection: string, { exitCode, signal }: End, said: readonly string[]): string {
  const how = signal === undefined ? `exit code ${exitCode}` : `signal ${signal}`
  const head = `Newman on ${collection}: its process ended with ${how} before the run was done; run it again`
  return [head, ...said.slice(-20)].join('\n')
}

/** A worker that was killed at its time-out may leave half a line; any other line that is no event is our bug. */
function parseEvent(line: string, late: boolean): NewmanEvent | undefined {
  try {
    return eventSchema.parse(JSON.parse(line))
  } catch (cause) {
    if (late) return undefined
    throw new Error(`the Newman worker wrote a line that is no event: ${line.slice(0, 200)}`, { cause })
  }
}

async function each(stream: Readable, tell: (line: string) => void): Promise<void> {
  for await (const line of linesOf(stream)) tell(line)
}
