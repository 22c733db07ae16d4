import { mkdir, rm } from 'node:fs/promises'
import { execa } from 'execa'
import { OutsideError } from '../errors.ts'
import type { Hit, Store } from './store.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What the client needs of the environment: the service and its token, and how to reach it. */
const passed =
  /^(PATH|HOME|LANG|ACTIONS_(RESULTS_URL|RUNTIME_TOKEN|CACHE_URL|CACHE_SERVICE_V2|CACHE_MODE)|GITHUB_SERVER_URL|NODE_EXTRA_CA_CERTS|(HTTPS?|NO|ALL)_PROXY)$/i

export interface Client {
  /** path of the program that speaks to the service */
  readonly worker: string
  readonly rights: Environment
  /** ms without an answer or a byte, after which the service is given up */
  readonly patience?: number
}

/** The cache service of GitHub Actions, through its own client in a process of its own. */
export const actionsStore = (client: Client): Store => ({
  name: 'the cache of GitHub Actions',
  async fetch({ key, prefix }, folder, signal): Promise<Hit | undefined> {
    const { found, trouble } = await ask(['restore', key, prefix], client, { folder, signal })
    if (typeof found === 'string') return { key: found, folder }
    if (trouble !== undefined) throw new OutsideError(trouble)
    return undefined
  },
  async save({ key }, folder, signal) {
    const { found, trouble } = await ask(['save', key], client, { folder, signal })
    if (typeof found !== 'number' || found < 0) throw new OutsideError(trouble ?? 'it was not taken')
  },
  // An entry can't be changed, and deleting needs a right that a job seldom has: another key replaces it.
  drop: async () => {},
})

interface Place {
  readonly folder: string
  readonly signal: AbortSignal
}

interface Answer {
  /** the key that was found, the number of the entry that was saved, null for neither */
  readonly found?: unknown
  readonly trouble?: string | undefined
}

async function ask(
  argv: readonly string[],
  { worker, rights, patience = 20_000 }: Client,
  place: Place,
): Promise<Answer> {
  const { folder, signal } = place
  const temporary = `${folder}.tmp`
  await mkdir(temporary, { recursive: true })
  const env = {
    ...Object.fromEntries(Object.entries(rights).filter(([name]) => passed.test(name))),
    // Paths are part of an entry's version: relative to the archive, they are the same in every run.
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: temporary,
  }
  const stalled = new AbortController()
  let timer = setTimeout(() => stalled.abort(), patience)
  let last = ''
  const hear = function* (line: unknown) {
    const [moved] = /Cache hit for|Cache Size|(Received|Sent) \d+/.exec(String(line)) ?? []
    if (moved !== undefined && moved !== last) {
      last = moved
      clearTimeout(timer)
      timer = setTimeout(() => stalled.abort(), patience)
    }
    yield line
  }
  try {
    const end = await execa(process.execPath, ['--no-deprecation', worker, ...argv], {
      cwd: folder,
      env,
      extendEnv: false,
      stdio: ['ignore', hear, 'pipe', 'pipe'],
      reject: false,
      cancelSignal: AbortSignal.any([signal, stalled.signal]),
      killDescendants: true,
      forceKillAfterDelay: 1_000,
    })
    signal.throwIfAborted()
    const trouble = troubleIn(`${end.stdout}\n${end.stderr}`)
    if (stalled.signal.aborted) return { trouble: trouble ?? `it gave no answer within ${patience / 1000} s` }
    return { found: foundIn(String(end.stdio[3] ?? '')), trouble }
  } finally {
    clearTimeout(timer)
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

/** Where the client says why, the plainest first: of a refusal `Failed to save` says no more than that there was one. */
const reasons = [
  /^::(?:warning|error)[^:]*::(.*)$/,
  /^Attempt \d+ of \d+ failed with error: (.*?)\. Retrying/,
  /^::debug::(Failed to reserve cache: .*)$/,
  /^(Failed to (?:restore|save): .*|Cache (?:restore|save) skipped: .*|\w*Error: .*)$/,
]

/** The client throws nothing: its failures are lines. More than the first line of one (`%0A`) is advice for its user. */
function troubleIn(said: string): string | undefined {
  const lines = said.split('\n').map(line => line.trim().split('%0A', 1)[0] ?? '')
  const found = reasons.flatMap(reason => lines.flatMap(line => reason.exec(line)?.[1] ?? []))
  return found[0]
}
