import { writeSync } from 'node:fs'
import { dirname } from 'node:path'
import newman, { type NewmanRunSummary } from 'newman'
import util from 'newman/lib/util.js'
import type { NewmanEvent, Stats, WorkerRequest } from './events.ts'
import { linesOf } from './lines.ts'
import { observe } from './observe.ts'
import { cleaner } from './redact.ts'
import { confineFiles } from './secure-files.ts'

// Runs one collection in a process of its own: the request comes on standard input, events go to descriptor 3. What a
// collection prints goes nowhere near that pipe. `abort` on standard input ends the run early, its end ends the process.

const pipe = 3
const pause = new Int32Array(new SharedArrayBuffer(4))

// Synchronous, so that no event is lost when the process ends. A full pipe answers EAGAIN on some systems.
function send(event: NewmanEvent): void {
  let rest = Buffer.from(`${JSON.stringify(event)}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(pipe, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(pause, 0, 0, 5)
    }
  }
}

const statsOf = ({ run: { stats, failures } }: NewmanRunSummary): Stats => {
  const count = ({ total = 0, failed = 0 }) => ({ total, failed })
  return {
    requests: count(stats.requests),
    assertions: count(stats.assertions),
    scripts: count(stats.scripts),
    failures: failures.length,
  }
}

const optionsOf = (request: WorkerRequest) => ({
  collection: request.collection,
  workingDir: dirname(request.collection),
  insecureFileRead: false,
  timeoutRequest: request.timeoutRequest,
  timeoutScript: request.timeoutScript,
  envVar: Object.entries(request.variables).map(([key, value]) => ({ key, value })),
  ...(request.environment === undefined ? {} : { environment: request.environment }),
  ...(request.data === undefined ? {} : { iterationData: request.data }),
  ...(request.iterations === undefined ? {} : { iterationCount: request.iterations }),
})

// Newman may call back twice: a script's time-out first gives an error, then the end of the run. The first error stays.
let ending: Extract<NewmanEvent, { type: 'done' }> = { type: 'done' }
function settle(clean: (text: string) => string, error: Error | null, summary?: NewmanRunSummary): void {
  const known = ending.error ?? (error === null ? undefined : clean(error.message))
  ending = {
    type: 'done',
    ...(known === undefined ? {} : { error: known }),
    ...(summary?.run === undefined ? {} : { stats: statsOf(summary) }),
  }
  setTimeout(finish, error === null ? 0 : 250)
}

// Sockets and sandboxes may stay open; nothing of them matters any more.
function finish(): never {
  send(ending)
  process.exit(0)
}

let abort: (() => void) | undefined
let aborted = false

function start(request: WorkerRequest): void {
  const clean = cleaner(request.secrets)
  confineFiles()
  const emitter = newman.run(optionsOf(request), (error, summary) => settle(clean, error, summary))
  observe(emitter, { version: util.version, send, clean })
  emitter.on('start', (_error, { run }: { run: { abort(): void } }) => {
    abort = () => run.abort()
    if (aborted) abort()
  })
}

let started = false
for await (const line of linesOf(process.stdin)) {
  if (!started) start(JSON.parse(line))
  else {
    aborted = true
    abort?.()
  }
  started = true
}
process.exit(1)
