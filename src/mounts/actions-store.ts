import { mkdir, rm } from 'node:fs/promises'
import { execa } from 'execa'
import { OutsideError } from '../errors.ts'
import type { Hit, Store } from './store.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What the client needs of the environment: the service and its token, and how to reach it. */
const passed =
  /^(PATH|HOME|LANG|ACTIONS_(RESULTS_URL|RUNTIME_TOKEN|CACHE_URL|CACHE_SERVICE_V2|CACHE_MODE)|GITHUB_SERVER_URL|NODE_EXTRA_CA_CERTS|(HTTPS?|NO|ALL)_PROXY)$/i

/** The cache service of GitHub Actions, through its own client in a process of its own. */
export const actionsStore = (worker: string, rights: Environment): Store => ({
  name: 'the cache of GitHub Actions',
  async fetch({ key, prefix }, folder, signal): Promise<Hit | undefined> {
    const { found, trouble } = await ask([worker, 'restore', key, prefix], { rights, folder, signal })
    if (typeof found === 'string') return { key: found, folder }
    if (trouble !== undefined) throw new OutsideError(trouble)
    return undefined
  },
  async save({ key }, folder, signal) {
    const { found, trouble } = await ask([worker, 'save', key], { rights, folder, signal })
    if (typeof found !== 'number' || found < 0) throw new OutsideError(trouble ?? 'it was not taken')
  },
  // An entry can't be changed, and deleting needs a right that a job seldom has: the next key replaces it.
  drop: async () => {},
})

interface Call {
  readonly rights: Environment
  readonly folder: string
  readonly signal: AbortSignal
}

async function ask(argv: readonly string[], { rights, folder, signal }: Call) {
  const temporary = `${folder}.tmp`
  await mkdir(temporary, { recursive: true })
  const env = {
    ...Object.fromEntries(Object.entries(rights).filter(([name]) => passed.test(name))),
    // Paths are part of an entry's version: relative to the archive, they are the same in every run.
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: temporary,
  }
  try {
    const end = await execa(process.execPath, ['--no-deprecation', ...argv], {
      cwd: folder,
      env,
      extendEnv: false,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      reject: false,
      cancelSignal: signal,
      killDescendants: true,
      forceKillAfterDelay: 1_000,
    })
    signal.throwIfAborted()
    return { found: foundIn(String(end.stdio[3] ?? '')), trouble: troubleIn(`${end.stdout}\n${end.stderr}`) }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

function foundIn(text: string): unknown {
  try {
    return JSON.parse(text).found
  } catch {
    return undefined
  }
}

/** The client tells its failures as warnings (`::warning::Failed to restore: …`), or not at all but for a line. */
function troubleIn(said: string): string | undefined {
  const lines = said.split('\n').map(line => line.replace(/^::(warning|error)[^:]*::/, '').trim())
  return lines.findLast(line => /^(Failed to (restore|save)|Cache (restore|save) skipped|.*[Ee]rror: )/.test(line))
}
