import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { stringify } from 'yaml'
import { pce } from './pce.ts'

/** `small`: an image without a base, built in a second. `app`: a Node server with unit tests and a collection. */
export type Fixture = 'small' | 'app'

/** `pce.yml` as data; a string is taken as it is. */
type Config = object | string

/** What is other than in the fixture. */
export interface Given {
  readonly config?: Config
  readonly files?: Readonly<Record<string, string>>
}

export interface Checkout extends AsyncDisposable {
  readonly directory: string
  /** `XDG_STATE_HOME`: where the runs of this checkout are */
  readonly state: string
  write(files: Readonly<Record<string, string>>): Promise<void>
  git(...argv: readonly string[]): Promise<string>
}

const shared = { image: 'acme/web', cache: { type: 'none' } }
/** What a fixture's `pce.yml` says when a test says nothing else: only what is quick. */
const usual: Readonly<Record<Fixture, object>> = {
  small: { ...shared, hadolint: false, scan: { source: false, image: false } },
  app: {
    ...shared,
    hadolint: false,
    scan: { source: false, image: false },
    build: { target: 'prod' },
    app: { port: 4000, ready: '/healthz' },
  },
}

/** A Git repository of its own with one commit, gone with the test. Keys of `config` stand in place of the usual ones. */
export async function openCheckout(fixture: Fixture, { config = {}, files = {} }: Given = {}): Promise<Checkout> {
  const root = await mkdtemp(join(tmpdir(), 'pce-e2e-'))
  const directory = join(root, 'web')
  const state = join(root, 'state')
  const write = async (texts: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(dirname(join(directory, name)), { recursive: true })
      await writeFile(join(directory, name), text)
    }
  }
  const git = async (...argv: readonly string[]): Promise<string> => {
    const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
    const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }
    return (await execa('git', [...person, ...argv], { cwd: directory, env })).stdout
  }
  await cp(join(import.meta.dirname, '../fixture', fixture), directory, { recursive: true })
  await write({
    'pce.yml': typeof config === 'string' ? config : stringify({ ...usual[fixture], ...config }),
    ...files,
  })
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '.')
  await git('commit', '--quiet', '--message=One')
  return {
    directory,
    state,
    write,
    git,
    async [Symbol.asyncDispose]() {
      if (await hasOpenRun(state)) await pce({ directory, state }, ['clean'])
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** True when a test ended before it could close a run, or left one to be joined. */
async function hasOpenRun(state: string): Promise<boolean> {
  const entries = await readdir(state, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries
    .filter(({ name }) => name === 'state.json')
    .map(({ parentPath, name }) => join(parentPath, name))
  const states = await Promise.all(files.map(file => readFile(file, 'utf8')))
  return states.some(text => JSON.parse(text).open === true)
}
