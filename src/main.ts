import { join } from 'node:path'
import type { Around } from './actions/stage.ts'
import type { ActionName } from './config/inputs.ts'
import { exitCodeOf } from './errors.ts'
import { openGitHub } from './host/github.ts'
import { createMasker } from './host/mask.ts'
import { Cancelled } from './pipeline/perform.ts'

/** What an entry stub of `dist` says: the stubs are all that differs between the actions. */
export interface Entry {
  readonly name: ActionName | 'pce'
  readonly phase: 'main' | 'post'
  /** folder of the stub, where the Newman worker lies beside it */
  readonly dist: string
}

/** How long (ms) what nobody waits for any more may keep the process. */
const grace = 1_000

/**
 * A question without an answer, such as that of a library for credentials, keeps a process for as long as it likes. The
 * timer itself keeps none: without anything else the process ends at once.
 */
const endSoon = (): void => void setTimeout(() => process.exit(), grace).unref()

/** `engines` of package.json */
const oldestNode = 24

/** The one entry of the bundle. Never throws: an action fails by its exit code, and its post step only warns. */
export async function main({ name, phase, dist }: Entry): Promise<void> {
  // Only a laptop can have an older one, and it would end in the middle of a library.
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    console.error(`pce needs Node.js ${oldestNode} or newer, and this is ${process.versions.node}: nodejs.org/download`)
    process.exitCode = 2
    return
  }
  const newmanWorker = join(dist, 'newman-worker.js')
  if (name === 'pce') {
    const { pce } = await import('./cli/pce.ts')
    process.exitCode = await pce({ argv: process.argv.slice(2), env: process.env, newmanWorker })
    endSoon()
    return
  }
  const masker = createMasker()
  const host = openGitHub({ masker })
  try {
    await perform({ name, phase }, { host, masker, newmanWorker })
  } catch (error) {
    if (phase === 'post') host.warn(`pce: ${messageOf(error)}`)
    else host.fail(messageOf(error))
  } finally {
    host.close()
    endSoon()
  }
}

/** Each is a chunk of the bundle of its own: a login, and what follows a job, must not wait for all the rest to load. */
async function perform({ name, phase }: Pick<Entry, 'phase'> & { readonly name: ActionName }, around: Around) {
  if (phase === 'post') return (await import('./actions/post.ts')).performPost(name, around)
  if (name === 'login') return (await import('./actions/login.ts')).performLoginAction(around.host)
  return (await import('./actions/stage.ts')).performStage(name, around)
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof Cancelled) return error.message
  return exitCodeOf(error) === 70 ? `a bug of pce: ${error.stack ?? error.message}` : error.message
}
